package io.appdbs.jdbc.load;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

import io.appdbs.PoolAdvice;

/**
 * Advises on the size of a pool.
 *
 * @param smallest the smallest size that the settings allow
 * @param room how many connections the server leaves to this pool
 */
record PoolAdvisor(int smallest, int room) {

	/** The share of callers that may have to wait. */
	private static final double WAITING = 0.05;

	/** A pool of which less was in use is too large. */
	private static final double SMALL_PEAK = 0.3;

	/** A shorter time does not show that a pool is too large. */
	private static final Duration MINIMUM_PERIOD = Duration.ofDays(1);

	private static final Comparator<LoadMinute> BUSIEST = Comparator.comparingLong(LoadMinute::waitNanos)
		.thenComparingDouble(LoadMinute::demand);

	/**
	 * Returns the advice.
	 * @param minutes the minutes of the last hour, at least one
	 * @param maximum the maximum size of the pool in these minutes
	 * @param history the highest usage in a longer time
	 * @return the advice
	 */
	PoolAdvice advise(Collection<LoadMinute> minutes, int maximum, PeakHistory history) {
		LoadMinute busiest = minutes.stream().max(BUSIEST).orElseThrow();
		long timeouts = minutes.stream().mapToLong(LoadMinute::timeouts).sum();
		int needed = ErlangC.connections(minutes.stream().mapToDouble(LoadMinute::demand).max().orElseThrow(), WAITING);
		if (busiest.waitShare() > WAITING || timeouts > 0) {
			// callers that do not arrive independently need more than the formula says
			return limit(Math.max(needed, maximum + (maximum + 3) / 4), maximum, describeWaits(busiest, timeouts));
		}
		if (history.getPeak() < maximum * SMALL_PEAK && history.getPeriod().compareTo(MINIMUM_PERIOD) >= 0) {
			int recommended = Math.max(needed, 2 * history.getPeak());
			return limit(Math.min(recommended, maximum), maximum,
					"at most %d of %d connections were in use at a time in %s".formatted(history.getPeak(), maximum,
							history.describePeriod()));
		}
		return limit(maximum, maximum,
				"at most %d of %d connections were in use at a time in the last hour, and %s of the borrows of the busiest minute waited"
					.formatted(minutes.stream().mapToInt(LoadMinute::peak).max().orElseThrow(), maximum,
							percent(busiest.waitShare())));
	}

	private static String describeWaits(LoadMinute busiest, long timeouts) {
		long inUse = Math.round(busiest.inUse());
		String waits = "%s of the borrows of the busiest minute waited, %d ms on average; %d %s in use on average"
			.formatted(percent(busiest.waitShare()), busiest.meanWaitMillis(), inUse,
					(inUse == 1) ? "connection was" : "connections were");
		return (timeouts > 0) ? waits
				+ "; %d %s timed out in the last hour".formatted(timeouts, (timeouts == 1) ? "caller" : "callers")
				: waits;
	}

	private PoolAdvice limit(int recommended, int maximum, String reason) {
		int possible = Math.max(1, Math.min(recommended, this.room));
		int size = Math.max(possible, Math.min(this.smallest, maximum));
		return new PoolAdvice(size, (recommended > this.room)
				? reason + "; the server leaves %d connections to this pool".formatted(possible) : reason);
	}

	private static String percent(double share) {
		double percent = 100 * share;
		return (percent > 0 && percent < 1) ? "less than 1 %" : String.format(Locale.ROOT, "%.0f %%", percent);
	}

}
