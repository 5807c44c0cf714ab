package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.JdbcEngine;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connection that probes a database, kept between the probes. The driver bounds
 * connecting and every read on it.
 */
final class JdbcProbe {

	private static final Log logger = LogFactory.getLog(JdbcProbe.class);

	private final DatabaseDefinition definition;

	private volatile ConnectionTarget target;

	private volatile @Nullable Connection connection;

	private volatile boolean ended;

	private volatile boolean positionUnknown;

	JdbcProbe(DatabaseDefinition definition, ConnectionTarget target) {
		this.definition = definition;
		this.target = target;
	}

	Connection open(Duration timeout) throws SQLException {
		Connection connection = connect(this.target, timeout);
		this.connection = connection;
		closeIfEnded();
		return connection;
	}

	private void closeIfEnded() {
		if (this.ended) {
			close();
		}
	}

	private Connection connect(ConnectionTarget target, Duration timeout) throws SQLException {
		JdbcEngine engine = (JdbcEngine) this.definition.engine();
		Map<String, String> limits = new HashMap<>(engine.getConnectTimeoutProperties(timeout));
		limits.putAll(engine.getReadTimeoutProperties(timeout));
		return JdbcConnections.open(this.definition, target, limits);
	}

	/**
	 * Connect with other credentials from now on, if that succeeds.
	 */
	void rotate(ConnectionTarget target, Duration timeout) throws SQLException {
		Connection connection = connect(target, timeout);
		synchronized (this) {
			close();
			this.target = target;
			this.connection = connection;
			closeIfEnded();
		}
	}

	/**
	 * Check that the server answers. A kept connection that breaks may be the only thing
	 * that is broken, so a new one decides; a server that says nothing at all has had its
	 * time.
	 */
	synchronized void check(Duration timeout) throws SQLException {
		Connection kept = this.connection;
		long begin = System.nanoTime();
		if (kept != null && isValid(kept, timeout)) {
			return;
		}
		close();
		if (kept != null && System.nanoTime() - begin >= timeout.toNanos()) {
			throw silent(timeout);
		}
		if (!isValid(open(timeout), timeout)) {
			close();
			throw silent(timeout);
		}
	}

	/**
	 * Ask how far the server has got.
	 * @param engine what the server has turned out to be
	 * @return the position or {@code null} if the server does not tell
	 */
	@Nullable Long readReplicationPosition(JdbcEngine engine) {
		Connection connection = this.connection;
		String query = engine.getReplicationPositionQuery();
		if (connection == null || query == null) {
			return null;
		}
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
			result.next();
			long position = result.getLong(1);
			if (!result.wasNull()) {
				return position;
			}
			positionUnknown(null);
		}
		catch (SQLException ex) {
			positionUnknown(ex);
		}
		return null;
	}

	private void positionUnknown(@Nullable SQLException ex) {
		String state = (ex != null) ? String.valueOf(ex.getSQLState()) : "";
		// a server that has just gone down is told of otherwise
		if (!this.positionUnknown && !state.startsWith("08") && !state.startsWith("57")) {
			this.positionUnknown = true;
			logger.warn(
					"Database '%s': its server does not tell how far it has got, so no lag is known, and replicas serve however far they are behind."
						.formatted(this.definition.name()),
					ex);
		}
	}

	private static boolean isValid(Connection connection, Duration timeout) {
		try {
			// the next whole second
			return connection.isValid((int) timeout.plusNanos(999_999_999).toSeconds());
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static SQLException silent(Duration timeout) {
		return new SQLTimeoutException("The server did not answer within " + timeout.toMillis() + " ms", "08006");
	}

	/**
	 * Close the connection for good, also one that is being opened by a probe under way.
	 */
	void end() {
		this.ended = true;
		close();
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
