package io.appdbs.actuate.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Send about two requests per second for each database.
 */
final class Users implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ScheduledExecutorService executor;

	Users(String port, List<String> databases) {
		this.executor = Executors.newScheduledThreadPool(databases.size());
		for (String database : databases) {
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/" + database))
				.build();
			this.executor.scheduleWithFixedDelay(() -> send(request), 0, 500, TimeUnit.MILLISECONDS);
		}
	}

	private void send(HttpRequest request) {
		try {
			this.client.send(request, HttpResponse.BodyHandlers.discarding());
		}
		catch (IOException ex) {
			// the application is being closed
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
