package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Requirements for the application to be ready.
 *
 * @param timeout Time within which a required database must be connected to before the
 * start of the application fails.
 * @param requiredTables Tables that must exist after migration, with or without schema.
 */
public record StartupSettings(@DefaultValue("30s") Duration timeout, @DefaultValue List<String> requiredTables) {

	public StartupSettings {
		requiredTables = List.copyOf(requiredTables);
	}

	/**
	 * Returns the same settings without requirements.
	 * @return a copy
	 */
	StartupSettings withoutRequirements() {
		return new StartupSettings(this.timeout, List.of());
	}

}
