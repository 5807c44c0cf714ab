package io.appdbs.bean;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Creates the bean with the settings of all databases for {@code /actuator/configprops}.
 */
final class SettingsBeans {

	private SettingsBeans() {
	}

	/**
	 * Returns the settings of the databases, including defaults. Boot binds the map again
	 * to record the origins of values, which does not change it. Values that Boot cannot
	 * bind are not used.
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
