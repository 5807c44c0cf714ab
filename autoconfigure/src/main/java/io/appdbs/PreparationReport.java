package io.appdbs;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Report of a preparation of a database before it came up.
 *
 * @param name the name of the step, for example {@code migration}
 * @param duration the duration
 * @param details the results by name, for operators
 */
public record PreparationReport(String name, Duration duration, Map<String, Object> details) {

	public PreparationReport {
		details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
	}

}
