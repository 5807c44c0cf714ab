package io.appdbs;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was done with a database before it came up.
 *
 * @param name the name of the step, for example {@code migration}
 * @param duration how long it took
 * @param details what came out, by name, for operators to read
 */
public record PreparationReport(String name, Duration duration, Map<String, Object> details) {

	public PreparationReport {
		details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
	}

}
