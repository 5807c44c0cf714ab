package io.appdbs.jdbc;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Definitions as binding makes them.
 */
public final class Definitions {

	private static final Map<Map<String, ?>, DatabaseSettings> BOUND = new ConcurrentHashMap<>();

	private Definitions() {
	}

	/**
	 * Define a database.
	 * @param name the name of the database
	 * @param url the URL, not an embedded one
	 * @param settings keys and values in turn
	 * @return the definition
	 */
	public static DatabaseDefinition of(String name, String url, String... settings) {
		Map<String, String> map = new HashMap<>();
		for (int i = 0; i < settings.length; i += 2) {
			map.put(settings[i], settings[i + 1]);
		}
		DatabaseSettings bound = bind(map);
		Engine engine = Engines.load(null).findByUrl(url);
		if (engine == null) {
			throw new IllegalArgumentException(url);
		}
		DatabaseConnectionDetails target = engine.resolve(url);
		return new DatabaseDefinition(name, bound, engine, () -> target);
	}

	/**
	 * Binds settings. Those with the same keys and values are bound once, because that
	 * takes longer than many tests.
	 * @param settings keys and values
	 * @return the settings
	 */
	public static DatabaseSettings bind(Map<String, ?> settings) {
		return BOUND.computeIfAbsent(Map.copyOf(settings),
				(keys) -> new Binder(new MapConfigurationPropertySource(keys)).bindOrCreate("",
						DatabaseSettings.class));
	}

}
