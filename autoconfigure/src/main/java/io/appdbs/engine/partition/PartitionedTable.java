package io.appdbs.engine.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A table that is partitioned by ranges of one column with dates or times, as it was when
 * it was read.
 */
public interface PartitionedTable {

	/**
	 * Returns the name.
	 * @return the name with schema, as SQL writes it
	 */
	String getName();

	/**
	 * Returns the partitions, except for one that has all other rows.
	 * @return the partitions, the oldest first
	 */
	List<Partition> getPartitions();

	/**
	 * Returns the partition that has the rows which no other partition has.
	 * @return the partition or {@code null} if there is none
	 */
	@Nullable DefaultPartition getDefaultPartition();

	/**
	 * Returns whether each partition begins where the one before it ends.
	 * @return whether there are no gaps
	 */
	boolean isContiguous();

	/**
	 * Checks that the login may create and remove partitions. Does nothing unless
	 * overridden, for engines whose rights cannot be read.
	 * @throws PartitionException if it may not
	 */
	default void checkRights() {
	}

	/**
	 * Creates partitions. Others read and write the table in the meantime.
	 * @param connection the connection, in auto-commit mode
	 * @param ranges the partitions, in order
	 * @return the names of the partitions as SQL writes them
	 * @throws SQLException if the server does not create one; the ones before it may
	 * exist
	 */
	List<String> create(Connection connection, List<PartitionRange> ranges) throws SQLException;

	/**
	 * Removes a partition and keeps its rows in a table.
	 * @param connection the connection, in auto-commit mode
	 * @param partition the partition
	 * @return the name of the table as SQL writes it
	 * @throws SQLException if the server does not detach it
	 */
	String detach(Connection connection, Partition partition) throws SQLException;

	/**
	 * Removes a partition with its rows.
	 * @param connection the connection, in auto-commit mode
	 * @param partition the partition
	 * @throws PartitionException if the server has only detached it
	 * @throws SQLException if the server does not remove it
	 */
	void drop(Connection connection, Partition partition) throws SQLException;

	/**
	 * A partition for the rows that no other partition has.
	 *
	 * @param name the name as SQL writes it
	 * @param rows an estimate of the number of rows, -1 if there is none
	 */
	record DefaultPartition(String name, long rows) {

	}

}
