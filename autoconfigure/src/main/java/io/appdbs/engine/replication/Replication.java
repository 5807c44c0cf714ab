package io.appdbs.engine.replication;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads the positions of servers of an engine that replicate, and the status of replicas.
 * Must be thread-safe.
 */
public interface Replication {

	/**
	 * Returns the position of a server that has replicas.
	 * @param connection a connection to it, which stays open
	 * @return the position or {@code null} if the server does not report it
	 * @throws SQLException if the server cannot be asked
	 */
	@Nullable ReplicationPosition readPosition(Connection connection) throws SQLException;

	/**
	 * Returns the status of a replica.
	 * @param connection a connection to it, which stays open
	 * @return the status
	 * @throws SQLException if the server cannot be asked
	 */
	ReplicaStatus readStatus(Connection connection) throws SQLException;

}
