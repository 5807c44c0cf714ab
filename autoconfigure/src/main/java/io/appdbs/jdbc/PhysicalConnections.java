package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.JdbcEngine;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens the connections of a pool and remembers them, as the pool itself has no way to
 * end one that somebody holds.
 */
final class PhysicalConnections extends AbstractDataSource {

	private static final Log logger = LogFactory.getLog(PhysicalConnections.class);

	private final DatabaseDefinition definition;

	private final ConnectionTarget target;

	private final WaitingThreads waiting = new WaitingThreads();

	private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

	PhysicalConnections(DatabaseDefinition definition, ConnectionTarget target) {
		this.definition = definition;
		this.target = target;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return open(DriverProperties.forApplication(this.definition, this.target));
	}

	@Override
	public Connection getConnection(String username, @Nullable String password) throws SQLException {
		Properties properties = DriverProperties.forApplication(this.definition, this.target);
		properties.setProperty("user", username);
		if (password != null) {
			properties.setProperty("password", password);
		}
		return open(properties);
	}

	/**
	 * Connect on a thread of its own: no driver can be told to give up, and the pool does
	 * one attempt after the other.
	 */
	private Connection open(Properties properties) throws SQLException {
		Attempt attempt = new Attempt(properties);
		Thread thread = new Thread(attempt, "appdbs-connect-" + this.definition.name());
		thread.setDaemon(true);
		WaitingThreads.Wait wait = this.waiting.begin();
		try {
			thread.start();
			return attempt.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof SQLException failure) ? failure : new SQLException(ex.getCause());
		}
		catch (InterruptedException ex) {
			attempt.abandon();
			wait.end();
			// the pool ends its series of attempts, and begins another when it needs a
			// connection
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("Given up", ex);
		}
		finally {
			wait.end();
		}
	}

	/**
	 * Give up attempts to connect that may take long because they were begun while the
	 * database was down.
	 */
	void abandonAttempts() {
		this.waiting.interrupt();
	}

	private void opened(Connection connection) {
		this.connections.removeIf(PhysicalConnections::isClosed);
		this.connections.add(connection);
	}

	private static boolean isClosed(Connection connection) {
		try {
			return connection.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/**
	 * End all connections and whatever waits for an answer on them. Does not wait: a
	 * driver may try to tell the server.
	 */
	void abort() {
		for (Connection connection : this.connections) {
			Thread thread = new Thread(() -> abort(connection), "appdbs-abort-" + this.definition.name());
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void abort(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			logger.debug("A connection of database '%s' could not be aborted".formatted(this.definition.name()), ex);
		}
		this.connections.remove(connection);
	}

	/**
	 * The properties of the driver have the limit.
	 */
	@Override
	public void setLoginTimeout(int timeout) {
	}

	@Override
	public String toString() {
		return this.target.address();
	}

	/**
	 * One attempt to connect. A connection that comes too late is closed.
	 */
	private final class Attempt extends FutureTask<Connection> {

		Attempt(Properties properties) {
			super(() -> JdbcConnections.connect((JdbcEngine) PhysicalConnections.this.definition.engine(),
					PhysicalConnections.this.target.url(), properties));
		}

		@Override
		protected void set(Connection connection) {
			opened(connection);
			super.set(connection);
			if (isCancelled()) {
				abort(connection);
			}
		}

		void abandon() {
			// does not interrupt: a driver need not be able to bear it
			if (!cancel(false)) {
				try {
					abort(get());
				}
				catch (Exception ex) {
					// it failed, which is as good
				}
			}
		}

	}

}
