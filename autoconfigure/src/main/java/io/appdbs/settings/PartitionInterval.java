package io.appdbs.settings;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Number of days, weeks, months or years in UTC, which begin on the same days everywhere:
 * weeks on Monday, several months or years at the multiples of their number since year 0.
 *
 * @param count the number, from 1 to 366
 * @param unit days, weeks, months or years
 */
public record PartitionInterval(int count, ChronoUnit unit) {

	private static final Pattern TEXT = Pattern.compile("(?:(\\d{1,3}) +)?(day|week|month|year)s?");

	private static final int MAX_COUNT = 366;

	private static final LocalDateTime MONDAY = LocalDateTime.of(1970, 1, 5, 0, 0);

	/**
	 * Parses an interval.
	 * @param text the text, for example {@code month} or {@code 3 months}
	 * @return the interval or {@code null} if it is malformed
	 */
	public static @Nullable PartitionInterval parse(String text) {
		Matcher matcher = TEXT.matcher(text.trim().toLowerCase(Locale.ROOT));
		if (!matcher.matches()) {
			return null;
		}
		int count = (matcher.group(1) != null) ? Integer.parseInt(matcher.group(1)) : 1;
		ChronoUnit unit = ChronoUnit.valueOf(matcher.group(2).toUpperCase(Locale.ROOT) + "S");
		return (count >= 1 && count <= MAX_COUNT) ? new PartitionInterval(count, unit) : null;
	}

	/**
	 * Returns the beginning of the interval that has a time.
	 * @param time the time
	 * @return the beginning
	 */
	public LocalDateTime floor(LocalDateTime time) {
		LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
		return switch (this.unit) {
			case DAYS -> day.minusDays(Math.floorMod(day.toLocalDate().toEpochDay(), this.count));
			case WEEKS -> {
				LocalDateTime monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
				yield monday.minusWeeks(Math.floorMod(ChronoUnit.WEEKS.between(MONDAY, monday), this.count));
			}
			case MONTHS ->
				day.withDayOfMonth(1).minusMonths(Math.floorMod(day.getLong(ChronoField.PROLEPTIC_MONTH), this.count));
			default -> day.withDayOfYear(1).minusYears(Math.floorMod(day.getYear(), this.count));
		};
	}

	/**
	 * Returns the end of the interval that has a time.
	 * @param time the time
	 * @return the end, which is the beginning of the next one
	 */
	public LocalDateTime next(LocalDateTime time) {
		return plus(floor(time), 1);
	}

	/**
	 * Adds this interval to a time.
	 * @param time the time
	 * @param times how often, negative to subtract it
	 * @return the other time
	 */
	public LocalDateTime plus(LocalDateTime time, int times) {
		return time.plus((long) this.count * times, this.unit);
	}

	/**
	 * Returns whether this interval is always at least as long as another one.
	 * @param other the other one
	 * @return whether no interval of the other kind is longer
	 */
	public boolean isAtLeast(PartitionInterval other) {
		if (this.unit == other.unit) {
			return this.count >= other.count;
		}
		// begins with the shortest months and ends with the longest ones
		LocalDateTime shortest = LocalDateTime.of(2025, 2, 1, 0, 0);
		LocalDateTime longest = LocalDateTime.of(2027, 7, 1, 0, 0);
		boolean months = this.unit.compareTo(ChronoUnit.MONTHS) >= 0 && other.unit.compareTo(ChronoUnit.MONTHS) >= 0;
		return ChronoUnit.DAYS.between(shortest, plus(shortest, 1)) >= ChronoUnit.DAYS
			.between(months ? shortest : longest, other.plus(months ? shortest : longest, 1));
	}

	/**
	 * Returns the part of the name of a partition that says which rows it has.
	 * @param from the first time of its rows
	 * @return for example {@code p2027_01} for a month
	 */
	public String label(LocalDateTime from) {
		if (!from.equals(floor(from))) {
			return format(from,
					from.equals(from.truncatedTo(ChronoUnit.DAYS)) ? "'p'uuuu_MM_dd" : "'p'uuuu_MM_dd_HHmmss");
		}
		return switch (this.unit) {
			case DAYS -> format(from, "'p'uuuu_MM_dd");
			case WEEKS -> String.format(Locale.ROOT, "p%04d_w%02d", from.get(IsoFields.WEEK_BASED_YEAR),
					from.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
			case MONTHS -> format(from, "'p'uuuu_MM");
			default -> format(from, "'p'uuuu");
		};
	}

	private static String format(LocalDateTime time, String pattern) {
		return time.format(DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
	}

	/**
	 * Returns the interval as a setting, for example {@code 3 months}.
	 */
	@Override
	public String toString() {
		String units = this.unit.name().toLowerCase(Locale.ROOT);
		return this.count + " " + ((this.count == 1) ? units.substring(0, units.length() - 1) : units);
	}

}
