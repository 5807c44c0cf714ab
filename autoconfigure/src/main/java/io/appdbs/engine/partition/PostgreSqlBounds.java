package io.appdbs.engine.partition;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Bounds of partitions of PostgreSQL, in the style ISO, which the driver needs.
 */
final class PostgreSqlBounds {

	private static final Pattern RANGE = Pattern.compile("FOR VALUES FROM \\((.*?)\\) TO \\((.*?)\\)");

	private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
		.appendValue(ChronoField.YEAR, 4, 9, SignStyle.NORMAL)
		.appendPattern("-MM-dd[ HH:mm:ss]")
		.optionalStart()
		.appendFraction(ChronoField.NANO_OF_SECOND, 1, 6, true)
		.optionalEnd()
		.optionalStart()
		.appendOffset("+HH:mm:ss", "+00")
		.optionalEnd()
		.parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
		.parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
		.toFormatter();

	private static final DateTimeFormatter LITERAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

	private PostgreSqlBounds() {
	}

	static Partition parse(String name, String bound, boolean detaching) {
		Matcher matcher = RANGE.matcher(bound);
		if (!matcher.matches()) {
			throw unknown(name, bound, null);
		}
		try {
			return new Partition(name, time(matcher.group(1)), time(matcher.group(2)), detaching);
		}
		catch (DateTimeParseException ex) {
			throw unknown(name, bound, ex);
		}
	}

	private static PartitionException unknown(String name, String bound, @Nullable Exception cause) {
		return new PartitionException("has the partition %s with bounds that cannot be read: %s".formatted(name, bound),
				"Detach the partition, or create the partitions in migrations.", cause);
	}

	private static @Nullable LocalDateTime time(String bound) {
		String text = bound.startsWith("'") ? bound.substring(1, bound.length() - 1) : bound;
		return switch (text) {
			case "MINVALUE", "MAXVALUE", "-infinity", "infinity" -> null;
			default -> OffsetDateTime.parse(text, FORMAT).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
		};
	}

	/**
	 * Formats a bound as a literal, which does not depend on the time zone of the
	 * session.
	 */
	static String format(LocalDateTime bound, String type) {
		return switch (type) {
			case "date" -> "'" + bound.toLocalDate() + "'";
			case "timestamptz" -> "'" + bound.format(LITERAL) + "+00'";
			default -> "'" + bound.format(LITERAL) + "'";
		};
	}

}
