package io.appdbs;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a database as a replica of another one.
 *
 * @param of the name of the database that it follows
 * @param lag by how much it lagged behind at the last probe or {@code null} if that is
 * not known
 * @param problem why it takes over no further changes, and so serves no reads, or
 * {@code null} if it does or that is not known
 */
public record DatabaseReplica(String of, @Nullable Duration lag, @Nullable String problem) {

}
