package io.appdbs.jdbc.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.schema.JdbcSchemaReader;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.requirement.MissingRequirements;
import io.appdbs.requirement.RequiredColumn;
import io.appdbs.requirement.RequiredIndex;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TypeFamily;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.StartupSettings;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the tables of {@code startup.required-tables} exist, and the columns and
 * indexes of {@code startup.required-columns} and {@code startup.required-indexes}. Views
 * count as tables.
 */
public final class RequiredTables implements DatabasePreparation {

	private static final String TABLES = "tables";

	private static final String COLUMNS = "columns";

	private static final String INDEXES = "indexes";

	private static final String NO_TABLE = "there is no such table";

	private static final String NO_PRIVILEGE = "the login has no privilege on the table";

	@Override
	public String getName() {
		return "required-tables";
	}

	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails details)
			throws SQLException {
		StartupSettings startup = definition.settings().startup();
		Map<String, Object> required = new LinkedHashMap<>();
		put(required, TABLES, startup.requiredTables());
		put(required, COLUMNS, startup.requiredColumns());
		put(required, INDEXES, startup.requiredIndexes());
		if (required.isEmpty()) {
			return null;
		}
		try (Connection connection = JdbcConnections.openForPreparation(definition, details)) {
			SchemaLookup lookup = new SchemaLookup(connection, definition.jdbcEngine());
			MissingRequirements missing = new MissingRequirements();
			checkTables(startup.requiredTables(), lookup, missing);
			checkColumns(startup.requiredColumns(), lookup, missing);
			checkIndexes(startup.requiredIndexes(), lookup, missing);
			if (!missing.isEmpty()) {
				throw missing.toException(definition, details, describe(lookup.getSearchPath()));
			}
		}
		return required;
	}

	private static void put(Map<String, Object> required, String kind, List<String> entries) {
		if (!entries.isEmpty()) {
			required.put(kind, entries);
		}
	}

	private static String describe(List<String> searchPath) {
		return "A table without schema is looked for in: %s."
			.formatted(searchPath.isEmpty() ? "nothing, as the login has no schema" : String.join(", ", searchPath));
	}

	private static void checkTables(List<String> names, SchemaLookup lookup, MissingRequirements missing)
			throws SQLException {
		for (String name : names) {
			StoredTable table = lookup.findTable(parsed(TableName.parse(name), name));
			if (table == null) {
				missing.add(TABLES, name);
			}
			else if (!table.granted()) {
				missing.add(TABLES, name, NO_PRIVILEGE);
			}
		}
	}

	private static void checkColumns(List<String> entries, SchemaLookup lookup, MissingRequirements missing)
			throws SQLException {
		for (String entry : entries) {
			RequiredColumn required = parsed(RequiredColumn.parse(entry), entry);
			StoredTable table = lookup.findTable(required.table());
			String reason = (table != null) ? explain(required, table, lookup) : NO_TABLE;
			if (reason != null) {
				missing.add(COLUMNS, required.name(), reason);
			}
		}
	}

	/**
	 * Returns why a column is not as required, {@code null} if it is, or empty if it is
	 * missing without a similar one.
	 */
	private static @Nullable String explain(RequiredColumn required, StoredTable table, SchemaLookup lookup)
			throws SQLException {
		if (!table.granted()) {
			return NO_PRIVILEGE;
		}
		Column column = lookup.findColumn(table, required.column());
		if (column == null) {
			return explainMissing(lookup.toStored(required.column()), table, lookup);
		}
		String type = required.type();
		TypeFamily family = required.family();
		JdbcSchemaReader reader = lookup.getReader();
		if (type == null || ((family != null) ? reader.isInFamily(column, family) : reader.hasType(column, type))) {
			return null;
		}
		return "is %s, must be %s".formatted(column.type(), type);
	}

	private static String explainMissing(String name, StoredTable table, SchemaLookup lookup) throws SQLException {
		for (Column column : lookup.getColumns(table)) {
			if (column.name().equalsIgnoreCase(name)) {
				return "there is " + lookup.toSql(column.name());
			}
		}
		return "";
	}

	private static void checkIndexes(List<String> entries, SchemaLookup lookup, MissingRequirements missing)
			throws SQLException {
		for (String entry : entries) {
			RequiredIndex required = parsed(RequiredIndex.parse(entry), entry);
			StoredTable table = lookup.findTable(parsed(TableName.parse(required.table()), entry));
			String reason = (table != null) ? lookup.explain(required, table) : NO_TABLE;
			if (reason != null) {
				missing.add(INDEXES, required.toString(), reason);
			}
		}
	}

	private static <T> T parsed(@Nullable T parsed, String entry) {
		return Objects.requireNonNull(parsed, () -> "Malformed: " + entry);
	}

}
