package io.appdbs.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Calls URLs one after the other. Prints the number of calls and their median, 99th
 * percentile and maximum in microseconds, all URLs taken together. A call that is not
 * answered within the time-out counts with that, and ends the run.
 */
public final class HealthCalls {

	private HealthCalls() {
	}

	/**
	 * Run.
	 * @param args calls of each URL before it is measured, calls of each that are
	 * measured, time-out in seconds, the URLs
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		int warmUp = Integer.parseInt(args[0]);
		int calls = Integer.parseInt(args[1]);
		Duration timeout = Duration.ofSeconds(Long.parseLong(args[2]));
		HttpClient client = HttpClient.newHttpClient();
		List<Long> micros = new ArrayList<>();
		try {
			for (String url : Arrays.asList(args).subList(3, args.length)) {
				HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(timeout).build();
				for (int i = -warmUp; i < calls; i++) {
					long begin = System.nanoTime();
					call(client, request);
					if (i >= 0) {
						micros.add((System.nanoTime() - begin) / 1000);
					}
				}
			}
		}
		catch (HttpTimeoutException ex) {
			micros.add(timeout.toNanos() / 1000);
		}
		micros.sort(null);
		System.out.println(micros.size() + " " + percentile(micros, 50) + " " + percentile(micros, 99) + " "
				+ percentile(micros, 100));
	}

	private static void call(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
		HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
		if (!response.body().contains("\"status\":")) {
			throw new IllegalStateException(
					request.uri() + " answered " + response.statusCode() + " " + response.body());
		}
	}

	private static long percentile(List<Long> sorted, int percent) {
		return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
	}

}
