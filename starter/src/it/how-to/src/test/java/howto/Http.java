package howto;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.context.ApplicationContext;

/**
 * Requests to a running application.
 */
final class Http {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	private Http() {
	}

	static HttpResponse<String> get(ApplicationContext context, String path) {
		return send(HttpRequest.newBuilder(uri(context, path)).build());
	}

	static HttpResponse<String> post(ApplicationContext context, String path, String json) {
		return send(HttpRequest.newBuilder(uri(context, path))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(json))
			.build());
	}

	private static URI uri(ApplicationContext context, String path) {
		return URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path);
	}

	private static HttpResponse<String> send(HttpRequest request) {
		try {
			return CLIENT.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns a response as {@code curl -i} prints it, with some of the headers.
	 */
	static String print(HttpResponse<String> response, String... headers) {
		String names = Stream.of(headers)
			.map((name) -> name + ": " + response.headers().firstValue(name).orElse("none") + "\n")
			.collect(Collectors.joining());
		return "HTTP/1.1 " + response.statusCode() + "\n" + names + "\n" + response.body() + "\n";
	}

}
