package io.appdbs.engine.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.appdbs.DatabaseCluster;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nodes that a server distributes tables to.
 */
public interface ClusterReader {

	/**
	 * Reads the nodes, and does not connect to them.
	 * @param connection a connection to the server, not in a transaction
	 * @return the nodes, or {@code null} if the server does not distribute tables
	 * @throws SQLException if the server does not answer
	 */
	@Nullable DatabaseCluster read(Connection connection) throws SQLException;

	/**
	 * Lets the server connect to each node that it uses, apart from itself.
	 * @param connection a connection to the server, not in a transaction
	 * @param cluster the nodes
	 * @param timeout the time limit for all nodes, which the server observes
	 * @return the nodes, with whether they are reachable
	 * @throws SQLException if the server itself does not answer
	 */
	DatabaseCluster connect(Connection connection, DatabaseCluster cluster, Duration timeout) throws SQLException;

}
