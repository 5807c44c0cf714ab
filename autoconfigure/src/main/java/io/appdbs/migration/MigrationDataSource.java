package io.appdbs.migration;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
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
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

/**
 * {@link DataSource} for migrations, which have separate connections: with another login,
 * and without a time limit for statements.
 */
final class MigrationDataSource extends SimpleDriverDataSource {

	private final DatabaseDefinition definition;

	private final DatabaseConnectionDetails details;

	private final @Nullable DatabaseConnectionDetails own;

	private final Login login;

	private MigrationDataSource(DatabaseDefinition definition, DatabaseConnectionDetails details,
			@Nullable DatabaseConnectionDetails own, Login login) {
		this.definition = definition;
		this.details = details;
		this.own = own;
		this.login = login;
	}

	/**
	 * Creates a new {@link MigrationDataSource}.
	 * @param definition the database
	 * @param details where the database is
	 * @param login the separate login, whose URL can be another one
	 * @param driverProperties further properties for the driver
	 * @param classLoader the class loader that finds the driver or {@code null} for the
	 * default one
	 */
	static MigrationDataSource create(DatabaseDefinition definition, DatabaseConnectionDetails details, Login login,
			Map<String, String> driverProperties, @Nullable ClassLoader classLoader) {
		JdbcEngine engine = definition.jdbcEngine();
		DatabaseConnectionDetails own = (login.url() != null) ? engine.resolve(login.url()) : null;
		MigrationDataSource dataSource = new MigrationDataSource(definition, (own != null) ? own : details, own, login);
		Class<?> driver = ClassUtils.resolveClassName(engine.getDriverClassName(), classLoader);
		dataSource.setDriver((Driver) BeanUtils.instantiateClass(driver));
		Properties properties = new Properties();
		properties.putAll(dataSource.details.properties());
		DatabaseSettings settings = definition.settings();
		if (settings.pool().connectTimeout() != null) {
			properties.putAll(engine.getConnectTimeoutProperties(settings.pool().connectTimeout()));
		}
		properties.putAll(driverProperties);
		// also if the URL is another one; what contradicts them has been rejected
		for (String name : engine.getSslProperties("", true).keySet()) {
			String value = details.properties().get(name);
			if (value != null) {
				properties.setProperty(name, value);
			}
		}
		dataSource.setConnectionProperties(properties);
		return dataSource;
	}

	/**
	 * Uses the current credentials, which may have changed since the data source was
	 * created.
	 */
	@Override
	public Connection getConnection() throws SQLException {
		Login current = this.login.complete(this.definition.settings(), this.own, this.definition.connectionDetails());
		return getConnectionFromDriver(current.username(), current.password());
	}

	/**
	 * Connects without logging the URL.
	 */
	@Override
	protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
		return JdbcConnections.connect(this.definition, Objects.requireNonNull(getDriver()), this.details, properties);
	}

	/**
	 * The login that migrations use.
	 *
	 * @param url the URL or {@code null} if it is that of the database
	 * @param username the username or {@code null} for the login of the URL or of the
	 * database
	 * @param password the password or {@code null}
	 */
	record Login(@Nullable String url, @Nullable String username, @Nullable String password) {

		Login complete(DatabaseSettings settings, @Nullable DatabaseConnectionDetails own,
				ConnectionDetailsSupplier current) {
			if (this.username != null) {
				return this;
			}
			if (own != null && own.username() != null) {
				return new Login(this.url, own.username(), own.password());
			}
			if (settings.username() != null) {
				return new Login(this.url, settings.username(), settings.password());
			}
			DatabaseConnectionDetails details = current.withCurrentLogin(current.get());
			return new Login(this.url, details.username(), details.password());
		}

		/**
		 * Returns the location only.
		 */
		@Override
		public String toString() {
			return "Login[username=" + this.username + "]";
		}

	}

}
