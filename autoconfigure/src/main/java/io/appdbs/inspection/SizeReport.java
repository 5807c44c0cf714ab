package io.appdbs.inspection;

import org.jspecify.annotations.Nullable;

/**
 * Size of a database. What the engine does not report is {@code null}.
 *
 * @param bytes the size of the database in bytes
 * @param tableBytes the size of all tables or collections in bytes
 * @param indexBytes the size of all indexes in bytes
 * @param tables the number of tables or collections
 */
public record SizeReport(@Nullable Long bytes, @Nullable Long tableBytes, @Nullable Long indexBytes,
		@Nullable Long tables) {

}
