package io.appdbs.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs that a pool is exhausted: once, again every five minutes, and again if it has not
 * been exhausted for a minute. Thread-safe.
 */
final class PoolExhaustionLog {

	private static final Log logger = LogFactory.getLog(PoolExhaustionLog.class);

	private static final Duration END_OF_EPISODE = Duration.ofMinutes(1);

	private static final Duration REMINDER = Duration.ofMinutes(5);

	private final LongSupplier nanoTime;

	private long lastTime;

	private long loggedTime;

	PoolExhaustionLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.lastTime = nanoTime.getAsLong() - END_OF_EPISODE.toNanos();
		this.loggedTime = this.lastTime;
	}

	void exhausted(PoolExhaustedException failure) {
		if (isDue()) {
			logger.warn("%s Further timeouts are not logged until the pool has not been exhausted for %d s."
				.formatted(failure.getMessage(), END_OF_EPISODE.toSeconds()));
		}
	}

	private synchronized boolean isDue() {
		long now = this.nanoTime.getAsLong();
		boolean due = now - this.lastTime >= END_OF_EPISODE.toNanos() || now - this.loggedTime >= REMINDER.toNanos();
		this.lastTime = now;
		if (due) {
			this.loggedTime = now;
		}
		return due;
	}

}
