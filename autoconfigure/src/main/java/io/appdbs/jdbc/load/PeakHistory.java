package io.appdbs.jdbc.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The highest usage of a pool in the last seven days, by the hour. Not thread-safe.
 */
final class PeakHistory {

	private static final int HOURS = 7 * 24;

	private static final int MINUTES_PER_HOUR = 60;

	/** The peaks of full hours. */
	private final Deque<Integer> hours = new ArrayDeque<>();

	private int current;

	private int minutes;

	/**
	 * Adds a minute.
	 * @param peak the highest number of connections that were in use
	 */
	void add(int peak) {
		this.current = Math.max(this.current, peak);
		this.minutes++;
		if (this.minutes == MINUTES_PER_HOUR) {
			this.hours.add(this.current);
			this.current = 0;
			this.minutes = 0;
			if (this.hours.size() > HOURS) {
				this.hours.remove();
			}
		}
	}

	int getPeak() {
		return Math.max(this.current, this.hours.stream().mapToInt(Integer::intValue).max().orElse(0));
	}

	/**
	 * Returns how long the pool has been measured, seven days at most.
	 */
	Duration getPeriod() {
		return (this.hours.size() == HOURS) ? Duration.ofHours(HOURS)
				: Duration.ofHours(this.hours.size()).plusMinutes(this.minutes);
	}

	String describePeriod() {
		return (this.hours.size() == HOURS) ? "the last 7 days"
				: "the %d hours since the pool was opened".formatted(this.hours.size());
	}

}
