package io.appdbs.jdbc.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.schema.JdbcSchemaReader;
import io.appdbs.engine.schema.SchemaMetaData;
import io.appdbs.engine.schema.TableAccess;
import io.appdbs.requirement.RequiredIndex;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Looks up several objects on one connection, and asks for each table once.
 */
final class SchemaLookup {

	private final Connection connection;

	private final JdbcEngine engine;

	private final JdbcSchemaReader reader;

	private final Map<TableName, Optional<StoredTable>> tables = new HashMap<>();

	private final Map<StoredTable, List<Column>> columns = new HashMap<>();

	private final Map<StoredTable, List<Index>> indexes = new HashMap<>();

	private @Nullable List<String> searchPath;

	SchemaLookup(Connection connection, JdbcEngine engine) {
		this.connection = connection;
		this.engine = engine;
		this.reader = engine.getSchemaReader();
	}

	Connection getConnection() {
		return this.connection;
	}

	JdbcSchemaReader getReader() {
		return this.reader;
	}

	/**
	 * Returns where a table without schema is looked for.
	 */
	List<String> getSearchPath() throws SQLException {
		List<String> searchPath = this.searchPath;
		if (searchPath == null) {
			searchPath = this.engine.readSearchPath(this.connection);
			this.searchPath = searchPath;
		}
		return searchPath;
	}

	/**
	 * Finds a table or view as the server would.
	 * @return the table or {@code null} if there is none
	 */
	@Nullable StoredTable findTable(TableName name) throws SQLException {
		Optional<StoredTable> table = this.tables.get(name);
		if (table == null) {
			table = Optional.ofNullable(readTable(name));
			this.tables.put(name, table);
		}
		return table.orElse(null);
	}

	private @Nullable StoredTable readTable(TableName name) throws SQLException {
		String table = name.table(this.connection.getMetaData());
		String schema = name.schema(this.connection.getMetaData());
		for (String candidate : (schema != null) ? List.of(schema) : getSearchPath()) {
			TableAccess access = this.reader.readAccess(this.connection, candidate, table);
			if (access != TableAccess.MISSING) {
				return new StoredTable(candidate, table, access == TableAccess.GRANTED);
			}
		}
		return null;
	}

	/**
	 * Finds a column.
	 * @param identifier the name as SQL writes it
	 * @return the column or {@code null} if there is none
	 */
	@Nullable Column findColumn(StoredTable table, String identifier) throws SQLException {
		String name = toStored(identifier);
		return getColumns(table).stream().filter((column) -> isSame(column.name(), name)).findFirst().orElse(null);
	}

	List<Column> getColumns(StoredTable table) throws SQLException {
		List<Column> columns = this.columns.get(table);
		if (columns == null) {
			columns = this.reader.readColumns(this.connection, table.schema(), table.name());
			this.columns.put(table, columns);
		}
		return columns;
	}

	List<Index> getIndexes(StoredTable table) throws SQLException {
		List<Index> indexes = this.indexes.get(table);
		if (indexes == null) {
			indexes = this.reader.readIndexes(this.connection, table.schema(), table.name());
			this.indexes.put(table, indexes);
		}
		return indexes;
	}

	/**
	 * Returns why no index of a table is as required.
	 * @return the reason, empty if there is no similar index, or {@code null} if an index
	 * is as required
	 */
	@Nullable String explain(RequiredIndex required, StoredTable table) throws SQLException {
		List<String> columns = new ArrayList<>();
		for (String column : required.columns()) {
			columns.add(toStored(column));
		}
		return required.explain(columns, getIndexes(table), this::isSame);
	}

	/**
	 * Returns whether two names, as the server stores them, are those of one column.
	 */
	boolean isSame(String column, String other) {
		return this.reader.isColumnCaseSensitive() ? column.equals(other) : column.equalsIgnoreCase(other);
	}

	String toStored(String identifier) throws SQLException {
		return SchemaMetaData.toStored(identifier, this.connection.getMetaData());
	}

	String toSql(String identifier) throws SQLException {
		return SchemaMetaData.toSql(identifier, this.connection.getMetaData());
	}

}
