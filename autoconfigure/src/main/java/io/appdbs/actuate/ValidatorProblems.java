package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Summarizes the report about validators for health details.
 */
final class ValidatorProblems {

	private static final List<String> KEYS = List.of("missing", "different", "violations", "notChecked");

	private ValidatorProblems() {
	}

	/**
	 * Returns what is wrong, with the names of collections instead of whole validators.
	 * @return the problems, {@code null} if there are none
	 */
	static @Nullable Map<String, Object> summarize(@Nullable Map<String, Object> report) {
		if (report == null) {
			return null;
		}
		Map<String, Object> problems = new LinkedHashMap<>();
		for (String key : KEYS) {
			Object value = report.get(key);
			if (value instanceof List<?> list) {
				problems.put(key, list.stream().map(ValidatorProblems::getName).toList());
			}
			else if (value != null) {
				problems.put(key, value);
			}
		}
		return problems.isEmpty() ? null : problems;
	}

	private static Object getName(Object entry) {
		return (entry instanceof Map<?, ?> map && map.get("collection") instanceof String name) ? name : entry;
	}

}
