package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.appdbs.settings.ConnectionAdmission.Use;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server whether it is read-only.
 *
 * @param definition the database
 * @param pool the pool
 * @param driver opens new connections
 * @param probe the connection that probes the database
 */
record ServerRole(DatabaseDefinition definition, ConnectionPool pool, DriverDataSource driver, JdbcProbe probe) {

	private static final Duration TIMEOUT = Duration.ofMillis(250);

	/**
	 * Returns whether an open connection reports a read-only server, or there is none to
	 * ask.
	 */
	boolean mayBeReadOnly() {
		Boolean ofPool = (this.pool.getUsage().idle() > 0) ? askIdle() : null;
		Boolean ofProbe = this.probe.isReadOnly();
		return (ofPool == null && ofProbe == null) || Boolean.TRUE.equals(ofPool) || Boolean.TRUE.equals(ofProbe);
	}

	private @Nullable Boolean askIdle() {
		try (Connection connection = this.pool.borrow(TIMEOUT)) {
			return ask(connection);
		}
		catch (SQLException ex) {
			return null;
		}
	}

	private @Nullable Boolean ask(Connection connection) throws SQLException {
		return JdbcConnections.isReadOnly(this.definition.jdbcEngine(), connection);
	}

	/**
	 * Returns whether a new connection reports a read-only server.
	 */
	boolean isReadOnlyForNewConnections() throws SQLException {
		try (Connection connection = this.driver.openUnpooled(Use.SERVICE)) {
			return Boolean.TRUE.equals(ask(connection));
		}
	}

	/**
	 * Replaces the connections, including the one that probes.
	 */
	void replaceConnections() {
		this.probe.close();
		this.pool.replace();
	}

}
