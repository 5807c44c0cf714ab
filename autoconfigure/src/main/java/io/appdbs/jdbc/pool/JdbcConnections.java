package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.FailedLogins;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.util.ClassUtils;

/**
 * Opens connections that belong to no pool.
 */
public final class JdbcConnections {

	/** The longest that a preparation waits for the answer to a statement. */
	private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

	private JdbcConnections() {
	}

	/**
	 * Open a connection for work between the start of a database and its first use, which
	 * does not wait for the answer to a statement longer than 10 seconds.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param target where to connect to
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection openForPreparation(DatabaseDefinition definition, DatabaseConnectionDetails target)
			throws SQLException {
		return open(definition, target, definition.jdbcEngine().getReadTimeoutProperties(READ_TIMEOUT));
	}

	/**
	 * Open a connection whose session is that of the connections of the pool: with the
	 * same properties of the driver, schema and statements. It does not wait for the
	 * answer to a statement longer than 10 seconds.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param target where to connect to
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect or the session cannot be prepared
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection openAsPool(DatabaseDefinition definition, DatabaseConnectionDetails target)
			throws SQLException {
		JdbcEngine engine = definition.jdbcEngine();
		Properties properties = DriverProperties.forApplication(definition, target);
		properties.putAll(engine.getReadTimeoutProperties(READ_TIMEOUT));
		Connection connection = connect(engine, target, properties);
		try {
			HikariConfigFactory.createInitialSession(definition).apply(connection);
			return connection;
		}
		catch (SQLException | RuntimeException ex) {
			JdbcUtils.closeConnection(connection);
			throw ex;
		}
	}

	/**
	 * Open a connection through the driver of the database's engine, with the login of
	 * the settings or else of the target, the properties of the target, those below
	 * {@code hikari.data-source-properties} and {@code pool.connect-timeout}. It has
	 * neither {@code read-only} nor the limits that the server is told.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param target where to connect to
	 * @param extraProperties further properties for the driver, which take precedence;
	 * {@code user} and {@code password} are those of another login
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection open(DatabaseDefinition definition, DatabaseConnectionDetails target,
			Map<String, String> extraProperties) throws SQLException {
		Properties properties = DriverProperties.of(definition, target);
		properties.putAll(extraProperties);
		return connect(definition.jdbcEngine(), target, properties);
	}

	/**
	 * Ask whether the server takes no writes.
	 * @return {@code null} if the engine cannot tell
	 */
	static @Nullable Boolean isReadOnly(JdbcEngine engine, Connection connection) throws SQLException {
		String query = engine.getReadOnlyQuery();
		if (query == null) {
			return null;
		}
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
			result.next();
			return result.getBoolean(1);
		}
	}

	/**
	 * Log in, unless the server has refused that a moment ago. A token that is refused is
	 * renewed and tried once more.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param target where to connect to
	 * @param properties the properties of the driver
	 * @param logins the logins that the server has refused
	 * @return the connection
	 * @throws SQLException if the driver cannot connect, or could not a moment ago
	 */
	static Connection logIn(DatabaseDefinition definition, DatabaseConnectionDetails target, Properties properties,
			FailedLogins logins) throws SQLException {
		if (logins.check(target) instanceof SQLException refusal) {
			throw new SQLException(refusal.getMessage(), refusal.getSQLState(), refusal.getErrorCode(), refusal);
		}
		try {
			return tryLogIn(definition, target, properties, logins);
		}
		catch (SQLException ex) {
			DatabaseConnectionDetails renewed = definition.engine().classify(ex).isLoginRefused()
					? definition.connectionDetails().withNewLogin(target, properties.getProperty("password")) : null;
			if (renewed == null) {
				throw ex;
			}
			properties.setProperty("password", String.valueOf(renewed.password()));
			return tryLogIn(definition, target, properties, logins);
		}
	}

	private static Connection tryLogIn(DatabaseDefinition definition, DatabaseConnectionDetails target,
			Properties properties, FailedLogins logins) throws SQLException {
		try {
			Connection connection = connect(definition.jdbcEngine(), target, properties);
			logins.clear();
			return connection;
		}
		catch (SQLException ex) {
			if (definition.engine().classify(ex).isLoginRefused()) {
				logins.refused(target, ex);
			}
			throw ex;
		}
	}

	static Connection connect(JdbcEngine engine, DatabaseConnectionDetails target, Properties properties)
			throws SQLException {
		Class<?> driverClass = ClassUtils.resolveClassName(engine.getDriverClassName(), null);
		// The driver manager does not know the drivers of every class loader.
		return connect(BeanUtils.instantiateClass(driverClass, Driver.class), target, properties);
	}

	/**
	 * Open a connection through a driver.
	 * @param driver the driver
	 * @param target where to connect to
	 * @param properties what the driver is given in addition to the URL
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect; it does not repeat a URL that
	 * {@linkplain DatabaseConnectionDetails#displayUrl() is not shown}
	 */
	public static Connection connect(Driver driver, DatabaseConnectionDetails target, Properties properties)
			throws SQLException {
		Connection connection;
		try {
			connection = driver.connect(target.url(), properties);
		}
		catch (SQLException ex) {
			throw new UrlSecrets(target).hideIn(ex);
		}
		if (connection == null) {
			throw new SQLException("The driver %s does not accept the URL '%s'".formatted(driver.getClass().getName(),
					target.displayUrl()));
		}
		return connection;
	}

}
