package io.appdbs.config.validator;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.PartitionInterval;
import io.appdbs.settings.PartitionSettings;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Validates the settings under {@code partitions}.
 *
 * @param problems where problems are reported
 * @param settings the settings of the database
 * @param engine the engine of the database
 */
record PartitionValidator(SettingProblems problems, DatabaseSettings settings, Engine engine) {

	private static final int MAX_AHEAD = 366;

	private static final int MAX_YEARS = 100;

	private static final String INTERVAL_ACTION = "Write 'day', 'week', 'month' or 'year', or several with a number from 1 to 366: '3 months'.";

	void validate() {
		List<PartitionSettings> partitions = this.settings.partitions();
		if (partitions.isEmpty()) {
			return;
		}
		Partitioning partitioning = (this.engine instanceof JdbcEngine jdbc) ? jdbc.getPartitioning() : null;
		if (partitioning == null) {
			this.problems.addOwn("partitions",
					"'%s' is set, but no partitions are created on %s.".formatted(key("partitions"),
							this.engine.getDisplayName()),
					"Remove it. Partitions are created on PostgreSQL, MySQL and MariaDB.");
			return;
		}
		if (this.settings.readOnly()) {
			this.problems.addOwn("partitions",
					"'%s' is set, but '%s' is 'true'.".formatted(key("partitions"), key("read-only")),
					"Remove one of them.");
		}
		Map<String, String> tables = new HashMap<>();
		for (int i = 0; i < partitions.size(); i++) {
			String prefix = "partitions[%d].".formatted(i);
			validateTable(prefix + "table", partitions.get(i).table(), tables);
			validate(prefix, partitions.get(i), partitioning);
		}
	}

	private String key(String key) {
		return this.problems.key(key);
	}

	private void validateTable(String key, @Nullable String table, Map<String, String> tables) {
		if (table == null || table.isBlank()) {
			this.problems.addOwn(key, "'%s' is missing.".formatted(key(key)),
					"Set it to a partitioned table, for example 'public.event'.");
		}
		else if (TableName.parse(table) == null) {
			this.problems.add(key, table, "which is not the name of a table",
					"Write 'table' or 'schema.table', with double quotes around a part that has capital letters "
							+ "or other characters than letters, digits, '_' and '$': sales.\"Order Lines\".");
		}
		else {
			String unquoted = table.contains("\"") ? table : table.toLowerCase(Locale.ROOT);
			String other = tables.putIfAbsent(unquoted, key(key));
			if (other != null) {
				this.problems.add(key, table, "which is also the table of '%s'".formatted(other),
						"Remove one of them.");
			}
		}
	}

	private void validate(String prefix, PartitionSettings partition, Partitioning partitioning) {
		PartitionInterval interval = validateInterval(prefix + "interval", partition.interval());
		int ahead = partition.ahead();
		if (ahead < 1 || ahead > MAX_AHEAD) {
			this.problems.add(prefix + "ahead", ahead, "but must be from 1 to " + MAX_AHEAD,
					"Write for example 3. Each partition costs time when statements are planned.");
		}
		else if (interval != null && isTooLong(interval, ahead)) {
			this.problems.add(prefix + "ahead", ahead,
					"which with the interval '%s' is more than %d years".formatted(interval, MAX_YEARS),
					"Write fewer, for example 3.");
		}
		validateKeep(prefix, partition, interval, partitioning);
	}

	private @Nullable PartitionInterval validateInterval(String key, @Nullable String text) {
		if (text == null || text.isBlank()) {
			this.problems.addOwn(key, "'%s' is missing.".formatted(key(key)), INTERVAL_ACTION);
			return null;
		}
		PartitionInterval interval = PartitionInterval.parse(text);
		if (interval == null) {
			this.problems.add(key, text, "which is not an interval", INTERVAL_ACTION);
		}
		return interval;
	}

	private static boolean isTooLong(PartitionInterval interval, int ahead) {
		LocalDateTime begin = LocalDateTime.of(2000, 1, 1, 0, 0);
		return interval.plus(begin, ahead).isAfter(begin.plusYears(MAX_YEARS));
	}

	private void validateKeep(String prefix, PartitionSettings partition, @Nullable PartitionInterval interval,
			Partitioning partitioning) {
		String key = prefix + "keep";
		String drop = key(prefix + "drop");
		if (partition.keep() == null) {
			if (partition.drop()) {
				this.problems.add(prefix + "drop", "true",
						"but '%s' is not set, so nothing is dropped".formatted(key(key)),
						"Set '%s', for example to '24 months', or remove '%s'.".formatted(key(key), drop));
			}
			return;
		}
		PartitionInterval keep = validateInterval(key, partition.keep());
		if (keep != null && interval != null && !keep.isAtLeast(interval)) {
			this.problems.add(key, partition.keep(),
					"which is shorter than '%s', which is '%s'".formatted(key(prefix + "interval"),
							partition.interval()),
					"Raise '%s' to '%s' or more, or lower '%s'.".formatted(key(key), interval,
							key(prefix + "interval")));
		}
		if (!partition.drop() && !partitioning.isDetachSupported()) {
			this.problems.add(key, partition.keep(),
					"but %s cannot detach partitions".formatted(this.engine.getDisplayName()),
					"Set '%s' to true, which deletes the rows, or remove '%s'.".formatted(drop, key(key)));
		}
	}

}
