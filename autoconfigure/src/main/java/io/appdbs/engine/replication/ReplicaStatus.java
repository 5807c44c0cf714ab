package io.appdbs.engine.replication;

import org.jspecify.annotations.Nullable;

/**
 * What a server reports of itself as a replica.
 *
 * @param position the changes that it has taken over or {@code null} if it does not
 * report them
 * @param problem why it takes over no further changes, as the end of a sentence that
 * begins with its name, or {@code null} if it does or that is not known
 * @param missingPrivilege the privilege without which the problem is not known or
 * {@code null} if none is missing
 */
public record ReplicaStatus(@Nullable ReplicationPosition position, @Nullable String problem,
		@Nullable String missingPrivilege) {

	/** The problem of a server that is no replica. */
	public static final String FOLLOWS_NONE = "follows no other server";

}
