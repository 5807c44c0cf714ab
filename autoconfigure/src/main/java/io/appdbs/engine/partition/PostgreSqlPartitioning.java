package io.appdbs.engine.partition;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Partitions of PostgreSQL. See the
 * <a href= "https://www.postgresql.org/docs/current/ddl-partitioning.html">manual</a>.
 */
public final class PostgreSqlPartitioning implements Partitioning {

	private static final String TABLE = """
			SELECT c.oid, pg_catalog.quote_ident(n.nspname) AS schema, c.relname,
			pg_catalog.quote_ident(c.relname) AS name, c.relkind, p.partstrat, p.partnatts, a.attname, t.typname,
			pg_catalog.pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity, c.relforcerowsecurity, s.spcname,
			c.relowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user) AS own,
			pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
			pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS creatable, current_user AS login
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid
			LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
			LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
			LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
			WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')""";

	private static final String NAMES = """
			SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
			FROM pg_catalog.pg_partitioned_table p JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE p.partstrat = 'r' ORDER BY 1""";

	private static final Map<String, String> STRATEGIES = Map.of("l", "a list of values", "h", "a hash");

	@Override
	public void limit(Connection connection, Duration lockTimeout, Duration statementTimeout) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET lock_timeout = %d".formatted(lockTimeout.toMillis()));
			statement.execute("SET statement_timeout = %d".formatted(statementTimeout.toMillis()));
		}
	}

	@Override
	public @Nullable PartitionedTable find(Connection connection, List<String> schemas, String table)
			throws SQLException {
		for (String schema : schemas) {
			List<PartitionedTable> found = SqlQueries.query(connection, TABLE, (row) -> {
				validate(row);
				return PostgreSqlPartitionedTable.read(connection, row);
			}, schema, table);
			if (!found.isEmpty()) {
				return found.get(0);
			}
		}
		return null;
	}

	private static void validate(ResultSet row) throws SQLException {
		if (!"p".equals(row.getString("relkind"))) {
			throw new PartitionException("is not partitioned",
					"Create the table with 'PARTITION BY RANGE (column)'. A table that exists cannot become partitioned: move its rows to a new one.",
					null);
		}
		String strategy = STRATEGIES.get(row.getString("partstrat"));
		if (strategy != null) {
			throw unsupported("by " + strategy);
		}
		if (row.getInt("partnatts") != 1) {
			throw unsupported("by %d columns".formatted(row.getInt("partnatts")));
		}
		String column = row.getString("attname");
		if (column == null) {
			throw unsupported("by an expression");
		}
		if (!PostgreSqlPartitionedTable.TYPES.contains(row.getString("typname"))) {
			throw unsupported("by the column '%s' of type %s".formatted(column, row.getString("typname")));
		}
	}

	private static PartitionException unsupported(String how) {
		return new PartitionException("is partitioned " + how,
				"Only partitions by ranges of one column of type date, timestamp or timestamptz are created ahead.",
				null);
	}

	@Override
	public List<String> findNames(Connection connection) throws SQLException {
		return SqlQueries.queryForList(connection, NAMES).stream().map(String::valueOf).toList();
	}

	@Override
	public boolean isDetachSupported() {
		return true;
	}

	@Override
	public @Nullable PartitionException translate(SQLException failure, PartitionedTable table) {
		String message = PartitionException.firstLine(failure);
		return switch (String.valueOf(failure.getSQLState())) {
			case "42501" -> new PartitionException("cannot be changed by this login: " + message,
					"Use the login that owns the table.", failure);
			case "23514" ->
				(table.getDefaultPartition() != null) ? hasRows(table.getDefaultPartition(), failure) : null;
			case "23503" -> new PartitionException("has rows to remove that other tables refer to: " + message,
					"Delete the rows that refer to them, or keep them longer.", failure);
			case "42P07" -> new PartitionException("needs a name that is in use: " + message,
					"Rename or drop the other table, which is not a partition of this one.", failure);
			default -> null;
		};
	}

	private static PartitionException hasRows(PartitionedTable.DefaultPartition partition, SQLException failure) {
		return new PartitionException(
				"has the DEFAULT partition %s with rows that belong into the next partition"
					.formatted(partition.name()),
				"Move these rows: detach the DEFAULT partition, let the partitions be created, and insert its rows into the table. Then go without a DEFAULT partition: it is locked and searched whenever a partition is created.",
				failure);
	}

}
