package io.appdbs.replica;

import org.jspecify.annotations.Nullable;

/**
 * Returns the user of the current thread. Users who have recently written read from the
 * database itself, and not from a replica that may lack the change. A bean without
 * qualifier is for every database with replicas, one with the name of a database as
 * qualifier for that one. Without such a bean, or if none knows a user, the user of
 * Spring Security counts, and without one the thread.
 * <p>
 * Called whenever a connection is borrowed, so it must be fast, and must not use the
 * database itself. Must be safe for use by several threads.
 *
 * @see HttpReplicaReadsUserProvider
 */
@FunctionalInterface
public interface ReplicaReadsUserProvider {

	/**
	 * Returns the current user.
	 * @return anything that identifies the user by {@code equals} and {@code hashCode},
	 * such as a name, or {@code null} if there is none
	 */
	@Nullable Object getUser();

}
