package io.appdbs.engine.partition;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Partitions of MySQL, which cannot make a partition a table. See the <a href=
 * "https://dev.mysql.com/doc/refman/8.4/en/partitioning-management-range-list.html">manual</a>.
 */
public class MySqlPartitioning implements Partitioning {

	private static final String EXISTS = """
			SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.CREATE_OPTIONS LIKE '%partitioned%' AS partitioned
			FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ?""";

	private static final String NAMES = """
			SELECT DISTINCT CONCAT('`', REPLACE(TABLE_SCHEMA, '`', '``'), '`.`', REPLACE(TABLE_NAME, '`', '``'), '`')
			FROM information_schema.PARTITIONS WHERE PARTITION_METHOD LIKE 'RANGE%' ORDER BY 1""";

	@Override
	public void limit(Connection connection, Duration lockTimeout, Duration statementTimeout) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET SESSION lock_wait_timeout = %d".formatted(Math.max(1, lockTimeout.toSeconds())));
		}
	}

	@Override
	public @Nullable PartitionedTable find(Connection connection, List<String> schemas, String table)
			throws SQLException {
		for (String schema : schemas) {
			List<PartitionedTable> found = SqlQueries.query(connection, EXISTS, (row) -> read(connection, row), schema,
					table);
			if (!found.isEmpty()) {
				return found.get(0);
			}
		}
		return null;
	}

	private static PartitionedTable read(Connection connection, ResultSet row) throws SQLException {
		if (!row.getBoolean("partitioned")) {
			throw new PartitionException("is not partitioned",
					"Partition it in a migration with 'ALTER TABLE … PARTITION BY RANGE COLUMNS (column) (…)'.", null);
		}
		return MySqlPartitionedTable.read(connection, row.getString("TABLE_SCHEMA"), row.getString("TABLE_NAME"));
	}

	@Override
	public List<String> findNames(Connection connection) throws SQLException {
		return SqlQueries.queryForList(connection, NAMES).stream().map(String::valueOf).toList();
	}

	@Override
	public boolean isDetachSupported() {
		return false;
	}

	@Override
	public @Nullable PartitionException translate(SQLException failure, PartitionedTable table) {
		String message = PartitionException.firstLine(failure);
		return switch (failure.getErrorCode()) {
			case 1044, 1142, 1143 -> new PartitionException("cannot be changed by this login: " + message,
					"Use a login with the privileges ALTER, CREATE, INSERT and DROP on the table.", failure);
			case 1050 -> new PartitionException("needs a name that is in use: " + message,
					"Rename or drop the other table.", failure);
			case 1517 -> new PartitionException("needs the name of a partition that is in use: " + message,
					"Rename the partition, which has other bounds.", failure);
			case 1506 -> new PartitionException("has foreign keys: " + message, "Remove them.", failure);
			default -> null;
		};
	}

}
