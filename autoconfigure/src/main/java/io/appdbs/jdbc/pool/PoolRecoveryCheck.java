package io.appdbs.jdbc.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.appdbs.engine.FailureReason;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that a pool can open a connection. If the probe holds the last connection that
 * the server allows, closes it in favor of the pool.
 *
 * @param definition the database
 * @param pool the pool
 * @param probe the connection that probes the database
 */
public record PoolRecoveryCheck(DatabaseDefinition definition, ConnectionPool pool, JdbcProbe probe) {

	/** The time that a server may need to notice that a connection has been closed. */
	private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

	private static final Duration CLOSING_INTERVAL = Duration.ofMillis(20);

	/**
	 * Runs the check. It also succeeds if the application holds all connections that the
	 * server allows.
	 * @throws SQLException if the pool cannot open a connection
	 */
	public void run() throws SQLException {
		SQLException failure = attempt();
		if (failure != null) {
			this.probe.close();
		}
		long begin = System.nanoTime();
		while (failure != null && this.pool.getUsage().active() == 0) {
			if (System.nanoTime() - begin > CLOSING_TIME.toNanos()) {
				throw failure;
			}
			LockSupport.parkNanos(CLOSING_INTERVAL.toNanos());
			failure = attempt();
		}
	}

	/**
	 * Returns the failure if the server allows no further connection.
	 */
	private @Nullable SQLException attempt() throws SQLException {
		try {
			this.pool.verify(this.definition.settings().pool().connectTimeoutOrDefault());
			return null;
		}
		catch (SQLException ex) {
			if (this.definition.engine().classify(ex) != FailureReason.TOO_MANY_CONNECTIONS) {
				throw ex;
			}
			return ex;
		}
	}

}
