package io.appdbs.engine.inspection;

import java.time.Instant;
import java.util.List;

import io.appdbs.inspection.IndexReport;
import org.jspecify.annotations.Nullable;

/**
 * Indexes that a server has not used. Indexes that have another purpose, such as unique
 * ones and those of foreign keys, are not among them.
 *
 * @param since since when the server has counted uses, or {@code null} if that is not
 * known, so that nothing can be said
 * @param indexes the indexes, the largest first
 */
public record UnusedIndexes(@Nullable Instant since, List<IndexReport> indexes) {

	public UnusedIndexes {
		indexes = List.copyOf(indexes);
	}

}
