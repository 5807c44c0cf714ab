package io.appdbs.engine.inspection;

import java.time.Duration;
import java.util.Locale;

/**
 * Writes amounts in texts for operators.
 */
public final class Amounts {

	private static final String[] UNITS = { "B", "kB", "MB", "GB", "TB", "PB" };

	private Amounts() {
	}

	/**
	 * Returns a size, as PostgreSQL's {@code pg_size_pretty} writes it.
	 * @param bytes the size in bytes
	 * @return the size in units of 1,024, for example {@code 412 MB}
	 */
	public static String ofBytes(long bytes) {
		double amount = bytes;
		int unit = 0;
		while (amount >= 1024 && unit < UNITS.length - 1) {
			amount /= 1024;
			unit++;
		}
		boolean whole = unit == 0 || amount >= 10;
		return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
	}

	/**
	 * Returns a duration in its two largest units.
	 * @param duration the duration
	 * @return the duration, for example {@code 5 d 17 h} or {@code 8 s}
	 */
	public static String ofDuration(Duration duration) {
		if (duration.toDays() > 0) {
			return join(duration.toDays(), "d", duration.toHoursPart(), "h");
		}
		if (duration.toHours() > 0) {
			return join(duration.toHours(), "h", duration.toMinutesPart(), "min");
		}
		if (duration.toMinutes() > 0) {
			return join(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
		}
		return (duration.toSeconds() > 0) ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
	}

	private static String join(long large, String largeUnit, int small, String smallUnit) {
		return (small > 0) ? "%d %s %d %s".formatted(large, largeUnit, small, smallUnit)
				: "%d %s".formatted(large, largeUnit);
	}

}
