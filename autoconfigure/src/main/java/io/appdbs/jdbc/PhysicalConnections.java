package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

	private Connection open(Properties properties) throws SQLException {
		Connection connection = JdbcConnections.connect((JdbcEngine) this.definition.engine(), this.target.url(),
				properties);
		this.connections.removeIf(PhysicalConnections::isClosed);
		this.connections.add(connection);
		return connection;
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

}
