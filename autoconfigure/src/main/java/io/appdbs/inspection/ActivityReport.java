package io.appdbs.inspection;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What happens in a database now. What the engine does not report is {@code null}.
 *
 * @param connections the number of connections to the database
 * @param active how many of them execute a statement
 * @param idleInTransaction how many of them have an open transaction and execute nothing
 * @param waiting how many of them wait for a lock
 * @param maximumConnections how many connections the server accepts
 * @param sessions the sessions that are not idle, the longest transaction first, at most
 * {@code inspection.limit}
 */
public record ActivityReport(@Nullable Integer connections, @Nullable Integer active,
		@Nullable Integer idleInTransaction, @Nullable Integer waiting, @Nullable Integer maximumConnections,
		List<SessionReport> sessions) {

	public ActivityReport {
		sessions = List.copyOf(sessions);
	}

}
