package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.appdbs.DatabaseOutage;
import io.appdbs.IllegalDatabaseOperationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets an operator block new borrows of a database.
 */
final class SuspensionSwitch {

	private static final Log logger = LogFactory.getLog(SuspensionSwitch.class);

	private final String database;

	private volatile @Nullable Suspension suspension;

	SuspensionSwitch(String database) {
		this.database = database;
	}

	/**
	 * Makes callers wait, or fail, until {@link #resume()}.
	 * @param failing whether they fail at once
	 */
	synchronized void suspend(boolean failing) {
		Suspension suspension = this.suspension;
		if (suspension != null) {
			throw new IllegalDatabaseOperationException(this.database,
					"Database '%s' has been suspended since %s. Resume it first.".formatted(this.database,
							suspension.since()));
		}
		this.suspension = new Suspension(Instant.now(), failing, new CountDownLatch(1), ConcurrentHashMap.newKeySet());
		logger.info("Database '%s' is suspended: callers %s".formatted(this.database, failing ? "fail" : "wait"));
	}

	synchronized void resume() {
		Suspension suspension = this.suspension;
		if (suspension == null) {
			throw new IllegalDatabaseOperationException(this.database,
					"Database '%s' is not suspended.".formatted(this.database));
		}
		this.suspension = null;
		suspension.end().countDown();
		suspension.waiting().forEach((waiting) -> waiting.complete(null));
		logger.info("Database '%s' is resumed".formatted(this.database));
	}

	/**
	 * Waits for the end of the suspension, unless callers fail at once.
	 * @return why the database cannot be used or {@code null} if it is no longer
	 * suspended
	 */
	@Nullable DatabaseOutage await(Duration timeout) {
		Suspension suspension = this.suspension;
		if (suspension != null && !suspension.failing()) {
			try {
				suspension.end().await(timeout.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		return getOutage();
	}

	/**
	 * Waits for the end of the suspension, unless callers fail at once, without a thread.
	 * @return completed when the suspension has ended, or after the time-out
	 */
	CompletableFuture<Void> awaitAsync(Duration timeout) {
		Suspension suspension = this.suspension;
		CompletableFuture<Void> waiting = new CompletableFuture<>();
		if (suspension == null || suspension.failing()) {
			waiting.complete(null);
			return waiting;
		}
		suspension.waiting().add(waiting);
		waiting.whenComplete((end, failure) -> suspension.waiting().remove(waiting));
		if (suspension.end().getCount() == 0) {
			waiting.complete(null);
		}
		return waiting.completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Nullable DatabaseOutage getOutage() {
		Suspension suspension = this.suspension;
		return (suspension != null) ? DatabaseOutage.suspended(this.database, suspension.since()) : null;
	}

	/**
	 * A suspension.
	 *
	 * @param since when it began
	 * @param failing whether callers fail at once instead of waiting
	 * @param end released when it ends
	 * @param waiting completed when it ends
	 */
	private record Suspension(Instant since, boolean failing, CountDownLatch end,
			Set<CompletableFuture<Void>> waiting) {

	}

}
