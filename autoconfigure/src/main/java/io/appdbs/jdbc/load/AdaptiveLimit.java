package io.appdbs.jdbc.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import com.netflix.concurrency.limits.Limit;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many connections of a pool are in use, with a limit that follows the time
 * for which they are held: it rises while more borrowers do not slow each other down, and
 * falls when they wait for each other in the server. Thread-safe.
 */
public final class AdaptiveLimit {

	private static final Log logger = LogFactory.getLog(AdaptiveLimit.class);

	private static final int FIRST_LIMIT = 10;

	private final DatabaseDefinition definition;

	private final int lowest;

	private final FairGate gate;

	private final Set<LimitedConnection> borrowed = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean warned = new AtomicBoolean();

	private volatile int maximum;

	private volatile Limit algorithm;

	/**
	 * Creates a new {@link AdaptiveLimit}.
	 * @param definition the database
	 * @param maximum the maximum number of connections of the pool
	 */
	public AdaptiveLimit(DatabaseDefinition definition, int maximum) {
		this.definition = definition;
		this.lowest = definition.settings().pool().lowestLimit();
		this.maximum = maximum;
		this.gate = new FairGate(maximum);
		this.algorithm = begin(Math.min(FIRST_LIMIT, maximum));
	}

	private Limit begin(int initial) {
		Limit algorithm = LoadLimit.create(initial, this.maximum);
		algorithm.notifyOnChange(this::apply);
		apply(algorithm.getLimit());
		return algorithm;
	}

	private void apply(int limit) {
		this.gate.setLimit(Math.max(Math.min(this.lowest, this.maximum), Math.min(limit, this.maximum)));
	}

	/**
	 * Changes the upper bound of the limit.
	 * @param maximum the maximum number of connections of the pool
	 */
	public synchronized void setMaximum(int maximum) {
		this.maximum = maximum;
		this.algorithm = begin(Math.min(getLimit(), maximum));
	}

	/**
	 * Borrows a connection when it is the turn of the caller.
	 * @param begin the {@link System#nanoTime()} since which the caller has waited
	 * @param timeout how long the caller waits in total
	 * @param source borrows from the pool
	 * @return the connection, which occupies a place until it is closed, or {@code null}
	 * if the wait was {@linkplain #dismiss() ended} or the source has none
	 * @throws LimitReachedException if the caller has waited for the time-out
	 * @throws SQLException if the thread was interrupted, or the pool has no connection
	 */
	public @Nullable Connection borrow(long begin, Duration timeout, Source source) throws SQLException {
		switch (enter(timeout.toNanos() - (System.nanoTime() - begin))) {
			case DISMISSED -> {
				return null;
			}
			case TIMED_OUT -> throw new LimitReachedException(
					"%d connections of database '%s' may be in use".formatted(getLimit(), this.definition.name()));
			case ADMITTED -> {
			}
		}
		boolean obtained = false;
		try {
			Connection connection = source.borrow();
			if (connection == null) {
				return null;
			}
			LimitedConnection limited = new LimitedConnection(connection, this, this.gate.getInside());
			Connection proxy = limited.createProxy(Connection.class);
			this.borrowed.add(limited);
			obtained = true;
			return proxy;
		}
		finally {
			if (!obtained) {
				this.gate.leave();
			}
		}
	}

	private FairGate.Outcome enter(long nanos) throws SQLException {
		try {
			return this.gate.enter(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLException(
					"Interrupted while waiting for a connection of database '%s'".formatted(this.definition.name()),
					ex);
		}
	}

	void release(LimitedConnection connection) {
		this.borrowed.remove(connection);
		this.gate.leave();
		if (connection.isUsed()) {
			learn(connection, Math.max(1, System.nanoTime() - connection.getSince()));
		}
	}

	/**
	 * A connection that is held for as long as a leak says nothing about the server.
	 */
	private void learn(LimitedConnection connection, long held) {
		Duration leakThreshold = this.definition.settings().pool().leakThreshold();
		if (leakThreshold == null || leakThreshold.isZero() || held < leakThreshold.toNanos()) {
			this.algorithm.onSample(connection.getSince(), held, connection.getBorrowers(), false);
		}
		else if (this.warned.compareAndSet(false, true)) {
			logger.warn(
					"Database '%s': a connection was held for %d ms, longer than '%s'. With '%s', the time for which connections are held sets the limit, and includes what the application does between statements. Move calls of other services out of transactions. Further cases are not logged."
						.formatted(this.definition.name(), held / 1_000_000, this.definition.key("pool.leak-threshold"),
								this.definition.key("pool.adaptive")));
		}
	}

	/**
	 * Releases the places of connections that were closed in another way than by their
	 * borrower.
	 */
	public void releaseClosed() {
		this.borrowed.forEach(LimitedConnection::releaseIfClosed);
	}

	/**
	 * Ends the waiting of all callers, because new borrows are blocked.
	 */
	public void dismiss() {
		this.gate.dismiss();
	}

	/**
	 * Returns how many connections may be in use now.
	 * @return the limit
	 */
	public int getLimit() {
		return this.gate.getLimit();
	}

	/**
	 * Returns how many callers wait for their turn.
	 * @return the number
	 */
	public int getWaiting() {
		return this.gate.getWaiting();
	}

	/**
	 * Returns how many places are occupied.
	 * @return the number of borrowers
	 */
	int getBorrowers() {
		return this.gate.getInside();
	}

	@Override
	public String toString() {
		return "Limit of database '%s': %s".formatted(this.definition.name(), this.gate);
	}

	/**
	 * Borrows a connection.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Borrows a connection from the pool, when it is the turn of the caller.
		 * @return the connection, or {@code null} if the caller may not have it now
		 * @throws SQLException if there is none in time
		 */
		@Nullable Connection borrow() throws SQLException;

	}

}
