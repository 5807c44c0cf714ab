package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.DatabaseDefinition;

/**
 * A connection that is opened only to find out whether the server accepts it. It is
 * opened on a separate thread, as not every driver limits the time of a TLS handshake,
 * and is closed even if it is opened too late.
 */
public final class TrialConnection extends FutureTask<Connection> {

	private final JdbcEngine engine;

	private TrialConnection(DatabaseDefinition definition, DatabaseConnectionDetails details, Properties properties) {
		super(() -> AdmittedConnection.open(definition, details, definition.settings().pool().connectTimeoutOrDefault(),
				() -> JdbcConnections.connect(definition.jdbcEngine(), details, properties)));
		this.engine = definition.jdbcEngine();
	}

	/**
	 * Opens a connection as the pool would, and closes it. Rejected logins are not noted,
	 * because the application's connections differ.
	 * @param definition the database
	 * @param details where the connection goes
	 * @param timeout the time to wait
	 * @throws SQLException if it cannot be opened in time
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static void open(DatabaseDefinition definition, DatabaseConnectionDetails details, Duration timeout)
			throws SQLException, InterruptedException {
		JdbcEngine engine = definition.jdbcEngine();
		Properties properties = DriverProperties.forApplication(definition, details);
		properties.putAll(engine.getConnectTimeoutProperties(timeout));
		properties.putAll(engine.getReadTimeoutProperties(timeout));
		TrialConnection trial = new TrialConnection(definition, details, properties);
		Thread thread = new Thread(trial, "appdbs-trial-" + definition.name());
		thread.setDaemon(true);
		thread.start();
		try {
			trial.close(trial.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof SQLException failure) ? failure : new SQLException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new SQLTimeoutException("No connection could be opened within %d ms".formatted(timeout.toMillis()),
					"08001", ex);
		}
		finally {
			// without interrupting: not every driver supports that
			trial.cancel(false);
		}
	}

	@Override
	protected void set(Connection connection) {
		super.set(connection);
		if (isCancelled()) {
			close(connection);
		}
	}

	private void close(Connection connection) {
		try {
			this.engine.abort(connection);
			AdmittedConnection.release(connection);
			if (!connection.isClosed()) {
				// not every driver can
				connection.close();
			}
		}
		catch (SQLException ex) {
			// as closed as it can be
		}
	}

}
