package io.appdbs.engine.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.schema.TypeFamily;
import org.jspecify.annotations.Nullable;

/**
 * Reads the schema of MySQL and MariaDB, whose drivers list indexes that queries do not
 * use like any other, and do not report types as they were declared.
 */
public final class MySqlSchemaReader extends JdbcSchemaReader {

	private static final String COLUMNS = """
			SELECT COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, IS_NULLABLE, COLUMN_DEFAULT FROM information_schema.COLUMNS
			WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION
			""";

	/** The columns that say whether an index is used depend on the server. */
	private static final String INDEXES = """
			SELECT * FROM information_schema.STATISTICS
			WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX
			""";

	private static final String SIZE = """
			SELECT TABLE_ROWS, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES
			WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
			""";

	private static final Map<String, String> ALIASES = Map.of("integer", "int", "bool", "tinyint", "boolean", "tinyint",
			"numeric", "decimal", "dec", "decimal", "double precision", "double");

	@Override
	public List<Column> readColumns(Connection connection, String schema, String table) throws SQLException {
		return SqlQueries.query(connection, COLUMNS, MySqlSchemaReader::readColumn, schema, table);
	}

	private static Column readColumn(ResultSet row) throws SQLException {
		String type = row.getString(2);
		String defaultValue = row.getString(5);
		// MariaDB has the expression, and null is one
		return new Column(row.getString(1), type, toFamily(row.getString(3), type),
				"YES".equalsIgnoreCase(row.getString(4)), "NULL".equalsIgnoreCase(defaultValue) ? null : defaultValue);
	}

	private static @Nullable TypeFamily toFamily(String name, String type) {
		return switch (name.toLowerCase(Locale.ROOT)) {
			case "tinyint" -> isBoolean(type) ? TypeFamily.BOOLEAN : TypeFamily.NUMBER;
			case "bit" -> "bit(1)".equalsIgnoreCase(type) ? TypeFamily.BOOLEAN : null;
			case "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year" -> TypeFamily.NUMBER;
			case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set" -> TypeFamily.TEXT;
			case "date" -> TypeFamily.DATE;
			case "time" -> TypeFamily.TIME;
			case "datetime", "timestamp" -> TypeFamily.TIMESTAMP;
			case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> TypeFamily.BINARY;
			case "uuid" -> TypeFamily.UUID;
			case "json" -> TypeFamily.JSON;
			default -> null;
		};
	}

	private static boolean isBoolean(String type) {
		return type.toLowerCase(Locale.ROOT).startsWith("tinyint(1)");
	}

	/**
	 * Returns whether a type belongs to a family. A boolean is a number as well.
	 */
	@Override
	public boolean isInFamily(Column column, TypeFamily family) {
		return super.isInFamily(column, family) || (family == TypeFamily.NUMBER && isBoolean(column.type()));
	}

	@Override
	public boolean isColumnCaseSensitive() {
		return false;
	}

	@Override
	public List<Index> readIndexes(Connection connection, String schema, String table) throws SQLException {
		IndexCollector indexes = new IndexCollector();
		SqlQueries.query(connection, INDEXES, MySqlSchemaReader::readIndex, schema, table).forEach(indexes::add);
		return indexes.getIndexes();
	}

	private static Index readIndex(ResultSet row) throws SQLException {
		String column = row.getString("COLUMN_NAME");
		String expression = getIfPresent(row, "EXPRESSION");
		boolean ignored = "YES".equals(getIfPresent(row, "IGNORED")) || "NO".equals(getIfPresent(row, "IS_VISIBLE"));
		return new Index(row.getString("INDEX_NAME"),
				List.of((column != null) ? column
						: (expression != null) ? "(" + expression + ")" : IndexCollector.EXPRESSION),
				row.getInt("NON_UNIQUE") == 0, !ignored, false);
	}

	private static @Nullable String getIfPresent(ResultSet row, String label) throws SQLException {
		ResultSetMetaData metaData = row.getMetaData();
		for (int i = 1; i <= metaData.getColumnCount(); i++) {
			if (label.equalsIgnoreCase(metaData.getColumnLabel(i))) {
				return row.getString(i);
			}
		}
		return null;
	}

	@Override
	public TableSize readSize(Connection connection, String schema, String table) throws SQLException {
		return SqlQueries
			.query(connection, SIZE, (row) -> new TableSize(row.getObject(1, Long.class), row.getObject(2, Long.class)),
					schema, table)
			.stream()
			.findFirst()
			.orElse(TableSize.UNKNOWN);
	}

	@Override
	protected Map<String, String> getTypeAliases() {
		return ALIASES;
	}

}
