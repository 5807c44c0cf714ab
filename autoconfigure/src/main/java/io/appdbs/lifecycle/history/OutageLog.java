package io.appdbs.lifecycle.history;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Decides which failures of an outage are logged: a new reason at once, and the current
 * one again as a reminder. Alternating reasons are logged once a minute at most.
 * Thread-safe.
 */
public final class OutageLog {

	private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);

	private static final Duration ALTERNATION_INTERVAL = Duration.ofMinutes(1);

	/** The message of a driver may differ each time. */
	private static final int MAX_REASONS = 8;

	private final Duration firstInterval;

	private final LongSupplier nanoTime;

	private final Set<Object> reasons = new HashSet<>();

	private @Nullable Object lastReason;

	private long lastTime;

	private Duration interval;

	/**
	 * Creates a new {@link OutageLog} with a reminder every five minutes.
	 */
	public OutageLog() {
		this(LONGEST_INTERVAL, System::nanoTime);
	}

	/**
	 * Creates a new {@link OutageLog}.
	 * @param firstInterval the time until the first reminder; it doubles with each
	 * reminder, up to five minutes
	 * @param nanoTime the clock
	 */
	public OutageLog(Duration firstInterval, LongSupplier nanoTime) {
		this.firstInterval = firstInterval;
		this.nanoTime = nanoTime;
		this.interval = firstInterval;
	}

	/**
	 * Returns whether a failure has to be logged. If so, it counts as logged.
	 * @param reason equal for failures that need not be logged twice
	 * @return whether to log it
	 */
	public synchronized boolean isDue(Object reason) {
		long now = this.nanoTime.getAsLong();
		Duration passed = Duration.ofNanos(now - this.lastTime);
		boolean reminder = this.lastReason != null && passed.compareTo(this.interval) >= 0;
		if (!isNew(reason, passed) && !reminder) {
			return false;
		}
		if (reminder) {
			Duration doubled = this.interval.multipliedBy(2);
			this.interval = (doubled.compareTo(LONGEST_INTERVAL) < 0) ? doubled : LONGEST_INTERVAL;
		}
		this.lastReason = reason;
		this.lastTime = now;
		return true;
	}

	private boolean isNew(Object reason, Duration passed) {
		if (reason.equals(this.lastReason)) {
			return false;
		}
		boolean first = this.reasons.size() < MAX_REASONS && this.reasons.add(reason);
		return first || passed.compareTo(ALTERNATION_INTERVAL) >= 0;
	}

	/**
	 * Ends the outage.
	 */
	public synchronized void end() {
		this.reasons.clear();
		this.lastReason = null;
		this.interval = this.firstInterval;
	}

}
