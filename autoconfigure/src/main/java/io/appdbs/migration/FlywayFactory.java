package io.appdbs.migration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.migration.MigrationDataSource.Login;
import io.appdbs.settings.DatabaseDefinition;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Creates the Flyway of a database from its options.
 */
final class FlywayFactory {

	private static final String JDBC_PROPERTIES = "jdbcProperties.";

	/**
	 * Options of the connection, which Flyway does not open itself.
	 */
	private static final List<String> CONNECTION = List.of("enabled", "url", "user", "password");

	private FlywayFactory() {
	}

	static Flyway create(DatabaseDefinition definition, DatabaseConnectionDetails details, MigrationBeans beans,
			@Nullable ClassLoader classLoader) {
		Map<String, String> options = definition.settings().flyway();
		FluentConfiguration configuration = (classLoader != null) ? new FluentConfiguration(classLoader)
				: new FluentConfiguration();
		configuration.dataSource(dataSource(definition, details, classLoader));
		configuration.locations("classpath:db/migration/" + definition.name());
		configuration.failOnMissingLocations(options.containsKey("locations"));
		// otherwise Flyway ignores scripts with invalid names
		configuration.validateMigrationNaming(true);
		Map<String, String> flywayOptions = new LinkedHashMap<>();
		options.forEach((key, value) -> {
			if (!CONNECTION.contains(key) && !key.startsWith(JDBC_PROPERTIES)) {
				flywayOptions.put("flyway." + key,
						key.endsWith("ocations") ? value.replace("{vendor}", definition.engine().getId()) : value);
			}
		});
		configuration.configuration(flywayOptions);
		if (!beans.callbacks().isEmpty()) {
			configuration.callbacks(beans.callbacks().toArray(Callback[]::new));
		}
		if (!beans.javaMigrations().isEmpty()) {
			configuration.javaMigrations(beans.javaMigrations().toArray(JavaMigration[]::new));
		}
		beans.customizers().forEach((customizer) -> customizer.accept(configuration));
		return configuration.load();
	}

	private static DataSource dataSource(DatabaseDefinition definition, DatabaseConnectionDetails details,
			@Nullable ClassLoader classLoader) {
		Map<String, String> options = definition.settings().flyway();
		Map<String, String> properties = new LinkedHashMap<>();
		options.forEach((key, value) -> {
			if (key.startsWith(JDBC_PROPERTIES)) {
				properties.put(key.substring(JDBC_PROPERTIES.length()), value);
			}
		});
		return MigrationDataSource.create(definition, details,
				new Login(options.get("url"), options.get("user"), options.get("password")), properties, classLoader);
	}

}
