package io.appdbs.engine.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds tables that an engine has partitioned by ranges of dates or times. Must be
 * thread-safe.
 */
public interface Partitioning {

	/**
	 * Limits what the statements of a connection wait for. Only for a connection that is
	 * not shared.
	 * @param connection the connection
	 * @param lockTimeout the time that a statement waits for a lock
	 * @param statementTimeout the time after which the server cancels a statement
	 * @throws SQLException if the server does not accept it
	 */
	void limit(Connection connection, Duration lockTimeout, Duration statementTimeout) throws SQLException;

	/**
	 * Reads a table and its partitions, without locks that others wait for.
	 * @param connection the connection
	 * @param schemas where to look for the table, in order
	 * @param table the name of the table as the engine stores it
	 * @return the table or {@code null} if there is none
	 * @throws PartitionException if the table is not partitioned by ranges of one column
	 * with dates or times, or its partitions cannot be created
	 * @throws SQLException if the server does not answer
	 */
	@Nullable PartitionedTable find(Connection connection, List<String> schemas, String table) throws SQLException;

	/**
	 * Reads the tables that are partitioned by ranges, for messages.
	 * @param connection the connection
	 * @return their names with schema, as SQL writes them
	 * @throws SQLException if the server does not answer
	 */
	List<String> findNames(Connection connection) throws SQLException;

	/**
	 * Returns whether rows of a partition can be kept as a table when the partition is
	 * removed.
	 * @return whether partitions can be detached
	 */
	boolean isDetachSupported();

	/**
	 * Returns what a failure of a statement means, if something has to be changed first.
	 * @param failure the exception of the driver
	 * @param table the table
	 * @return the exception with the fix, or {@code null} if it may succeed later
	 */
	@Nullable PartitionException translate(SQLException failure, PartitionedTable table);

}
