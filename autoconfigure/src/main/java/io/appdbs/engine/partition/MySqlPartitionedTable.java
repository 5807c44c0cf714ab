package io.appdbs.engine.partition;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A partitioned table of MySQL or MariaDB.
 *
 * @param schema the database
 * @param table the name of the table
 * @param bounds the bounds of its partitions
 * @param partitions the partitions, the oldest first
 */
record MySqlPartitionedTable(String schema, String table, MySqlBounds bounds,
		List<Partition> partitions) implements PartitionedTable {

	/** The limit is 64 characters. */
	private static final int MAX_NAME_BYTES = 64;

	/** A partition with sub-partitions has a row for each. */
	private static final String PARTITIONS = """
			SELECT PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION
			FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
			GROUP BY PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION,
			PARTITION_ORDINAL_POSITION ORDER BY PARTITION_ORDINAL_POSITION""";

	private static final String TYPE = """
			SELECT DATA_TYPE FROM information_schema.COLUMNS
			WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?""";

	static MySqlPartitionedTable read(Connection connection, String schema, String table) throws SQLException {
		List<Partition> partitions = new ArrayList<>();
		MySqlBounds bounds = null;
		try (PreparedStatement statement = connection.prepareStatement(PARTITIONS)) {
			statement.setString(1, schema);
			statement.setString(2, table);
			try (ResultSet row = statement.executeQuery()) {
				LocalDateTime from = null;
				while (row.next()) {
					if (bounds == null) {
						bounds = MySqlBounds.of(row.getString("PARTITION_METHOD"),
								row.getString("PARTITION_EXPRESSION"),
								(column) -> readType(connection, schema, table, column));
					}
					String name = row.getString("PARTITION_NAME");
					String limit = row.getString("PARTITION_DESCRIPTION");
					if (limit.equals("MAXVALUE")) {
						throw unlimited(quote(schema) + "." + quote(table), quote(name));
					}
					LocalDateTime to = parse(bounds, limit, quote(name));
					partitions.add(new Partition(quote(name), from, to, false));
					from = to;
				}
			}
		}
		Assert.state(bounds != null, "A partitioned table has partitions");
		return new MySqlPartitionedTable(schema, table, bounds, partitions);
	}

	private static LocalDateTime parse(MySqlBounds bounds, String limit, String partition) {
		try {
			return bounds.parse(limit);
		}
		catch (DateTimeException | NumberFormatException ex) {
			throw new PartitionException(
					"has the partition %s with a bound that cannot be read: %s".formatted(partition, limit),
					"Create the partitions in migrations.", ex);
		}
	}

	private static PartitionException unlimited(String table, String partition) {
		return new PartitionException(
				"has the partition %s for VALUES LESS THAN MAXVALUE, after which there can be no other"
					.formatted(partition),
				"If it is empty: ALTER TABLE %s DROP PARTITION %s; otherwise divide it with 'ALTER TABLE %1$s REORGANIZE PARTITION %2$s INTO (…)', which copies its rows."
					.formatted(table, partition),
				null);
	}

	private static String readType(Connection connection, String schema, String table, String column)
			throws SQLException {
		return SqlQueries.query(connection, TYPE, (row) -> row.getString(1), schema, table, column)
			.stream()
			.findFirst()
			.orElse("unknown");
	}

	@Override
	public String getName() {
		return name(this.table);
	}

	private String name(String table) {
		return quote(this.schema) + "." + quote(table);
	}

	@Override
	public List<Partition> getPartitions() {
		return this.partitions;
	}

	@Override
	public @Nullable DefaultPartition getDefaultPartition() {
		return null;
	}

	@Override
	public boolean isContiguous() {
		return true;
	}

	@Override
	public List<String> create(Connection connection, List<PartitionRange> ranges) throws SQLException {
		String list = ranges.stream()
			.map((range) -> "PARTITION %s VALUES LESS THAN (%s)".formatted(quote(range.label()),
					this.bounds.format(range.to())))
			.collect(Collectors.joining(", "));
		alter(connection, "ADD PARTITION (" + list + ")");
		return ranges.stream().map((range) -> quote(range.label())).toList();
	}

	@Override
	public String detach(Connection connection, Partition partition) throws SQLException {
		String label = partition.name().substring(1, partition.name().length() - 1).replace("``", "`");
		String name = name(PartitionNames.of(this.table, label, MAX_NAME_BYTES));
		alter(connection, "CONVERT PARTITION %s TO TABLE %s".formatted(partition.name(), name));
		return name;
	}

	@Override
	public void drop(Connection connection, Partition partition) throws SQLException {
		alter(connection, "DROP PARTITION " + partition.name());
	}

	private void alter(Connection connection, String change) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("ALTER TABLE %s %s".formatted(getName(), change));
		}
	}

	private static String quote(String identifier) {
		return "`" + identifier.replace("`", "``") + "`";
	}

}
