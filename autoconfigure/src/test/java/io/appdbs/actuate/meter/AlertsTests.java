package io.appdbs.actuate.meter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.appdbs.testsupport.server.PrometheusServer;
import io.appdbs.testsupport.server.RequiresPrometheus;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the alerts of {@code docs/alerts.yml}, with recorded series.
 */
class AlertsTests {

	private static final Path TESTS = Path.of("src/test/resources/io/appdbs/actuate/meter/alerts-tests.yml");

	@Test
	@RequiresPrometheus
	void everyAlertFiresAfterItsTimeForTheFaultyDatabaseAloneAndResolves() throws IOException {
		assertThat(PrometheusServer.promtool("check", "rules", AlertRule.FILE.toString()))
			.contains("SUCCESS: %d rules found".formatted(AlertRule.readAll().size()));
		assertThat(PrometheusServer.promtool("test", "rules", TESTS.toString())).contains("SUCCESS");
	}

	@Test
	void theTestsCoverEveryAlertWhileItFiresBeforeAndAfterwards() throws IOException {
		Map<String, List<Map<String, Object>>> file = new Yaml().load(Files.readString(TESTS));
		Set<String> covered = file.get("tests")
			.stream()
			.map((test) -> ((List<?>) test.get("alert_rule_test")).stream().map(Map.class::cast).toList())
			.filter((evaluations) -> evaluations.stream()
				.map((each) -> each.containsKey("exp_alerts"))
				.toList()
				.equals(List.of(false, true, false)))
			.map((evaluations) -> (String) evaluations.get(0).get("alertname"))
			.collect(Collectors.toSet());
		assertThat(covered)
			.containsExactlyInAnyOrderElementsOf(AlertRule.readAll().stream().map(AlertRule::name).toList());
	}

	@Test
	void everyAlertLeadsToItsSectionOfTroubleshooting() throws IOException {
		String address = find("<url>(https://github.com/[^<]+)</url>", Files.readString(Path.of("../bom/pom.xml")))
			.get(0) + "/blob/main/docs/troubleshooting.md#";
		Set<String> sections = find("(?m)^#+ +(.+)$", Files.readString(Path.of("../docs/troubleshooting.md"))).stream()
			.map((heading) -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
			.map(address::concat)
			.collect(Collectors.toSet());
		assertThat(AlertRule.readAll()).allSatisfy((rule) -> {
			assertThat(rule.annotations()).containsOnlyKeys("summary", "description", "runbook_url");
			assertThat(rule.annotations().get("runbook_url")).isIn(sections);
		});
	}

	@Test
	void thePageListsEveryAlertWithItsTimeAndSeverity() throws IOException {
		List<String> rows = find("(?m)^\\| (`AppDBs\\w+` \\| \\w+ \\| [^|]+) \\|",
				Files.readString(Path.of("../docs/alerts.md")));
		assertThat(rows).containsExactlyElementsOf(AlertRule.readAll()
			.stream()
			.map((rule) -> "`%s` | %s | %s".formatted(rule.name(), rule.after(),
					rule.severity().contains("required") ? "critical, warning if optional" : rule.severity()))
			.toList());
	}

	private static List<String> find(String pattern, String text) {
		return Pattern.compile(pattern).matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
	}

}
