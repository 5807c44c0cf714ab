package io.appdbs.autoconfigure;

import java.util.Locale;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * What the definitions of a database's beans depend on. Found without an error where the
 * configuration is wrong or not complete yet; {@link DatabaseSettingsBinder} reports that
 * later.
 *
 * @param name the name
 * @param kind the kind, relational where neither the URL nor {@code engine} can be read
 * @param primary whether the database is primary
 */
record DeclaredDatabase(String name, DatabaseKind kind, boolean primary) {

	/**
	 * Read what is known of a database when beans are defined.
	 * @param environment the environment
	 * @param name the name
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the database
	 */
	static DeclaredDatabase read(Environment environment, String name, @Nullable ClassLoader classLoader) {
		return read(environment, ConfiguredSources.of(environment), name, Engines.load(classLoader));
	}

	static DeclaredDatabase read(Environment environment, ConfiguredSources sources, String name, Engines engines) {
		Engine engine = findEngine(value(environment, sources, name, "url"),
				value(environment, sources, name, "engine"), engines);
		DatabaseKind kind = (engine != null) ? engine.getKind() : DatabaseKind.RELATIONAL;
		String primary = value(environment, sources, name, "primary");
		return new DeclaredDatabase(name, kind, primary != null && Boolean.parseBoolean(primary.trim()));
	}

	private static @Nullable String value(Environment environment, ConfiguredSources sources, String name,
			String key) {
		ConfiguredSources.Place place = sources.locate(name, key);
		return (place != null) ? environment.resolvePlaceholders(place.value().toString()) : null;
	}

	private static @Nullable Engine findEngine(@Nullable String url, @Nullable String declared, Engines engines) {
		Engine engine = (declared != null) ? engines.findById(declared.trim()) : null;
		if (engine != null || url == null) {
			return engine;
		}
		if (!EmbeddedServers.isEmbedded(url)) {
			return engines.findByUrl(url);
		}
		String id = url.substring(url.indexOf(':') + 1).split("\\?", 2)[0];
		return engines.findById(id.toLowerCase(Locale.ROOT));
	}

}
