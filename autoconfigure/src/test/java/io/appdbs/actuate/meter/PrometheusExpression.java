package io.appdbs.actuate.meter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.appdbs.testsupport.server.PrometheusServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An expression of {@code docs/alerts.yml}, {@code docs/dashboard.json} or
 * {@code docs/troubleshooting.md}.
 *
 * @param text the expression, without variables
 * @param labels the labels that the legend of a panel contains
 */
record PrometheusExpression(String text, Set<String> labels) {

	private static final Pattern GROUPING = Pattern
		.compile("\\b(?:on|by|without|group_left|group_right) \\(([^)]*)\\)");

	private static final Pattern SELECTOR = Pattern.compile("(?<![\\w.:])([a-zA-Z_:][\\w:]*)(\\{[^}]*})?(?:\\[\\w+])?");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!=|!~|=)\\s*\"([^\"]*)\"");

	/** The words of PromQL that the expressions use. All others are meters. */
	private static final Set<String> KEYWORDS = Set.of("and", "or", "sum", "rate", "increase", "changes", "vector",
			"last_over_time", "quantile_over_time", "histogram_quantile");

	/** Prometheus adds these. */
	private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance");

	static List<PrometheusExpression> readAll() throws IOException {
		List<PrometheusExpression> all = new ArrayList<>();
		AlertRule.readAll().forEach((rule) -> all.add(new PrometheusExpression(rule.expression(), Set.of())));
		DocumentContext dashboard = JsonPath.parse(Files.readString(Path.of("../docs/dashboard.json")));
		Set<String> variables = Set.copyOf(dashboard.<List<String>>read("$.templating.list[*].name"));
		dashboard.<List<String>>read("$.templating.list[?(@.type == 'query')].query.query")
			.stream()
			.map((query) -> query.replaceFirst("label_values\\((.*), (\\w+)\\)", "sum by ($2) ($1)"))
			.forEach((query) -> all.add(new PrometheusExpression(replaceVariables(query, variables), Set.of())));
		dashboard.<List<Map<String, Object>>>read("$..targets[*]")
			.forEach((target) -> all
				.add(new PrometheusExpression(replaceVariables((String) target.get("expr"), variables),
						find("\\{\\{(\\w+)}}", String.valueOf(target.get("legendFormat"))))));
		readTroubleshooting().forEach((text) -> all.add(new PrometheusExpression(text, Set.of())));
		return all;
	}

	/**
	 * Returns the expressions of the page on troubleshooting, for any database.
	 */
	private static Stream<String> readTroubleshooting() throws IOException {
		return Files.readAllLines(Path.of("../docs/troubleshooting.md"))
			.stream()
			.flatMap((line) -> find("`((?:\\w+\\()?(?:appdbs|hikaricp|mongodb_driver)_[^`]+)`", line).stream())
			.map((text) -> text.replaceAll("db=\"[^\"]+\"", "db=~\".+\""));
	}

	private static String replaceVariables(String expression, Set<String> defined) {
		assertThat(find("\\$(\\w+)", expression)).as(expression)
			.allMatch((variable) -> defined.contains(variable) || variable.equals("__rate_interval"));
		return expression.replace("$__rate_interval", "1m").replaceAll("\\$\\w+", ".*");
	}

	private static Set<String> find(String pattern, String text) {
		return Pattern.compile(pattern)
			.matcher(text)
			.results()
			.map((found) -> found.group(1))
			.collect(Collectors.toSet());
	}

	/**
	 * Asserts that an application exports all that the expression selects, with all
	 * labels that it names.
	 */
	void assertExported(Scrape scrape) {
		Set<String> labels = GROUPING.matcher(this.text)
			.results()
			.flatMap((grouping) -> Stream.of(grouping.group(1).split(", ")))
			.collect(Collectors.toSet());
		labels.addAll(this.labels);
		labels.removeAll(LABELS_OF_PROMETHEUS);
		Set<String> exported = selectors().flatMap((selector) -> {
			List<Scrape.Sample> samples = select(scrape, selector);
			assertThat(samples).as(selector.group() + " of " + this.text).isNotEmpty();
			return samples.stream().flatMap((sample) -> sample.labels().keySet().stream());
		}).collect(Collectors.toSet());
		assertThat(exported).as(this.text).containsAll(labels);
	}

	/**
	 * Asserts that Prometheus accepts the expression, and has series for all that it
	 * selects.
	 */
	void assertEvaluated(PrometheusServer prometheus) {
		prometheus.query(this.text);
		selectors().map((selector) -> selector.group().replaceFirst("\\[.*", ""))
			.forEach((selector) -> assertThat(prometheus.series(selector)).as(selector + " of " + this.text)
				.isNotEmpty());
	}

	private Stream<MatchResult> selectors() {
		String ungrouped = GROUPING.matcher(this.text).replaceAll("");
		return SELECTOR.matcher(ungrouped).results().filter((selector) -> !KEYWORDS.contains(selector.group(1)));
	}

	private static List<Scrape.Sample> select(Scrape scrape, MatchResult selector) {
		if (selector.group(1).equals("up")) {
			return List.of(new Scrape.Sample("up", Map.of(), 1));
		}
		List<MatchResult> matchers = (selector.group(2) == null) ? List.of()
				: MATCHER.matcher(selector.group(2))
					.results()
					.filter((matcher) -> !LABELS_OF_PROMETHEUS.contains(matcher.group(1)))
					.toList();
		return scrape.find(selector.group(1))
			.stream()
			.filter((sample) -> matchers.stream().allMatch((matcher) -> matches(sample, matcher)))
			.toList();
	}

	private static boolean matches(Scrape.Sample sample, MatchResult matcher) {
		String value = sample.labels().get(matcher.group(1));
		return value != null && switch (matcher.group(2)) {
			case "=" -> value.equals(matcher.group(3));
			case "!=" -> !value.equals(matcher.group(3));
			case "=~" -> value.matches(matcher.group(3));
			default -> !value.matches(matcher.group(3));
		};
	}

}
