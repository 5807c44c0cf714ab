package io.appdbs.engine.inspection.mysql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.inspection.IndexReport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sizes and the use of indexes of MySQL and MariaDB, the largest first. The
 * columns are read for the tables of those only. The primary key is not among them, as it
 * contains the rows of the table.
 */
final class MySqlIndexes {

	private static final String SIZES = """
			SELECT %s AS tab, index_name AS idx, SUM(stat_value) * @@innodb_page_size AS bytes
			FROM mysql.innodb_index_stats WHERE database_name = ? AND stat_name = 'size'
			AND index_name NOT IN ('PRIMARY', 'GEN_CLUST_INDEX', 'FTS_DOC_ID_INDEX') AND table_name NOT LIKE '#sql%%'
			GROUP BY tab, idx ORDER BY bytes DESC, tab, idx""".formatted(MySqlTables.TABLE_OF_STATISTICS);

	private static final String FOREIGN_KEYS = """
			SELECT constraint_name AS fk, column_name AS col FROM information_schema.key_column_usage
			WHERE table_schema = ? AND table_name = ? AND referenced_table_name IS NOT NULL
			ORDER BY constraint_name, ordinal_position""";

	private static final String IS_NEW = """
			SELECT create_time > NOW() - INTERVAL ? SECOND FROM information_schema.tables
			WHERE table_schema = ? AND table_name = ?""";

	private final AbstractMySqlInspector inspector;

	MySqlIndexes(AbstractMySqlInspector inspector) {
		this.inspector = inspector;
	}

	Sample<List<IndexReport>> readLargest(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		List<Size> sizes = readSizes(context, grants);
		Map<List<String>, Long> reads = MySqlPerformanceSchema.isOn(context)
				&& grants.isSelectable("performance_schema", "*")
						? MySqlPerformanceSchema.readReads(context, grants.database()) : Map.of();
		Tables tables = new Tables(context, grants);
		List<IndexReport> reports = new ArrayList<>();
		int next = 0;
		while (next < sizes.size() && reports.size() < context.limit()) {
			Size size = sizes.get(next++);
			MySqlIndex index = tables.find(size);
			if (index != null) {
				reports.add(index.toReport(size.bytes(), reads.get(List.of(size.table(), size.index()))));
			}
		}
		return new Sample<>(reports, false, sizes.size() - next,
				"Sizes are those of InnoDB's statistics, which has none of other storage engines.");
	}

	private static List<Size> readSizes(InspectionContext context, MySqlGrants grants) throws SQLException {
		grants.requireTables("the indexes of all tables");
		grants.requireSelect("the sizes of indexes", "mysql", "innodb_index_stats");
		return context.query(SIZES, (row) -> new Size(row.getString("tab"), row.getString("idx"), row.getLong("bytes")),
				grants.database());
	}

	/**
	 * Reads the indexes that the server has not used since it was started. The server
	 * counts anew if it creates a table anew, for which reason an index of a new table
	 * does not count, and it does not count what a foreign key uses.
	 */
	List<IndexReport> readUnused(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		MySqlPerformanceSchema.requireUses(context, grants);
		this.inspector.requireReferencedColumns(grants);
		List<Size> sizes = readSizes(context, grants);
		Map<List<String>, Long> uses = MySqlPerformanceSchema.readUses(context, grants.database());
		Tables tables = new Tables(context, grants);
		List<IndexReport> reports = new ArrayList<>();
		for (Size size : sizes) {
			// without a row it is not known
			Long used = uses.get(List.of(size.table(), size.index()));
			if (size.bytes() >= context.minimumSize() && used != null && used == 0
					&& reports.size() < context.limit()) {
				MySqlIndex index = tables.find(size);
				if (index != null && isDroppable(index) && !tables.isNew(index) && !tables.isOfForeignKey(index)) {
					reports.add(index.toReport(size.bytes(), 0L));
				}
			}
		}
		return reports;
	}

	private static boolean isDroppable(MySqlIndex index) {
		return !index.unique() && index.type().equals("BTREE");
	}

	/**
	 * What is read of the tables of some indexes, once for each.
	 */
	private final class Tables {

		private final InspectionContext context;

		private final MySqlGrants grants;

		private final Map<String, Map<String, MySqlIndex>> indexes = new HashMap<>();

		private final Map<String, List<List<String>>> foreignKeys = new HashMap<>();

		private final Map<String, Boolean> news = new HashMap<>();

		Tables(InspectionContext context, MySqlGrants grants) {
			this.context = context;
			this.grants = grants;
		}

		/**
		 * Returns the index, or {@code null} if it has been dropped or is hidden.
		 */
		@Nullable MySqlIndex find(Size size) throws SQLException {
			Map<String, MySqlIndex> ofTable = this.indexes.get(size.table());
			if (ofTable == null) {
				ofTable = new HashMap<>();
				for (MySqlIndex index : MySqlIndexes.this.inspector.readIndexes(this.context, this.grants,
						size.table())) {
					ofTable.put(index.name(), index);
				}
				this.indexes.put(size.table(), ofTable);
			}
			return ofTable.get(size.index());
		}

		boolean isNew(MySqlIndex index) throws SQLException {
			Boolean known = this.news.get(index.table());
			if (known == null) {
				known = this.context
					.query(IS_NEW, (row) -> row.getBoolean(1), this.context.minimumAge().toSeconds(),
							this.grants.database(), index.table())
					.contains(true);
				this.news.put(index.table(), known);
			}
			return known;
		}

		boolean isOfForeignKey(MySqlIndex index) throws SQLException {
			List<List<String>> keys = this.foreignKeys.get(index.table());
			if (keys == null) {
				AbstractMySqlInspector inspector = MySqlIndexes.this.inspector;
				String database = this.grants.database();
				keys = new ArrayList<>(readKeys(FOREIGN_KEYS, database, index.table()));
				keys.addAll(readKeys(inspector.getReferencedColumns(), inspector.toReferencedName(database),
						inspector.toReferencedName(index.table())));
				this.foreignKeys.put(index.table(), keys);
			}
			return keys.stream().anyMatch(index::beginsWith);
		}

		private List<List<String>> readKeys(String query, String database, String table) throws SQLException {
			Map<String, List<String>> keys = new LinkedHashMap<>();
			this.context.query(query, (row) -> keys.computeIfAbsent(row.getString("fk"), (key) -> new ArrayList<>())
				.add(row.getString("col")), database, table);
			return List.copyOf(keys.values());
		}

	}

	/**
	 * The size of an index.
	 */
	private record Size(String table, String index, long bytes) {

	}

}
