package io.appdbs.migration;

import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The modules of Flyway that the engines need.
 */
public final class FlywayModules {

	private static final Module CORE = new Module("org.flywaydb.core.Flyway", "org.flywaydb:flyway-core");

	private static final Module POSTGRESQL = new Module("org.flywaydb.database.postgresql.PostgreSQLDatabaseType",
			"org.flywaydb:flyway-database-postgresql");

	private static final Module MYSQL = new Module("org.flywaydb.database.mysql.MySQLDatabaseType",
			"org.flywaydb:flyway-mysql");

	private static final Map<String, Module> BY_ENGINE = Map.of("postgresql", POSTGRESQL, "cockroachdb", POSTGRESQL,
			"yugabytedb", POSTGRESQL, "mysql", MYSQL, "mariadb", MYSQL, "tidb", MYSQL, "vitess", MYSQL);

	private FlywayModules() {
	}

	/**
	 * Returns the Maven coordinates of the module that migrates databases of an engine.
	 * It includes Flyway itself.
	 * @param engine the engine
	 * @return the group and the artifact, separated by a colon
	 */
	public static String coordinates(Engine engine) {
		return module(engine).coordinates();
	}

	private static Module module(Engine engine) {
		return BY_ENGINE.getOrDefault(engine.getId(), CORE);
	}

	static void require(DatabaseDefinition definition, @Nullable ClassLoader classLoader) {
		Module module = module(definition.engine());
		if (ClassUtils.isPresent(module.className(), classLoader)) {
			return;
		}
		String name = definition.name();
		throw new DatabaseStartException(name,
				"Database '%s' could not be migrated: Flyway needs '%s' for %s, which is not on the class path."
					.formatted(name, module.coordinates(), definition.engine().getDisplayName()),
				"%s\n\nOr set '%s' to false.".formatted(Dependency.advice(List.of(module.coordinates())),
						definition.key("flyway.enabled")),
				TroubleshootingSection.LIBRARY, null);
	}

	private record Module(String className, String coordinates) {

	}

}
