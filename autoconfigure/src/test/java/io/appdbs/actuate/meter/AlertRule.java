package io.appdbs.actuate.meter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.yaml.snakeyaml.Yaml;

/**
 * A rule of {@code docs/alerts.yml}.
 *
 * @param name the name of the alert
 * @param expression the expression
 * @param after how long the expression must be true
 * @param severity the label {@code severity}
 * @param annotations the annotations
 */
record AlertRule(String name, String expression, String after, String severity, Map<String, String> annotations) {

	static final Path FILE = Path.of("../docs/alerts.yml");

	static List<AlertRule> readAll() throws IOException {
		Map<String, List<Map<String, Object>>> file = new Yaml().load(Files.readString(FILE));
		return file.get("groups")
			.stream()
			.flatMap((group) -> ((List<?>) group.get("rules")).stream())
			.map(AlertRule::of)
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static AlertRule of(Object rule) {
		Map<String, Object> values = (Map<String, Object>) rule;
		return new AlertRule((String) values.get("alert"), (String) values.get("expr"), (String) values.get("for"),
				((Map<String, String>) values.get("labels")).get("severity"),
				(Map<String, String>) values.get("annotations"));
	}

}
