package io.appdbs.engine.inspection.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.inspection.IndexReport;
import org.jspecify.annotations.Nullable;

/**
 * An index of MySQL or MariaDB.
 *
 * @param table the table
 * @param name the name, which only the table knows
 * @param unique whether it is unique
 * @param type the method, such as {@code BTREE}
 * @param columns the names of the columns, with expressions in their place
 * @param parts the columns with prefix and direction
 */
record MySqlIndex(String table, String name, boolean unique, String type, List<String> columns, List<String> parts) {

	/** The primary key comes first, then the unique indexes. */
	static final Comparator<MySqlIndex> MOST_NEEDED_FIRST = Comparator
		.comparing((MySqlIndex index) -> !index.isPrimary())
		.thenComparing((index) -> !index.unique())
		.thenComparing(MySqlIndex::name);

	private static final String QUERY = """
			SELECT table_name AS tab, index_name AS idx, non_unique AS non, index_type AS typ, column_name AS col,
			sub_part AS sub, collation AS dir, %s AS expr
			FROM information_schema.statistics WHERE table_schema = ? %s ORDER BY table_name, index_name, seq_in_index""";

	/**
	 * Reads indexes of a database.
	 * @param expression the column with the expression of a functional index
	 * @param table the table, or {@code null} for all tables
	 */
	static List<MySqlIndex> read(InspectionContext context, String database, String expression, @Nullable String table)
			throws SQLException {
		List<Part> parts = (table != null)
				? context.query(QUERY.formatted(expression, "AND table_name = ?"), Part::of, database, table)
				: context.query(QUERY.formatted(expression, ""), Part::of, database);
		Map<List<String>, List<Part>> byIndex = new LinkedHashMap<>();
		parts.forEach((part) -> byIndex.computeIfAbsent(List.of(part.table(), part.index()), (key) -> new ArrayList<>())
			.add(part));
		return byIndex.values().stream().map(MySqlIndex::of).toList();
	}

	private static MySqlIndex of(List<Part> parts) {
		Part first = parts.get(0);
		return new MySqlIndex(first.table(), first.index(), first.unique(), first.type(),
				parts.stream().map(Part::column).toList(), parts.stream().map(Part::text).toList());
	}

	boolean isPrimary() {
		return this.name.equals("PRIMARY");
	}

	/**
	 * Returns the name for a report.
	 */
	String displayName() {
		return MySqlNames.displayIndex(this.table, this.name);
	}

	String dropStatement() {
		return "DROP INDEX %s ON %s;".formatted(MySqlNames.quote(this.name), MySqlNames.quote(this.table));
	}

	/**
	 * Returns whether a foreign key can use it for its columns.
	 */
	boolean beginsWith(List<String> foreignKey) {
		return this.columns.size() >= foreignKey.size()
				&& this.columns.subList(0, foreignKey.size()).containsAll(foreignKey);
	}

	IndexReport toReport(@Nullable Long bytes, @Nullable Long uses) {
		return new IndexReport(displayName(), MySqlNames.display(this.table), this.parts, this.unique, true, bytes,
				uses, null);
	}

	/**
	 * One column of an index.
	 */
	private record Part(String table, String index, boolean unique, String type, String column, String text) {

		static Part of(ResultSet row) throws SQLException {
			String column = row.getString("col");
			String text = (column != null) ? MySqlNames.display(column) : "(" + row.getString("expr") + ")";
			String prefix = row.getString("sub");
			text += (prefix != null) ? "(" + prefix + ")" : "";
			text += "D".equals(row.getString("dir")) ? " DESC" : "";
			return new Part(row.getString("tab"), row.getString("idx"), row.getInt("non") == 0,
					Objects.toString(row.getString("typ"), ""), Objects.requireNonNullElse(column, text), text);
		}

	}

}
