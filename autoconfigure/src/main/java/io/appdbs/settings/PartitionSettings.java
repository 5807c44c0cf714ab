package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Partitions of a table that are created ahead.
 *
 * @param table Table that is partitioned by ranges of one column with dates or times.
 * @param interval Range of each partition: 'day', 'week', 'month' or 'year', with a
 * number in front of it for several, such as '3 months'.
 * @param ahead Number of partitions after the current one.
 * @param keep Time for which rows are kept, such as '24 months'. Partitions with older
 * rows only are detached. Without limit if not set.
 * @param drop Whether partitions with older rows are dropped and not only detached.
 */
@ConfigurationPropertiesSource
public record PartitionSettings(@Nullable String table, @Nullable String interval, @DefaultValue("3") int ahead,
		@Nullable String keep, boolean drop) {

}
