package io.appdbs.engine.inspection.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.TableReport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of MySQL and MariaDB. The sizes are those of InnoDB's persistent
 * statistics, which are read from one table. The views of the information schema have to
 * open each table of the database, which takes seconds if there are more of them than the
 * cache holds, and evicts those that the application has open.
 */
final class MySqlTables {

	/** Statistics of a table with partitions have one row for each. */
	static final String TABLE_OF_STATISTICS = "SUBSTRING_INDEX(REPLACE(table_name, '#P#', '#p#'), '#p#', 1)";

	private static final String STATISTICS = """
			SELECT %s AS tab, SUM(n_rows) AS n, SUM(clustered_index_size) * @@innodb_page_size AS data,
			SUM(sum_of_other_index_sizes) * @@innodb_page_size AS indexes, UNIX_TIMESTAMP(MIN(last_update)) AS analyzed
			FROM mysql.innodb_table_stats WHERE database_name = ? GROUP BY tab""".formatted(TABLE_OF_STATISTICS);

	private static final String NAMES = """
			SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'""";

	private static final String OPENED = """
			SELECT table_name AS tab, table_rows AS n, data_length AS data, index_length AS indexes, NULL AS analyzed
			FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'""";

	private MySqlTables() {
	}

	static Sample<List<TableReport>> readLargest(InspectionContext context) throws SQLException {
		Sample<List<TableReport>> all = readAll(context, MySqlGrants.read(context));
		int shown = Math.min(context.limit(), all.value().size());
		return new Sample<>(all.value().subList(0, shown), false, all.value().size() - shown, all.message());
	}

	static Sample<SizeReport> readSize(InspectionContext context) throws SQLException {
		Sample<List<TableReport>> all = readAll(context, MySqlGrants.read(context));
		long bytes = all.value().stream().mapToLong((table) -> orZero(table.bytes())).sum();
		long indexes = all.value().stream().mapToLong((table) -> orZero(table.indexBytes())).sum();
		return Sample.estimate(new SizeReport(bytes, bytes - indexes, indexes, (long) all.value().size()),
				all.message());
	}

	static List<String> readNames(InspectionContext context, String database) throws SQLException {
		return context.query(NAMES + " ORDER BY table_name", (row) -> row.getString(1), database);
	}

	/**
	 * Returns whether a name is that of a table, and not of a view or sequence.
	 */
	static boolean isTable(InspectionContext context, String database, String name) throws SQLException {
		return !context.query(NAMES + " AND table_name = ?", (row) -> row.getString(1), database, name).isEmpty();
	}

	private static Sample<List<TableReport>> readAll(InspectionContext context, MySqlGrants grants)
			throws SQLException {
		grants.requireTables("all tables of the database");
		String database = grants.database();
		if (!grants.isSelectable("mysql", "innodb_table_stats")) {
			return Sample.estimate(sort(context.query(OPENED, MySqlTables::read, database)),
					"The server had to open all tables. To read their sizes from InnoDB's statistics: "
							+ grants.getStatement("SELECT", "mysql.innodb_table_stats"));
		}
		Map<String, TableReport> tables = new LinkedHashMap<>();
		context.query(STATISTICS, MySqlTables::read, database).forEach((table) -> tables.put(table.name(), table));
		List<String> names = context.query(NAMES, (row) -> row.getString(1), database);
		Set<String> displayed = new HashSet<>();
		names.forEach((name) -> displayed.add(MySqlNames.display(name)));
		tables.keySet().retainAll(displayed);
		List<String> others = names.stream().filter((name) -> !tables.containsKey(MySqlNames.display(name))).toList();
		if (others.size() > context.limit()) {
			return Sample.estimate(sort(context.query(OPENED, MySqlTables::read, database)), null);
		}
		List<TableReport> all = new ArrayList<>(tables.values());
		for (String other : others) {
			all.addAll(context.query(OPENED + " AND table_name = ?", MySqlTables::read, database, other));
		}
		return Sample.estimate(sort(all), null);
	}

	private static List<TableReport> sort(List<TableReport> tables) {
		return tables.stream()
			.sorted(Comparator.comparingLong((TableReport table) -> -orZero(table.bytes()))
				.thenComparing(TableReport::name))
			.toList();
	}

	private static TableReport read(ResultSet row) throws SQLException {
		Long data = readLong(row, "data");
		Long indexes = readLong(row, "indexes");
		Long analyzed = readLong(row, "analyzed");
		return new TableReport(MySqlNames.display(Objects.toString(row.getString("tab"), "")), readLong(row, "n"),
				(data != null && indexes != null) ? data + indexes : data, indexes, null, null, null, null,
				(analyzed != null) ? Instant.ofEpochSecond(analyzed) : null);
	}

	private static @Nullable Long readLong(ResultSet row, String column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

	private static long orZero(@Nullable Long value) {
		return (value != null) ? value : 0;
	}

}
