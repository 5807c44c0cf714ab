package io.appdbs.engine.inspection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Figures of a database, as its server counts them. What the engine does not report, or
 * the login may not read, is {@code null}.
 *
 * @param bytes the size of the database in bytes, or {@code null} also if only
 * {@link JdbcInspector#readSize} measures it, because that may take long
 * @param cacheHits how many blocks were read from the server's cache since its statistics
 * began
 * @param cacheMisses how many blocks were not in the cache
 * @param longestTransaction how long the longest open transaction has been open, zero if
 * there is none
 * @param lockWaits how many sessions have been waiting for a lock for more than a second
 * @param deadlocks how many deadlocks there were since the statistics began
 * @param wraparound the used part of the transaction identifiers, from 0 to 1
 */
public record ServerReadings(@Nullable Long bytes, @Nullable Long cacheHits, @Nullable Long cacheMisses,
		@Nullable Duration longestTransaction, @Nullable Integer lockWaits, @Nullable Long deadlocks,
		@Nullable Double wraparound) {

	/** Nothing is known. */
	public static final ServerReadings NONE = new ServerReadings(null, null, null, null, null, null, null);

}
