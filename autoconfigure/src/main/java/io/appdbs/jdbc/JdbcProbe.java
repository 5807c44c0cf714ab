package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.JdbcEngine;
import org.jspecify.annotations.Nullable;

/**
 * The connection that probes a database, kept between the probes. The driver bounds
 * connecting and every read on it.
 */
final class JdbcProbe {

	private final DatabaseDefinition definition;

	private final ConnectionTarget target;

	private volatile @Nullable Connection connection;

	JdbcProbe(DatabaseDefinition definition, ConnectionTarget target) {
		this.definition = definition;
		this.target = target;
	}

	Connection open(Duration timeout) throws SQLException {
		JdbcEngine engine = (JdbcEngine) this.definition.engine();
		Connection connection = JdbcConnections.open(this.definition, this.target, engine.getProbeProperties(timeout));
		this.connection = connection;
		return connection;
	}

	/**
	 * Check that the server answers. A kept connection may be the only thing that is
	 * broken, so a new one decides.
	 */
	void check(Duration timeout) throws SQLException {
		Connection kept = this.connection;
		if (kept != null && isValid(kept, timeout)) {
			return;
		}
		close();
		Connection connection = open(timeout);
		if (!isValid(connection, timeout)) {
			close();
			throw new SQLException("The server did not answer within " + timeout.toMillis() + " ms", "08006");
		}
	}

	private static boolean isValid(Connection connection, Duration timeout) {
		try {
			return connection.isValid((int) Math.max(1, timeout.toSeconds()));
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Close the connection without asking the server, which may not answer.
	 */
	void close() {
		Connection connection = this.connection;
		this.connection = null;
		if (connection != null) {
			try {
				connection.abort(Runnable::run);
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

}
