package io.appdbs.jdbc.schema;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.schema.JdbcSchemaReader;
import io.appdbs.engine.schema.TableSize;
import io.appdbs.requirement.RequiredIndex;
import io.appdbs.schema.Schema;
import io.appdbs.schema.TableInformation;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link Schema} of a relational database.
 */
public final class JdbcSchema implements Schema {

	private static final int MAX_TABLES = 1000;

	/** Of the names that are proposed for an unknown one. */
	private static final int MAX_NAMES = 10;

	private final String database;

	private final SchemaConnection connections;

	/**
	 * Creates a new {@link JdbcSchema}.
	 * @param database the name of the database
	 * @param engine supplies the engine of the server
	 * @param replaced whether the data source is a bean of the application, which may
	 * lead to a server of another engine
	 * @param dataSources supplies the data sources, at the first look-up
	 */
	public JdbcSchema(String database, Supplier<JdbcEngine> engine, boolean replaced,
			Supplier<SchemaDataSources> dataSources) {
		this.database = database;
		this.connections = new SchemaConnection(database, engine, replaced, dataSources);
	}

	@Override
	public List<String> getTables() {
		return look("the names of tables", JdbcSchema::readTables);
	}

	private static List<String> readTables(SchemaLookup lookup) throws SQLException {
		List<String> names = new ArrayList<>();
		for (String schema : lookup.getSearchPath()) {
			for (String table : lookup.getReader().readTables(lookup.getConnection(), schema, MAX_TABLES)) {
				names.add(lookup.toSql(table));
			}
		}
		return names.stream().distinct().sorted().limit(MAX_TABLES).toList();
	}

	@Override
	public boolean hasTable(String table) {
		TableName name = parse(table);
		return look("table " + table, (lookup) -> lookup.findTable(name) != null);
	}

	@Override
	public boolean hasColumn(String table, String column) {
		TableName name = parse(table);
		checkColumn(column);
		return look("column %s of table %s".formatted(column, table), (lookup) -> {
			StoredTable stored = lookup.findTable(name);
			return stored != null && lookup.findColumn(stored, column) != null;
		});
	}

	@Override
	public boolean hasIndex(String table, String... columns) {
		TableName name = parse(table);
		Assert.notEmpty(columns, "'columns' must not be empty");
		Stream.of(columns).forEach(JdbcSchema::checkColumn);
		RequiredIndex index = new RequiredIndex(table, List.of(columns), false);
		return look("index " + index, (lookup) -> {
			StoredTable stored = lookup.findTable(name);
			return stored != null && lookup.explain(index, stored) == null;
		});
	}

	@Override
	public TableInformation describe(String table) {
		TableName name = parse(table);
		return look("table " + table, (lookup) -> {
			StoredTable stored = lookup.findTable(name);
			if (stored == null) {
				throw unknown(name, lookup);
			}
			return describe(stored, lookup);
		});
	}

	private static TableInformation describe(StoredTable table, SchemaLookup lookup) throws SQLException {
		JdbcSchemaReader reader = lookup.getReader();
		TableSize size = reader.readSize(lookup.getConnection(), table.schema(), table.name());
		return new TableInformation(lookup.toSql(table.schema()) + "." + lookup.toSql(table.name()),
				lookup.getColumns(table), reader.readPrimaryKey(lookup.getConnection(), table.schema(), table.name()),
				lookup.getIndexes(table), reader.readForeignKeys(lookup.getConnection(), table.schema(), table.name()),
				size.rows(), size.bytes());
	}

	private <T> T look(String what, SchemaConnection.Task<T> task) {
		return this.connections.execute("Look-up of " + what, task);
	}

	/**
	 * Names similar tables of the same schema or, if none is, some of them.
	 */
	private IllegalArgumentException unknown(TableName name, SchemaLookup lookup) throws SQLException {
		String schema = name.schema(lookup.getConnection().getMetaData());
		List<String> searched = (schema != null) ? List.of(schema) : lookup.getSearchPath();
		List<String> names = new ArrayList<>();
		for (String each : searched) {
			String prefix = (schema != null) ? lookup.toSql(schema) + "." : "";
			for (String table : lookup.getReader().readTables(lookup.getConnection(), each, MAX_TABLES)) {
				names.add(prefix + lookup.toSql(table));
			}
		}
		String nearest = NearestName.find(name.toString(), names);
		String known = names.isEmpty() ? "none" : String.join(", ", names.stream().limit(MAX_NAMES).toList())
				+ ((names.size() > MAX_NAMES) ? ", …" : "");
		return new IllegalArgumentException("Database '%s' has no table '%s' in: %s.%s Known tables: %s.".formatted(
				this.database, name, searched.isEmpty() ? "no schema" : String.join(", ", searched),
				(nearest != null) ? " Did you mean '%s'?".formatted(nearest) : "", known));
	}

	private static TableName parse(String table) {
		TableName name = TableName.parse(table);
		Assert.isTrue(name != null,
				() -> "'%s' is not the name of a table. Write 'table' or 'schema.table', with double quotes around a part that has capital letters or other characters than letters, digits, '_' and '$'."
					.formatted(table));
		return name;
	}

	private static void checkColumn(@Nullable String column) {
		Assert.isTrue(column != null && column.matches(TableName.IDENTIFIER),
				() -> "'%s' is not the name of a column. Write double quotes around a name that has capital letters or other characters than letters, digits, '_' and '$'."
					.formatted(column));
	}

}
