package io.appdbs.maintenance.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.appdbs.settings.PartitionInterval;
import io.appdbs.settings.PartitionSettings;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions a table needs.
 *
 * @param key the key of the table below the database, for example
 * {@code partitions[0].table}
 * @param table the table
 * @param interval the range of each partition
 * @param ahead the number of partitions after the current one
 * @param keep the time for which rows are kept, or {@code null} without a limit
 * @param drop whether older partitions are dropped
 */
record PartitionRule(String key, TableName table, PartitionInterval interval, int ahead,
		@Nullable PartitionInterval keep, boolean drop) {

	/**
	 * Returns the rules of a database, whose settings are valid.
	 */
	static List<PartitionRule> of(List<PartitionSettings> partitions) {
		List<PartitionRule> rules = new ArrayList<>();
		for (int i = 0; i < partitions.size(); i++) {
			PartitionSettings settings = partitions.get(i);
			TableName table = Objects.requireNonNull(TableName.parse(String.valueOf(settings.table())));
			PartitionInterval interval = Objects
				.requireNonNull(PartitionInterval.parse(String.valueOf(settings.interval())));
			PartitionInterval keep = (settings.keep() != null)
					? Objects.requireNonNull(PartitionInterval.parse(settings.keep())) : null;
			rules.add(new PartitionRule("partitions[%d].table".formatted(i), table, interval, settings.ahead(), keep,
					settings.drop()));
		}
		return rules;
	}

}
