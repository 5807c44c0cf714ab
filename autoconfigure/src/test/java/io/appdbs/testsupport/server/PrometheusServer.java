package io.appdbs.testsupport.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;

/**
 * A Prometheus server on a free port that scrapes an application every second and
 * evaluates rules every second. Its programs are in the folder of the system property
 * {@code appdbs.prometheus}, {@code /usr/bin} by default.
 */
public final class PrometheusServer implements AutoCloseable {

	/** The value of the label {@code job}. */
	public static final String JOB = "application";

	static final Path PROGRAMS = Path.of(System.getProperty("appdbs.prometheus", "/usr/bin"));

	private static final String CONFIGURATION = """
			global:
			  scrape_interval: 1s
			  scrape_timeout: 1s
			  evaluation_interval: 1s
			rule_files: [ %s ]
			scrape_configs:
			- job_name: %s
			  scheme: %s
			  metrics_path: %s
			  static_configs:
			  - targets: [ '%s' ]
			""";

	private final HttpClient client = HttpClient.newHttpClient();

	private final ServerProcess process;

	private final URI address;

	private PrometheusServer(Path folder, int port) throws IOException {
		this.address = URI.create("http://127.0.0.1:" + port);
		this.process = ServerProcess.start(folder, "KILL",
				List.of(PROGRAMS.resolve("prometheus").toString(), "--config.file=" + folder.resolve("prometheus.yml"),
						"--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port,
						"--log.level=warn"),
				() -> open("/-/ready"));
	}

	/**
	 * Returns whether the server and {@code promtool} are installed.
	 */
	public static boolean isInstalled() {
		return Stream.of("prometheus", "promtool").map(PROGRAMS::resolve).allMatch(Files::isExecutable);
	}

	/**
	 * Starts a server.
	 * @param target the address of the meters, such as
	 * {@code http://localhost:8080/actuator/prometheus}
	 * @param rules the files with alerts
	 */
	public static PrometheusServer start(URI target, Path... rules) throws IOException {
		Path folder = Files.createTempDirectory("appdbs-prometheus");
		String files = String.join(", ",
				Stream.of(rules).map((file) -> "'" + file.toAbsolutePath().normalize() + "'").toList());
		Files.writeString(folder.resolve("prometheus.yml"),
				CONFIGURATION.formatted(files, JOB, target.getScheme(), target.getPath(), target.getAuthority()));
		return new PrometheusServer(folder, ServerProcess.findFreePort());
	}

	/**
	 * Runs {@code promtool} and returns what it prints.
	 * @throws IOException if it fails; the message contains its output
	 */
	public static String promtool(String... arguments) throws IOException {
		return ServerProcess
			.run(Stream.concat(Stream.of(PROGRAMS.resolve("promtool").toString()), Stream.of(arguments)).toList());
	}

	/**
	 * Returns the alerts that are pending or firing.
	 */
	public List<Alert> alerts() {
		return list("/api/v1/alerts", "$.data.alerts[*]").stream().map(Alert::of).toList();
	}

	/**
	 * Evaluates an expression.
	 * @return the samples of the resulting vector
	 * @throws IllegalArgumentException if Prometheus rejects the expression
	 */
	public List<Sample> query(String expression) {
		return list("/api/v1/query?query=" + encode(expression), "$.data.result[*]").stream().map(Sample::of).toList();
	}

	/**
	 * Returns the labels of the series that a selector matches.
	 * @throws IllegalArgumentException if Prometheus rejects the selector
	 */
	public List<Map<String, String>> series(String selector) {
		return list("/api/v1/series?match[]=" + encode(selector), "$.data[*]").stream()
			.map(PrometheusServer::texts)
			.toList();
	}

	private List<Map<String, Object>> list(String path, String jsonPath) {
		try (InputStream response = open(path)) {
			return JsonPath.parse(response).read(jsonPath);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private InputStream open(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.address + path.replace("[]", "%5B%5D"))).build();
		HttpResponse<InputStream> response = this.client.send(request, HttpResponse.BodyHandlers.ofInputStream());
		if (response.statusCode() != 200) {
			try (InputStream body = response.body()) {
				String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
				if (response.statusCode() == 400 || response.statusCode() == 422) {
					throw new IllegalArgumentException(path + ": " + text);
				}
				throw new IOException("%s: %d %s".formatted(path, response.statusCode(), text));
			}
		}
		return response.body();
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, String> texts(Object labels) {
		return Map.copyOf((Map<String, String>) labels);
	}

	@Override
	public void close() throws IOException {
		this.process.stop(false);
	}

	/**
	 * An alert.
	 *
	 * @param name the name
	 * @param state {@code pending} or {@code firing}
	 * @param activeAt since when its expression has been true
	 * @param labels the labels, including {@code severity}
	 * @param annotations the annotations, including {@code runbook_url}
	 */
	public record Alert(String name, String state, Instant activeAt, Map<String, String> labels,
			Map<String, String> annotations) {

		private static Alert of(Map<String, Object> json) {
			Map<String, String> labels = texts(json.get("labels"));
			return new Alert(labels.get("alertname"), (String) json.get("state"),
					Instant.parse((String) json.get("activeAt")), labels, texts(json.get("annotations")));
		}

		public boolean isFiring() {
			return this.state.equals("firing");
		}

	}

	/**
	 * A sample.
	 *
	 * @param labels the labels
	 * @param value the value
	 */
	public record Sample(Map<String, String> labels, double value) {

		private static Sample of(Map<String, Object> json) {
			String value = (String) ((List<?>) json.get("value")).get(1);
			return new Sample(texts(json.get("metric")), Double.parseDouble(value.replaceFirst("Inf$", "Infinity")));
		}

	}

}
