package io.appdbs;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * State of a database as a replica of another one.
 *
 * @param of the name of the database that it follows
 * @param lag the lag at the last probe, or {@code null} if that is not known
 * @param problem why it does not replicate, and therefore serves no reads, or
 * {@code null} if it does or that is not known
 */
public record DatabaseReplica(String of, @Nullable Duration lag, @Nullable String problem) {

}
