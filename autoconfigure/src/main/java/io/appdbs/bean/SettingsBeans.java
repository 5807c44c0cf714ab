package io.appdbs.bean;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Creates the bean that shows the settings of all databases at
 * {@code /actuator/configprops}.
 */
final class SettingsBeans {

	private SettingsBeans() {
	}

	/**
	 * Returns what the databases were bound to, defaults included. Boot binds the map
	 * again to record where the values come from, and cannot change it; what that does
	 * not resolve is a value that is not used.
	 */
	@ConfigurationProperties(prefix = "app.dbs", ignoreInvalidFields = true)
	static Map<String, DatabaseSettings> settings(DatabaseLifecycle lifecycle) {
		Map<String, DatabaseSettings> settings = new LinkedHashMap<>();
		for (String name : lifecycle.getNames()) {
			DatabaseDefinition definition = lifecycle.getDefinition(name);
			if (definition.replicaOf() == null) {
				settings.put(name, definition.settings());
			}
		}
		return Collections.unmodifiableMap(settings);
	}

}
