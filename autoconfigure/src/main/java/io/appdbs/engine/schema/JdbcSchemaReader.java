package io.appdbs.engine.schema;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.ForeignKey;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.schema.TypeFamily;

/**
 * Reads the schema of a database from the metadata of its driver. Names of schemas,
 * tables and columns are those that the server stores. Each method reads one table, or
 * the names of one schema, because drivers need seconds for the details of all tables. An
 * engine overrides what its driver does not report correctly.
 */
public class JdbcSchemaReader {

	private static final Pattern NO_TABLE = Pattern.compile("(.* )?(INDEX|SEQUENCE|TYPE)");

	/**
	 * Returns whether a table or view exists.
	 * @param connection a connection to the database
	 * @param schema the schema or, where the engine has none, the database
	 * @param table the table
	 * @return whether it exists and, where the engine distinguishes it, whether the login
	 * may use it
	 * @throws SQLException if the server does not answer
	 */
	public TableAccess readAccess(Connection connection, String schema, String table) throws SQLException {
		SchemaMetaData metaData = SchemaMetaData.of(connection, schema);
		try (ResultSet rows = metaData.getTables(metaData.literally(table))) {
			while (rows.next()) {
				// Drivers differ in whether the case of a pattern matters.
				if (table.equals(rows.getString("TABLE_NAME")) && isTable(rows)) {
					return TableAccess.GRANTED;
				}
			}
			return TableAccess.MISSING;
		}
	}

	/**
	 * Reads the names of the tables and views of a schema.
	 * @param connection a connection to the database
	 * @param schema the schema or, where the engine has none, the database
	 * @param limit the maximum number of names
	 * @return the first names in alphabetical order
	 * @throws SQLException if the server does not answer
	 */
	public List<String> readTables(Connection connection, String schema, int limit) throws SQLException {
		List<String> names = new ArrayList<>();
		try (ResultSet rows = SchemaMetaData.of(connection, schema).getTables("%")) {
			while (rows.next()) {
				if (isTable(rows)) {
					names.add(rows.getString("TABLE_NAME"));
				}
			}
		}
		return names.stream().sorted().limit(limit).toList();
	}

	private static boolean isTable(ResultSet rows) throws SQLException {
		return !NO_TABLE.matcher(rows.getString("TABLE_TYPE")).matches();
	}

	/**
	 * Reads the columns of a table.
	 * @param connection a connection to the database
	 * @param schema the schema or, where the engine has none, the database
	 * @param table the table
	 * @return the columns in order; none if there is no such table
	 * @throws SQLException if the server does not answer
	 */
	public List<Column> readColumns(Connection connection, String schema, String table) throws SQLException {
		SchemaMetaData metaData = SchemaMetaData.of(connection, schema);
		List<Column> columns = new ArrayList<>();
		try (ResultSet rows = metaData.getColumns(metaData.literally(table))) {
			while (rows.next()) {
				if (table.equals(rows.getString("TABLE_NAME"))) {
					columns.add(readColumn(rows));
				}
			}
		}
		return columns;
	}

	/**
	 * Reads a column in the order of the columns of the result, which some drivers
	 * require.
	 */
	private static Column readColumn(ResultSet rows) throws SQLException {
		String name = rows.getString("COLUMN_NAME");
		int type = rows.getInt("DATA_TYPE");
		String typeName = rows.getString("TYPE_NAME");
		int size = rows.getInt("COLUMN_SIZE");
		int scale = rows.getInt("DECIMAL_DIGITS");
		boolean nullable = rows.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls;
		String defaultValue = rows.getString("COLUMN_DEF");
		return new Column(name, JdbcTypes.describe(type, typeName, size, scale),
				JdbcTypes.toFamily(type, typeName, size), nullable, defaultValue);
	}

	/**
	 * Reads the indexes of a table, including the one of its primary key.
	 * @param connection a connection to the database
	 * @param schema the schema or, where the engine has none, the database
	 * @param table the table
	 * @return the indexes; none if there is no such table
	 * @throws SQLException if the server does not answer
	 */
	public List<Index> readIndexes(Connection connection, String schema, String table) throws SQLException {
		IndexCollector indexes = new IndexCollector();
		try (ResultSet rows = SchemaMetaData.of(connection, schema).getIndexInfo(table)) {
			while (rows.next()) {
				boolean unique = !rows.getBoolean("NON_UNIQUE");
				String name = rows.getString("INDEX_NAME");
				short type = rows.getShort("TYPE");
				String column = rows.getString("COLUMN_NAME");
				boolean partial = rows.getString("FILTER_CONDITION") != null;
				if (type != DatabaseMetaData.tableIndexStatistic) {
					indexes.add(new Index(name, List.of((column != null) ? column : IndexCollector.EXPRESSION), unique,
							true, partial));
				}
			}
		}
		List<String> key = readPrimaryKey(connection, schema, table);
		if (!key.isEmpty() && indexes.getIndexes().stream().noneMatch((index) -> index.columns().equals(key))) {
			// not every engine has an index for it, or reports it
			indexes.add(new Index("PRIMARY KEY", key, true, true, false));
		}
		return indexes.getIndexes();
	}

	/**
	 * Reads the primary key of a table.
	 * @param connection a connection to the database
	 * @param schema the schema or, where the engine has none, the database
	 * @param table the table
	 * @return the columns in order; none if there is no key
	 * @throws SQLException if the server does not answer
	 */
	public List<String> readPrimaryKey(Connection connection, String schema, String table) throws SQLException {
		Map<Integer, String> columns = new TreeMap<>();
		try (ResultSet rows = SchemaMetaData.of(connection, schema).getPrimaryKeys(table)) {
			while (rows.next()) {
				String column = rows.getString("COLUMN_NAME");
				columns.put(rows.getInt("KEY_SEQ"), column);
			}
		}
		return List.copyOf(columns.values());
	}

	/**
	 * Reads the foreign keys of a table.
	 * @param connection a connection to the database
	 * @param schema the schema or, where the engine has none, the database
	 * @param table the table
	 * @return the keys; none if there is no such table
	 * @throws SQLException if the server does not answer
	 */
	public List<ForeignKey> readForeignKeys(Connection connection, String schema, String table) throws SQLException {
		SchemaMetaData metaData = SchemaMetaData.of(connection, schema);
		ForeignKeyCollector keys = new ForeignKeyCollector();
		try (ResultSet rows = metaData.getImportedKeys(table)) {
			while (rows.next()) {
				String referencedSchema = rows.getString(metaData.isInSchema() ? "PKTABLE_SCHEM" : "PKTABLE_CAT");
				String referenced = metaData.toSql(referencedSchema) + "."
						+ metaData.toSql(rows.getString("PKTABLE_NAME"));
				String referencedColumn = rows.getString("PKCOLUMN_NAME");
				String column = rows.getString("FKCOLUMN_NAME");
				boolean first = rows.getInt("KEY_SEQ") == 1;
				keys.add(first, new ForeignKey(rows.getString("FK_NAME"), List.of(column), referenced,
						List.of(referencedColumn)));
			}
		}
		return keys.getForeignKeys();
	}

	/**
	 * Reads the size of a table from the statistics of the server, without reading the
	 * table.
	 * @param connection a connection to the database
	 * @param schema the schema or, where the engine has none, the database
	 * @param table the table
	 * @return the size, unknown unless overridden
	 * @throws SQLException if the server does not answer
	 */
	public TableSize readSize(Connection connection, String schema, String table) throws SQLException {
		return TableSize.UNKNOWN;
	}

	/**
	 * Returns whether two columns whose names differ only in case are different columns.
	 * @return {@code true} unless overridden
	 */
	public boolean isColumnCaseSensitive() {
		return true;
	}

	/**
	 * Returns whether a type belongs to a family.
	 * @param column a column of the type
	 * @param family the family
	 * @return whether it is the family of the column, unless overridden
	 */
	public boolean isInFamily(Column column, TypeFamily family) {
		return family == column.family();
	}

	/**
	 * Returns whether a column has a type.
	 * @param column the column
	 * @param type the name of the type as the server or the driver has it, with or
	 * without arguments such as a length
	 * @return whether the column has that type
	 */
	public final boolean hasType(Column column, String type) {
		Map<String, String> aliases = getTypeAliases();
		return TypeName.parse(type, aliases).matches(TypeName.parse(column.type(), aliases));
	}

	/**
	 * Returns other names of types.
	 * @return the name that the server reports, by the other name, in lower case; none
	 * unless overridden
	 */
	protected Map<String, String> getTypeAliases() {
		return Map.of();
	}

}
