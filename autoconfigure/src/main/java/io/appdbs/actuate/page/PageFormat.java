package io.appdbs.actuate.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Formats times and durations for readers. Times are in UTC, as in the JSON.
 *
 * @param now the time at which the page is written
 */
record PageFormat(Instant now) {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter DATE_TIME = DateTimeFormatter
		.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	/**
	 * Writes a time, without the date if it is today, and how long ago it was.
	 */
	void writeSince(HtmlWriter html, Instant time) {
		writeTime(html, time);
		html.text(" (%s ago)".formatted(describe(Duration.between(time, this.now))));
	}

	/**
	 * Writes a time that has not come yet.
	 */
	void writeUntil(HtmlWriter html, Instant time) {
		Duration left = Duration.between(this.now, time);
		if (left.toSeconds() <= 0) {
			html.text("now");
			return;
		}
		html.text("in %s, at ".formatted(describe(left)));
		writeTime(html, time);
	}

	void writeTime(HtmlWriter html, Instant time) {
		Instant seconds = time.truncatedTo(ChronoUnit.SECONDS);
		boolean today = seconds.truncatedTo(ChronoUnit.DAYS).equals(this.now.truncatedTo(ChronoUnit.DAYS));
		html.element("time", (today ? TIME : DATE_TIME).format(seconds), "datetime", seconds.toString());
	}

	/**
	 * Describes a duration in its two largest units.
	 */
	static String describe(Duration duration) {
		if (duration.isNegative()) {
			return describe(Duration.ZERO);
		}
		if (duration.toMinutes() == 0) {
			return duration.toSeconds() + " s";
		}
		if (duration.toHours() == 0) {
			return "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
		}
		if (duration.toDays() == 0) {
			return "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
		}
		return "%d d %d h".formatted(duration.toDays(), duration.toHoursPart());
	}

	/**
	 * Describes a duration that was measured.
	 */
	static String measure(Duration duration) {
		double millis = duration.toNanos() / 1e6;
		return (millis < 1000) ? String.format(Locale.ROOT, (millis < 10) ? "%.1f ms" : "%.0f ms", millis)
				: String.format(Locale.ROOT, "%.1f s", millis / 1000);
	}

}
