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

	/** The kinds of problems that are counted. */
	static final List<String> KINDS = List.of("missing", "different", "violations");

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

	/**
	 * Returns the number of collections that have a problem of a kind.
	 */
	static int count(Map<String, Object> report, String kind) {
		Object collections = report.get(kind);
		return (collections instanceof Map<?, ?> map) ? map.size()
				: (collections instanceof List<?> list) ? list.size() : 0;
	}

	private static Object getName(Object entry) {
		return (entry instanceof Map<?, ?> map && map.get("collection") instanceof String name) ? name : entry;
	}

}
