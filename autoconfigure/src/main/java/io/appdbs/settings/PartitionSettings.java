package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Partitions of a table that are created ahead.
 *
 * @param table Table that is partitioned by ranges of one column with dates or times, as
 * 'table' or 'schema.table'. Required.
 * @param interval Range of each partition: 'day', 'week', 'month' or 'year', or several,
 * such as '3 months'. Required.
 * @param ahead Number of partitions after the current one, at most 366.
 * @param keep Time for which rows are kept, such as '24 months'. Partitions that have
 * only older rows are detached. No limit by default.
 * @param drop Whether partitions that have only older rows are dropped instead of
 * detached. Required with 'keep' on MySQL.
 */
@ConfigurationPropertiesSource
public record PartitionSettings(@Nullable String table, @Nullable String interval, @DefaultValue("3") int ahead,
		@Nullable String keep, boolean drop) {

}
