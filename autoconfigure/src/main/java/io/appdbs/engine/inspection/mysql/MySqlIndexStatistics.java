package io.appdbs.engine.inspection.mysql;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.appdbs.engine.inspection.InspectionContext;
import org.jspecify.annotations.Nullable;

/**
 * Narrows down the tables whose indexes have to be read, by InnoDB's statistics of
 * indexes. To read the indexes of all tables, MariaDB opens all of them.
 */
final class MySqlIndexStatistics {

	/**
	 * From this number of tables on, a single statement for all of them is better.
	 */
	private static final int MANY = 500;

	/** The longest prefix contains all columns, and those of the primary key. */
	private static final String COLUMNS = """
			SELECT %s AS tab, index_name AS idx, MAX(stat_description) AS cols FROM mysql.innodb_index_stats
			WHERE database_name = ? AND stat_name LIKE 'n_diff_pfx%%' GROUP BY tab, idx"""
		.formatted(MySqlTables.TABLE_OF_STATISTICS);

	private static final String WITH_PRIMARY_KEY = """
			SELECT DISTINCT %s AS tab FROM mysql.innodb_index_stats
			WHERE database_name = ? AND stat_name = 'size' AND index_name = 'PRIMARY'"""
		.formatted(MySqlTables.TABLE_OF_STATISTICS);

	private static final String NAMES = "SELECT table_name FROM information_schema.tables WHERE table_schema = ?";

	private MySqlIndexStatistics() {
	}

	static boolean isReadable(MySqlGrants grants) {
		return grants.isSelectable("mysql", "innodb_index_stats");
	}

	/**
	 * Returns whether tables should be read one by one.
	 */
	static boolean isFew(Set<String> tables) {
		return tables.size() < MANY;
	}

	/**
	 * Returns the tables, and views, that may have two equal indexes: one of them has the
	 * columns that the other one begins with, or there are no statistics.
	 */
	static Set<String> findSuspects(InspectionContext context, String database) throws SQLException {
		Map<String, TreeSet<String>> columns = new HashMap<>();
		Set<String> suspects = new HashSet<>();
		context.query(COLUMNS, (row) -> {
			TreeSet<String> others = columns.computeIfAbsent(row.getString("tab"), (table) -> new TreeSet<>());
			return others.add(row.getString("cols") + ",") || suspects.add(row.getString("tab"));
		}, database);
		columns.forEach((table, all) -> {
			if (all.stream().anyMatch((each) -> begins(each, all.higher(each)))) {
				suspects.add(table);
			}
		});
		Set<String> names = readNames(context, database);
		suspects.retainAll(names);
		names.removeAll(columns.keySet());
		suspects.addAll(names);
		return suspects;
	}

	/**
	 * In their order, one that begins with another one comes right behind it, or behind
	 * others that do.
	 */
	private static boolean begins(String columns, @Nullable String next) {
		return next != null && next.startsWith(columns);
	}

	/**
	 * Returns the tables, views and sequences that have no primary key by the statistics.
	 */
	static Set<String> findTablesWithoutPrimaryKey(InspectionContext context, String database) throws SQLException {
		Set<String> names = readNames(context, database);
		List<String> keyed = context.query(WITH_PRIMARY_KEY, (row) -> row.getString("tab"), database);
		keyed.forEach(names::remove);
		return names;
	}

	private static Set<String> readNames(InspectionContext context, String database) throws SQLException {
		return new TreeSet<>(context.query(NAMES, (row) -> row.getString(1), database));
	}

}
