package io.appdbs.engine.replication;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads how far servers of an engine have got that follow each other. Must be safe for
 * use by several threads.
 */
public interface Replication {

	/**
	 * Returns which changes a server has that others follow.
	 * @param connection a connection to it, which stays open
	 * @return the position or {@code null} if the server does not report it
	 * @throws SQLException if the server cannot be asked
	 */
	@Nullable ReplicationPosition readPosition(Connection connection) throws SQLException;

	/**
	 * Returns which changes a server has taken over, and whether it still does.
	 * @param connection a connection to it, which stays open
	 * @return the status
	 * @throws SQLException if the server cannot be asked
	 */
	ReplicaStatus readStatus(Connection connection) throws SQLException;

}
