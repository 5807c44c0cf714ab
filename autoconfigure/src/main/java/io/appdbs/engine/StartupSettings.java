package io.appdbs.engine;

import java.time.Duration;
import java.util.List;

/**
 * What must hold before the application is ready.
 *
 * @param timeout Time within which a required database must be connected to before the
 * start of the application fails. 30s by default.
 * @param requiredTables Tables that must be there after migrating, with or without
 * schema.
 */
public record StartupSettings(Duration timeout, List<String> requiredTables) {

	static final StartupSettings DEFAULT = new StartupSettings(Duration.ofSeconds(30), List.of());

	@SuppressWarnings({ "ConstantValue", "NullAway" })
	public StartupSettings {
		timeout = (timeout != null) ? timeout : Duration.ofSeconds(30);
		requiredTables = (requiredTables != null) ? List.copyOf(requiredTables) : List.of();
	}

}
