package io.appdbs.actuate.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

import io.appdbs.testsupport.ActuatorApplication;

/**
 * Asks an application as a browser or another client does.
 */
final class PageClient {

	/** What Chromium sends for an address that was typed. */
	static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

	private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

	private final HttpClient client = HttpClient.newHttpClient();

	private final URI root;

	PageClient(ActuatorApplication application, String port) {
		this.root = URI.create("http://localhost:" + application.context().getEnvironment().getRequiredProperty(port));
	}

	static PageClient of(ActuatorApplication application) {
		return new PageClient(application, "local.server.port");
	}

	URI resolve(String path) {
		return this.root.resolve(path);
	}

	Answer get(String path, String accept) {
		return get(resolve(path), accept, null);
	}

	Answer getAs(String user, String path, String accept) {
		return get(resolve(path), accept, user);
	}

	Answer get(URI uri, String accept, String user) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri);
		if (accept != null) {
			request.header("Accept", accept);
		}
		if (user != null) {
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8)));
		}
		try {
			HttpResponse<String> response = this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
			return new Answer(uri, response.statusCode(), response.headers().firstValue("Content-Type").orElse(""),
					response.body());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * An answer.
	 *
	 * @param uri the requested address
	 * @param status the status code
	 * @param type the type of the content
	 * @param body the body
	 */
	record Answer(URI uri, int status, String type, String body) {

		/**
		 * Returns the links of the page as a browser resolves them.
		 */
		List<URI> links() {
			return LINK.matcher(this.body).results().map((link) -> this.uri.resolve(link.group(1))).toList();
		}

	}

}
