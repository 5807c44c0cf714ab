package io.appdbs.migration;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

import javax.sql.DataSource;

import io.appdbs.engine.ConnectionDetailsSupplier;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

/**
 * Creates the Flyway of a database from its options.
 */
final class FlywayFactory {

	private static final String JDBC_PROPERTIES = "jdbcProperties.";

	/**
	 * Options that are about the connection, which is not Flyway's to make.
	 */
	private static final List<String> CONNECTION = List.of("enabled", "url", "user", "password");

	private FlywayFactory() {
	}

	static Flyway create(DatabaseDefinition definition, DatabaseConnectionDetails target, MigrationBeans beans,
			@Nullable ClassLoader classLoader) {
		Map<String, String> options = definition.settings().flyway();
		FluentConfiguration configuration = (classLoader != null) ? new FluentConfiguration(classLoader)
				: new FluentConfiguration();
		configuration.dataSource(dataSource(definition, target, classLoader));
		configuration.locations("classpath:db/migration/" + definition.name());
		configuration.failOnMissingLocations(options.containsKey("locations"));
		// Flyway ignores scripts whose names it does not recognise
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

	/**
	 * Migrations have connections of their own: another login, no time limit on
	 * statements.
	 */
	private static DataSource dataSource(DatabaseDefinition definition, DatabaseConnectionDetails target,
			@Nullable ClassLoader classLoader) {
		DatabaseSettings settings = definition.settings();
		JdbcEngine engine = definition.jdbcEngine();
		Map<String, String> options = settings.flyway();
		String url = options.get("url");
		DatabaseConnectionDetails own = (url != null) ? engine.resolve(url) : target;
		Properties properties = new Properties();
		properties.putAll(own.properties());
		if (settings.pool().connectTimeout() != null) {
			properties.putAll(engine.getConnectTimeoutProperties(settings.pool().connectTimeout()));
		}
		options.forEach((key, value) -> {
			if (key.startsWith(JDBC_PROPERTIES)) {
				properties.put(key.substring(JDBC_PROPERTIES.length()), value);
			}
		});
		Class<?> driver = ClassUtils.resolveClassName(engine.getDriverClassName(), classLoader);
		SimpleDriverDataSource dataSource = new SimpleDriverDataSource() {

			/**
			 * The credentials may have changed since the Flyway was created.
			 */
			@Override
			public Connection getConnection() throws SQLException {
				Login login = Login.find(settings, (url != null) ? own : null, definition.connectionDetails());
				return getConnectionFromDriver(login.username(), login.password());
			}

			/**
			 * Without the URL in the log.
			 */
			@Override
			protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
				return JdbcConnections.connect(Objects.requireNonNull(getDriver()), own, properties);
			}

		};
		dataSource.setDriver((Driver) BeanUtils.instantiateClass(driver));
		dataSource.setConnectionProperties(properties);
		return dataSource;
	}

	/**
	 * The login that migrations use.
	 */
	private record Login(@Nullable String username, @Nullable String password) {

		static Login find(DatabaseSettings settings, @Nullable DatabaseConnectionDetails own,
				ConnectionDetailsSupplier current) {
			String user = settings.flyway().get("user");
			if (user != null) {
				return new Login(user, settings.flyway().get("password"));
			}
			if (own != null && own.username() != null) {
				return new Login(own.username(), own.password());
			}
			if (settings.username() != null) {
				return new Login(settings.username(), settings.password());
			}
			DatabaseConnectionDetails target = current.withCurrentLogin(current.get());
			return new Login(target.username(), target.password());
		}

	}

}
