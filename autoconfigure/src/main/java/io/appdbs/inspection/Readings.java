package io.appdbs.inspection;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Figures of a database for meters. What the engine does not report, or the login may not
 * read, is {@code null}.
 *
 * @param takenAt when they were read
 * @param bytes the size of the database in bytes
 * @param cacheHitRatio which part of the blocks was read from the server's cache since
 * the previous readings, from 0 to 1
 * @param longestTransaction how long the longest open transaction has been open, zero if
 * there is none
 * @param lockWaits how many sessions have been waiting for a lock for more than a second
 * @param deadlocks how many deadlocks there were since the server's statistics began
 * @param wraparound the used part of the transaction identifiers, from 0 to 1
 */
public record Readings(Instant takenAt, @Nullable Long bytes, @Nullable Double cacheHitRatio,
		@Nullable Duration longestTransaction, @Nullable Integer lockWaits, @Nullable Long deadlocks,
		@Nullable Double wraparound) {

}
