package io.appdbs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the dashboard with the meters that the shop exports.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "app.dbs.orders.backup.report=file", "app.dbs.orders.backup.file=/backups/orders.json" })
class DashboardTests {

	private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");

	private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{([^}]*)}");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!=|!~|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");

	/** The words of PromQL that the dashboard uses; others are meters. */
	private static final Set<String> KEYWORDS = Set.of("sum", "rate", "or");

	/** Prometheus adds these labels to all samples. */
	private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance");

	@LocalServerPort
	private int port;

	private final List<Sample> exported = new ArrayList<>();

	private DocumentContext dashboard;

	@BeforeEach
	void readDashboardAndScrapeShop() throws IOException {
		this.dashboard = JsonPath.parse(Files.readString(Path.of("../docs/dashboard.json")));
		RestTestClient client = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
		Stream.of("/products", "/orders", "/stock", "/products/moka-pot/reviews")
			.forEach((uri) -> client.get().uri(uri).exchange().expectStatus().isOk());
		String scrape = client.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		SAMPLE.matcher(scrape)
			.results()
			.forEach((line) -> this.exported.add(new Sample(line.group(1), labels(line.group(2)))));
	}

	private static Map<String, String> labels(String text) {
		Map<String, String> labels = new TreeMap<>();
		if (text != null) {
			MATCHER.matcher(text).results().forEach((label) -> labels.put(label.group(1), label.group(3)));
		}
		return labels;
	}

	@Test
	void everyMeterAndLabelOfEveryPanelIsExported() {
		List<Map<String, Object>> targets = this.dashboard.read("$.panels[*].targets[*]");
		assertThat(targets).hasSizeGreaterThan(10);
		for (Map<String, Object> target : targets) {
			String expression = String.valueOf(target.get("expr"));
			List<Sample> selected = check(expression);
			Set<String> labels = groupedBy(expression);
			Pattern.compile("\\{\\{(\\w+)}}")
				.matcher(String.valueOf(target.get("legendFormat")))
				.results()
				.forEach((label) -> labels.add(label.group(1)));
			labels.removeAll(LABELS_OF_PROMETHEUS);
			assertThat(labels).as(expression).isNotEmpty();
			assertThat(selected).as(expression).allMatch((sample) -> sample.labels.keySet().containsAll(labels));
		}
	}

	@Test
	void everyVariableIsALabelThatIsExported() {
		List<String> queries = this.dashboard.read("$.templating.list[?(@.type == 'query')].query.query");
		assertThat(queries).hasSize(3);
		for (String query : queries) {
			MatchResult values = LABEL_VALUES.matcher(query).results().findFirst().orElseThrow();
			List<Sample> selected = values.group(1).contains("{") ? check(values.group(1))
					: check(values.group(1) + "{}");
			if (!LABELS_OF_PROMETHEUS.contains(values.group(2))) {
				assertThat(selected).extracting((sample) -> sample.labels.get(values.group(2)))
					.contains("catalog", "inventory", "orders", "reviews");
			}
		}
	}

	@Test
	void everyVariableOfAPanelIsDefined() {
		Set<String> defined = new HashSet<>(this.dashboard.<List<String>>read("$.templating.list[*].name"));
		assertThat(defined).contains("db");
		defined.add("__rate_interval");
		List<String> expressions = this.dashboard.read("$.panels[*].targets[*].expr");
		assertThat(expressions).allSatisfy(
				(expression) -> assertThat(Pattern.compile("\\$(\\w+)").matcher(expression).results()).isNotEmpty()
					.allMatch((variable) -> defined.contains(variable.group(1))));
	}

	/**
	 * Checks all selectors of an expression, and that it contains no other meters.
	 */
	private List<Sample> check(String expression) {
		List<Sample> all = new ArrayList<>();
		SELECTOR.matcher(expression).results().forEach((selector) -> {
			List<Sample> selected = select(selector.group(1), selector.group(2));
			assertThat(selected).as(selector.group()).isNotEmpty();
			all.addAll(selected);
		});
		String rest = GROUPING.matcher(SELECTOR.matcher(expression).replaceAll("")).replaceAll("");
		assertThat(Pattern.compile("(?<![$\\w])[a-zA-Z_]\\w*").matcher(rest).results()).as(expression)
			.allMatch((word) -> KEYWORDS.contains(word.group()));
		return all;
	}

	private List<Sample> select(String name, String matchers) {
		List<MatchResult> ofTheShop = MATCHER.matcher(matchers)
			.results()
			.filter((matcher) -> !LABELS_OF_PROMETHEUS.contains(matcher.group(1)))
			.toList();
		return this.exported.stream()
			.filter((sample) -> sample.name.equals(name)
					&& ofTheShop.stream().allMatch((matcher) -> sample.matches(matcher)))
			.toList();
	}

	private static Set<String> groupedBy(String expression) {
		Set<String> labels = new HashSet<>();
		GROUPING.matcher(expression)
			.results()
			.forEach((grouping) -> labels.addAll(List.of(grouping.group(1).split(",\\s*"))));
		return labels;
	}

	/**
	 * A sample of a meter.
	 *
	 * @param name the name
	 * @param labels the labels
	 */
	private record Sample(String name, Map<String, String> labels) {

		boolean matches(MatchResult matcher) {
			String value = this.labels.get(matcher.group(1));
			return value != null && (!matcher.group(2).equals("=") || value.equals(matcher.group(3)));
		}

	}

}
