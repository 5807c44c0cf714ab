package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.ssl.SslContexts;
import io.appdbs.ssl.SslMaterial;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.util.ClassUtils;

/**
 * Opens connections outside of the pool.
 */
public final class JdbcConnections {

	/** The maximum time that a preparation waits for the answer to a statement. */
	private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

	private JdbcConnections() {
	}

	/**
	 * Opens a connection for work between the start of a database and its first use,
	 * which does not wait for the answer to a statement longer than 10 seconds.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where to connect to
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection openForPreparation(DatabaseDefinition definition, DatabaseConnectionDetails details)
			throws SQLException {
		return open(definition, details, (definition.jdbcEngine()).getReadTimeoutProperties(READ_TIMEOUT));
	}

	/**
	 * Opens a connection whose session is that of the connections of the pool: with the
	 * same properties of the driver, schema and statements. It does not wait for the
	 * answer to a statement longer than 10 seconds.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where to connect to
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect or the session cannot be prepared
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection openAsPool(DatabaseDefinition definition, DatabaseConnectionDetails details)
			throws SQLException {
		JdbcEngine engine = definition.jdbcEngine();
		Properties properties = DriverProperties.forApplication(definition, details);
		properties.putAll(engine.getReadTimeoutProperties(READ_TIMEOUT));
		return prepare(definition, admit(definition, details, () -> connect(engine, details, properties)));
	}

	/**
	 * Opens a connection through the driver of the database's engine, with the login of
	 * the settings or else of the details, the properties of the details, those under
	 * {@code hikari.data-source-properties} and {@code pool.connect-timeout}. It has
	 * neither {@code read-only} nor the limits that the server enforces.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where to connect to
	 * @param extraProperties further properties for the driver, which take precedence;
	 * {@code user} and, if it has one, {@code password} are those of another login
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection open(DatabaseDefinition definition, DatabaseConnectionDetails details,
			Map<String, String> extraProperties) throws SQLException {
		Properties properties = DriverProperties.of(definition, details);
		if (extraProperties.containsKey("user")) {
			properties.remove("password");
		}
		properties.putAll(extraProperties);
		return admit(definition, details, () -> connect(definition.jdbcEngine(), details, properties));
	}

	/**
	 * Opens a connection that answers within a time limit, unless the server has rejected
	 * the login a moment ago.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where to connect to
	 * @param login the properties {@code user} and, if it has one, {@code password} of
	 * another login, or none for that of the application
	 * @param timeout the time limit for opening it and for each answer of the server
	 * @param logins the logins that the server has rejected
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect, or could not a moment ago
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection openWithin(DatabaseDefinition definition, DatabaseConnectionDetails details,
			Map<String, String> login, Duration timeout, FailedLogins logins) throws SQLException {
		Properties properties = DriverProperties.of(definition, details);
		limit(properties, definition, timeout);
		return AdmittedConnection.open(definition, details, timeout,
				() -> logIn(definition, details, login, properties, logins));
	}

	/**
	 * Opens a connection that waits for each answer of the server without a time limit,
	 * also if the URL has one, unless the server has rejected the login a moment ago.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where to connect to
	 * @param login the properties {@code user} and, if it has one, {@code password} of
	 * another login, or none for that of the application
	 * @param logins the logins that the server has rejected
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect, or could not a moment ago
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection openUnlimited(DatabaseDefinition definition, DatabaseConnectionDetails details,
			Map<String, String> login, FailedLogins logins) throws SQLException {
		Properties properties = DriverProperties.of(definition, details);
		Connection connection = admit(definition, details, () -> logIn(definition, details, login, properties, logins));
		try {
			connection.setNetworkTimeout(Runnable::run, 0);
		}
		catch (SQLFeatureNotSupportedException ex) {
			// drivers without this limit wait anyway
		}
		catch (SQLException ex) {
			JdbcUtils.closeConnection(connection);
			throw ex;
		}
		return connection;
	}

	private static Connection logIn(DatabaseDefinition definition, DatabaseConnectionDetails details,
			Map<String, String> login, Properties properties, FailedLogins logins) throws SQLException {
		if (login.isEmpty()) {
			return logIn(definition, details, properties, logins);
		}
		properties.remove("password");
		properties.putAll(login);
		return logIn(definition, details.withCredentials(login.get("user"), login.get("password")), properties, logins);
	}

	/**
	 * Opens a connection whose session is that of the connections of the pool, and that
	 * answers within a time limit, unless the server has rejected the login a moment ago.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where to connect to
	 * @param timeout the time limit for opening it and for each answer of the server
	 * @param logins the logins that the server has rejected
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect, or could not a moment ago, or
	 * the session cannot be prepared
	 * @throws IllegalArgumentException if the driver is not on the class path
	 */
	public static Connection openAsPoolWithin(DatabaseDefinition definition, DatabaseConnectionDetails details,
			Duration timeout, FailedLogins logins) throws SQLException {
		Properties properties = DriverProperties.forApplication(definition, details);
		limit(properties, definition, timeout);
		return prepare(definition, AdmittedConnection.open(definition, details, timeout,
				() -> logIn(definition, details, properties, logins)));
	}

	/**
	 * Opens a connection with a permit, if the database needs one.
	 */
	private static Connection admit(DatabaseDefinition definition, DatabaseConnectionDetails details,
			AdmittedConnection.Opener opener) throws SQLException {
		return AdmittedConnection.open(definition, details, definition.settings().acquireTimeoutOrDefault(), opener);
	}

	private static void limit(Properties properties, DatabaseDefinition definition, Duration timeout) {
		JdbcEngine engine = definition.jdbcEngine();
		Duration longest = definition.settings().pool().connectTimeoutOrDefault();
		properties.putAll(engine.getConnectTimeoutProperties((timeout.compareTo(longest) < 0) ? timeout : longest));
		properties.putAll(engine.getReadTimeoutProperties(timeout));
	}

	/**
	 * Gives a connection the session of those of the pool.
	 */
	private static Connection prepare(DatabaseDefinition definition, Connection connection) throws SQLException {
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
	 * Asks whether the server is read-only.
	 * @param engine the engine
	 * @param connection a connection that is not in a transaction
	 * @return {@code null} if the engine does not support it
	 * @throws SQLException if the server does not answer
	 */
	public static @Nullable Boolean isReadOnly(JdbcEngine engine, Connection connection) throws SQLException {
		String query = engine.getReadOnlyQuery();
		return (query != null) ? SqlQueries.queryForRow(connection, query, (row) -> row.getBoolean(1)) : null;
	}

	/**
	 * Returns whether a connection is closed.
	 * @param connection the connection
	 * @return {@code true} also if the driver fails to say it
	 */
	public static boolean isClosed(Connection connection) {
		try {
			return connection.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/**
	 * Logs in, unless the server has rejected the login a moment ago. A rejected token is
	 * renewed and tried once more.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where to connect to
	 * @param properties the properties of the driver
	 * @param logins the logins that the server has rejected
	 * @return the connection
	 * @throws SQLException if the driver cannot connect, or could not a moment ago
	 */
	static Connection logIn(DatabaseDefinition definition, DatabaseConnectionDetails details, Properties properties,
			FailedLogins logins) throws SQLException {
		if (logins.check(details) instanceof SQLException refusal) {
			throw new SQLException(refusal.getMessage(), refusal.getSQLState(), refusal.getErrorCode(), refusal);
		}
		try {
			return tryLogIn(definition, details, properties, logins);
		}
		catch (SQLException ex) {
			DatabaseConnectionDetails renewed = definition.engine().classify(ex).isLoginRefused()
					? definition.connectionDetails().withNewLogin(details, properties.getProperty("password")) : null;
			if (renewed == null) {
				throw ex;
			}
			properties.setProperty("password", String.valueOf(renewed.password()));
			return tryLogIn(definition, details, properties, logins);
		}
	}

	private static Connection tryLogIn(DatabaseDefinition definition, DatabaseConnectionDetails details,
			Properties properties, FailedLogins logins) throws SQLException {
		try {
			Connection connection = connect(definition.jdbcEngine(), details, properties);
			logins.clear();
			return connection;
		}
		catch (SQLException ex) {
			if (definition.engine().classify(ex).isLoginRefused()) {
				logins.refused(details, ex);
			}
			throw ex;
		}
	}

	/**
	 * Opens a connection through a given driver.
	 * @param definition the database
	 * @param driver the driver
	 * @param details where to connect to
	 * @param properties the properties of the driver in addition to the URL
	 * @return the connection, which the caller closes
	 * @throws SQLException if the driver cannot connect; it does not repeat a URL that
	 * {@linkplain DatabaseConnectionDetails#displayUrl() is not shown}
	 */
	public static Connection connect(DatabaseDefinition definition, Driver driver, DatabaseConnectionDetails details,
			Properties properties) throws SQLException {
		return admit(definition, details, () -> connect(driver, details, properties));
	}

	static Connection connect(JdbcEngine engine, DatabaseConnectionDetails details, Properties properties)
			throws SQLException {
		Class<?> driverClass = ClassUtils.resolveClassName(engine.getDriverClassName(), null);
		// the driver manager does not know the drivers of every class loader
		return connect(BeanUtils.instantiateClass(driverClass, Driver.class), details, properties);
	}

	private static SQLException explain(SQLException failure, @Nullable SslMaterial ssl) {
		Throwable explanation = (ssl != null) ? ssl.explain(failure) : failure;
		if (explanation == failure) {
			return failure;
		}
		SQLException explained = new SQLException(failure.getMessage(), failure.getSQLState(), failure.getErrorCode(),
				explanation);
		explained.addSuppressed(failure);
		return explained;
	}

	static Connection connect(Driver driver, DatabaseConnectionDetails details, Properties properties)
			throws SQLException {
		Connection connection;
		try {
			connection = driver.connect(details.url(), properties);
		}
		catch (SQLException ex) {
			throw explain(new UrlSecrets(details).hideIn(ex), SslContexts.find(properties.getProperty(Engine.SSL_KEY)));
		}
		if (connection == null) {
			throw new SQLException("The driver %s does not accept the URL '%s'".formatted(driver.getClass().getName(),
					details.displayUrl()));
		}
		return connection;
	}

}
