package io.appdbs.engine.maintenance;

import org.jspecify.annotations.Nullable;

/**
 * The size of a table or index.
 *
 * @param rows the estimated number of rows, {@code null} if it is not known
 * @param bytes the size in bytes, {@code null} if it is not known
 */
public record ObjectSize(@Nullable Long rows, @Nullable Long bytes) {

	/** Nothing is known. */
	public static final ObjectSize UNKNOWN = new ObjectSize(null, null);

}
