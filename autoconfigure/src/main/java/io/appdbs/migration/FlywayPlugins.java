package io.appdbs.migration;

import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.Dependency;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The modules of Flyway that engines need.
 */
final class FlywayPlugins {

	private static final Plugin POSTGRESQL = new Plugin("org.flywaydb.database.postgresql.PostgreSQLDatabaseType",
			"org.flywaydb:flyway-database-postgresql");

	private static final Plugin MYSQL = new Plugin("org.flywaydb.database.mysql.MySQLDatabaseType",
			"org.flywaydb:flyway-mysql");

	private static final Map<String, Plugin> BY_ENGINE = Map.of("postgresql", POSTGRESQL, "cockroachdb", POSTGRESQL,
			"mysql", MYSQL, "mariadb", MYSQL);

	private FlywayPlugins() {
	}

	static void require(DatabaseDefinition definition, @Nullable ClassLoader classLoader) {
		Plugin plugin = BY_ENGINE.get(definition.engine().getId());
		if (plugin == null || ClassUtils.isPresent(plugin.className(), classLoader)) {
			return;
		}
		String name = definition.name();
		throw new DatabaseStartException(name,
				"Database '%s' could not be migrated: Flyway needs '%s' for %s, which is not on the class path."
					.formatted(name, plugin.coordinates(), definition.engine().getDisplayName()),
				"%s\n\nOr set '%s' to false.".formatted(Dependency.advice(List.of(plugin.coordinates())),
						definition.key("flyway.enabled")),
				null);
	}

	private record Plugin(String className, String coordinates) {

	}

}
