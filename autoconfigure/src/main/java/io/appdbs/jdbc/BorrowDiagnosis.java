package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.appdbs.DatabaseOutage;
import io.appdbs.PoolUsage;
import io.appdbs.jdbc.load.LimitReachedException;
import io.appdbs.jdbc.pool.ConnectionPool;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a caller did not get a connection, and counts it.
 */
final class BorrowDiagnosis {

	private final DatabaseDefinition definition;

	private final DatabaseAvailability availability;

	private final @Nullable ConnectionHolders holders;

	private final PoolExhaustionLog exhaustionLog = new PoolExhaustionLog(System::nanoTime);

	BorrowDiagnosis(DatabaseDefinition definition, DatabaseAvailability availability) {
		this.definition = definition;
		this.availability = availability;
		this.holders = (definition.settings().pool().leakThreshold() != null) ? new ConnectionHolders() : null;
	}

	/**
	 * Records who holds a connection, if that is configured.
	 */
	void borrowed(Connection connection, ConnectionPool pool) {
		if (this.holders != null) {
			this.holders.add(connection, pool.getDataSource().getMaximumPoolSize());
		}
	}

	/**
	 * Distinguishes an outage that had not been detected yet, a pool that cannot open
	 * further connections, and an exhausted pool.
	 */
	SQLException explain(ConnectionPool pool, PoolUsage usage, SQLException ex) {
		DatabaseOutage outage = this.availability.check(Duration.ZERO);
		if (outage != null) {
			DatabaseDownException down = new DatabaseDownException(outage);
			// as the cause, its message would be what logs print as the root cause
			down.addSuppressed(ex);
			return down;
		}
		String name = this.definition.name();
		boolean inUse = usage.active() >= usage.maximum() || ex instanceof LimitReachedException;
		long timeout = pool.getDataSource().getConnectionTimeout();
		String shortage = inUse ? null : pool.describeShortage();
		String failure = (inUse || shortage != null) ? null : pool.describeConnectFailure();
		if (failure != null) {
			this.availability.borrowFailed(BorrowFailure.CONNECT);
			return new PoolConnectException(name,
					"Timed out after %d ms because the pool of database '%s' could not open a connection (%s): %s"
						.formatted(timeout, name, describe(usage), failure),
					ex);
		}
		this.availability.borrowFailed(BorrowFailure.EXHAUSTED);
		PoolExhaustedException exhausted = new PoolExhaustedException(name,
				"Timed out after %d ms waiting for a connection from the pool of database '%s': %s.%s".formatted(
						timeout, name, describe(usage),
						inUse ? describeHolders() : (shortage != null) ? describeLimit(shortage) : ""),
				ex);
		this.exhaustionLog.exhausted(exhausted);
		return exhausted;
	}

	private String describe(PoolUsage usage) {
		String description = "active %d, idle %d, waiting %d, maximum %d".formatted(usage.active(), usage.idle(),
				usage.waiting(), usage.maximum());
		return (usage.limit() != null)
				? description + ", limited to %d by '%s'".formatted(usage.limit(), this.definition.key("pool.adaptive"))
				: description;
	}

	private String describeLimit(String shortage) {
		return " %s Close connections sooner, lower '%s' of databases that do not need as many, or increase the limit if the servers accept more connections."
			.formatted(shortage, this.definition.key("pool.max-size"));
	}

	private String describeHolders() {
		return (this.holders != null) ? " Held by " + this.holders.describe() + "."
				: " Set '%s' to see which threads hold the connections."
					.formatted(this.definition.key("pool.leak-threshold"));
	}

}
