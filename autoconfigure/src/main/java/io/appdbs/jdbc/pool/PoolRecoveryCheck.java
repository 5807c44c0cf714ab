package io.appdbs.jdbc.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.appdbs.engine.FailureReason;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a pool can open a connection. The one that probes may have taken the last
 * that the server gives to the login: then it is the pool's.
 *
 * @param definition the database
 * @param pool the pool
 * @param probe the connection that probes
 */
public record PoolRecoveryCheck(DatabaseDefinition definition, ConnectionPool pool, JdbcProbe probe) {

	/** What a server may need to notice that a connection has been closed. */
	private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

	private static final Duration CLOSING_INTERVAL = Duration.ofMillis(20);

	/**
	 * Prove it. If the server has no other connection to give than those that the
	 * application holds, it lives nevertheless.
	 * @throws SQLException if the pool cannot open a connection
	 */
	public void prove() throws SQLException {
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
	 * Return what the server has said if it has no connection left.
	 */
	private @Nullable SQLException attempt() throws SQLException {
		try {
			this.pool.prove(this.definition.settings().pool().connectTimeoutOrDefault());
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
