package io.appdbs.engine.schema;

import org.jspecify.annotations.Nullable;

/**
 * The size of a table.
 *
 * @param rows the estimated number of rows, {@code null} if it is not known
 * @param bytes the size with indexes in bytes, {@code null} if it is not known
 */
public record TableSize(@Nullable Long rows, @Nullable Long bytes) {

	/** The size of a table that the engine does not report. */
	public static final TableSize UNKNOWN = new TableSize(null, null);

}
