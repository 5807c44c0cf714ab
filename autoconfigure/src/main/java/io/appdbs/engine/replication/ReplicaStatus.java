package io.appdbs.engine.replication;

import org.jspecify.annotations.Nullable;

/**
 * Status of a server as a replica.
 *
 * @param position the changes that it has applied, or {@code null} if it does not report
 * them
 * @param problem why it does not replicate, as the end of a sentence that begins with its
 * name, or {@code null} if it does or that is not known
 * @param missingPrivilege the privilege without which the problem is not known or
 * {@code null} if none is missing
 */
public record ReplicaStatus(@Nullable ReplicationPosition position, @Nullable String problem,
		@Nullable String missingPrivilege) {

	/** The problem of a server that is not a replica. */
	public static final String FOLLOWS_NONE = "follows no other server";

}
