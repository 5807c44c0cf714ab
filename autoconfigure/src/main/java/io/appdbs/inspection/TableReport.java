package io.appdbs.inspection;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A table or collection. What the engine does not report is {@code null}.
 *
 * @param name the name, with the schema if there is one, as SQL writes it
 * @param rows the estimated number of rows or documents
 * @param bytes the size with indexes, in bytes
 * @param indexBytes the size of the indexes, in bytes
 * @param deadRows the estimated number of rows that have been deleted or replaced, whose
 * space has not been reclaimed
 * @param fullScans how often the table was read from end to end since the statistics
 * began
 * @param indexScans how often an index of the table was used since the statistics began
 * @param vacuumedAt when space was last reclaimed
 * @param analyzedAt when the statistics of the planner were last collected
 */
public record TableReport(String name, @Nullable Long rows, @Nullable Long bytes, @Nullable Long indexBytes,
		@Nullable Long deadRows, @Nullable Long fullScans, @Nullable Long indexScans, @Nullable Instant vacuumedAt,
		@Nullable Instant analyzedAt) {

}
