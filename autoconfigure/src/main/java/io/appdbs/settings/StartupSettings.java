package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What must hold before the application is ready.
 *
 * @param timeout Time within which a required database must be connected to before the
 * start of the application fails.
 * @param requiredTables Tables that must be there after migrating, with or without
 * schema.
 */
public record StartupSettings(@DefaultValue("30s") Duration timeout, @DefaultValue List<String> requiredTables) {

	public StartupSettings {
		requiredTables = List.copyOf(requiredTables);
	}

	/**
	 * Return the same settings with nothing that must hold.
	 * @return a copy
	 */
	StartupSettings withoutRequirements() {
		return new StartupSettings(this.timeout, List.of());
	}

}
