package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Reads from the environment what bean definitions depend on. The rest is read when the
 * beans are created, so that values can still arrive until then.
 */
final class NamedDatabases {

	private NamedDatabases() {
	}

	static List<NamedDatabase> find(Environment environment, @Nullable ClassLoader classLoader) {
		Engines engines = Engines.load(classLoader);
		return DatabaseNames.get(environment).stream().map((name) -> find(name, environment, engines)).toList();
	}

	private static NamedDatabase find(String name, Environment environment, Engines engines) {
		String prefix = "app.dbs." + name;
		return new NamedDatabase(name, kind(prefix, environment, engines),
				environment.getProperty(prefix + ".primary", Boolean.class, Boolean.FALSE));
	}

	private static DatabaseKind kind(String prefix, Environment environment, Engines engines) {
		Engine engine = engine(environment.getProperty(prefix + ".engine"), environment.getProperty(prefix + ".url"),
				engines);
		return (engine != null) ? engine.getKind() : DatabaseKind.RELATIONAL;
	}

	private static @Nullable Engine engine(@Nullable String id, @Nullable String url, Engines engines) {
		if (url == null) {
			return (id != null) ? engines.findById(id) : null;
		}
		return EmbeddedServers.isEmbedded(url) ? engines.findById(url.substring("embedded:".length()).split("\\?")[0])
				: engines.findByUrl(url);
	}

}
