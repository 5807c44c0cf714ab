package io.appdbs.engine.partition;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bounds of partitions of MySQL and MariaDB.
 */
enum MySqlBounds {

	/** Ranges of a column of type DATE. */
	DATE {

		@Override
		LocalDateTime parse(String bound) {
			return LocalDate.parse(bound.replace("'", "")).atStartOfDay();
		}

		@Override
		String format(LocalDateTime bound) {
			return "'" + bound.toLocalDate() + "'";
		}

	},

	/** Ranges of a column of type DATETIME. */
	DATETIME {

		@Override
		LocalDateTime parse(String bound) {
			String text = bound.replace("'", "").replace(' ', 'T');
			return text.contains("T") ? LocalDateTime.parse(text) : LocalDate.parse(text).atStartOfDay();
		}

		@Override
		String format(LocalDateTime bound) {
			return "'" + bound.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")) + "'";
		}

	},

	/** Ranges of the numbers of days since year 0. */
	TO_DAYS {

		@Override
		LocalDateTime parse(String bound) {
			return EPOCH.plusDays(Long.parseLong(bound) - EPOCH_DAYS);
		}

		@Override
		String format(LocalDateTime bound) {
			return String.valueOf(ChronoUnit.DAYS.between(EPOCH, bound) + EPOCH_DAYS);
		}

	},

	/** Ranges of the numbers of seconds since 1970. */
	UNIX_TIMESTAMP {

		@Override
		LocalDateTime parse(String bound) {
			return LocalDateTime.ofInstant(Instant.ofEpochSecond(Long.parseLong(bound)), ZoneOffset.UTC);
		}

		@Override
		String format(LocalDateTime bound) {
			return String.valueOf(bound.toEpochSecond(ZoneOffset.UTC));
		}

	};

	private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

	/** {@code TO_DAYS('1970-01-01')}. */
	private static final long EPOCH_DAYS = 719528;

	private static final Pattern FUNCTION = Pattern.compile("(?i)(to_days|unix_timestamp)\\(`?([^`()]+)`?\\)");

	private static final Pattern COLUMN = Pattern.compile("`?([^`,]+)`?");

	private static final Set<String> METHODS = Set.of("RANGE", "RANGE COLUMNS");

	/**
	 * Returns the bounds of a table.
	 * @param method the method of partitioning
	 * @param expression the columns or the expression
	 * @param types reads the type of a column
	 * @throws PartitionException if it is not partitioned by ranges of dates or times
	 * @throws SQLException if the server does not answer
	 */
	static MySqlBounds of(String method, String expression, TypeReader types) throws SQLException {
		if (!METHODS.contains(method)) {
			throw unsupported("by " + method);
		}
		if (method.equals("RANGE")) {
			Matcher function = FUNCTION.matcher(expression);
			if (!function.matches()) {
				throw unsupported("by RANGE (%s)".formatted(expression));
			}
			return function.group(1).equalsIgnoreCase("to_days") ? TO_DAYS : UNIX_TIMESTAMP;
		}
		Matcher column = COLUMN.matcher(expression);
		if (!column.matches()) {
			throw unsupported("by several columns (%s)".formatted(expression));
		}
		String type = types.read(column.group(1));
		return switch (type) {
			case "date" -> DATE;
			case "datetime" -> DATETIME;
			default -> throw unsupported("by the column '%s' of type %s".formatted(column.group(1), type));
		};
	}

	private static PartitionException unsupported(String how) {
		return new PartitionException("is partitioned " + how,
				"Only partitions by RANGE COLUMNS (column) with one column of type DATE or DATETIME, by RANGE (TO_DAYS(column)) or by RANGE (UNIX_TIMESTAMP(column)) are created ahead.",
				null);
	}

	/**
	 * Reads a bound.
	 */
	abstract LocalDateTime parse(String bound);

	/**
	 * Formats a bound as SQL writes it.
	 */
	abstract String format(LocalDateTime bound);

	/**
	 * Reads the type of a column.
	 */
	@FunctionalInterface
	interface TypeReader {

		/**
		 * Reads the type.
		 */
		String read(String column) throws SQLException;

	}

}
