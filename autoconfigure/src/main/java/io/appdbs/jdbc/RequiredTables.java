package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the tables of {@code startup.required-tables} are there. A view is as good
 * as a table.
 */
public final class RequiredTables implements DatabasePreparation {

	private static final Pattern NO_TABLE = Pattern.compile("(.* )?(INDEX|SEQUENCE|TYPE)");

	@Override
	public String getName() {
		return "required-tables";
	}

	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails target)
			throws SQLException {
		List<String> required = definition.settings().startup().requiredTables();
		if (required.isEmpty()) {
			return null;
		}
		JdbcEngine engine = definition.jdbcEngine();
		try (Connection connection = JdbcConnections.openForPreparation(definition, target)) {
			List<String> searchPath = engine.readSearchPath(connection);
			List<String> missing = new ArrayList<>();
			for (String name : required) {
				if (!exists(connection, searchPath, parse(name))) {
					missing.add(name);
				}
			}
			if (!missing.isEmpty()) {
				throw missing(definition, target, missing, searchPath);
			}
		}
		return Map.of("tables", required);
	}

	private static TableName parse(String name) {
		return Objects.requireNonNull(TableName.parse(name), () -> "Malformed name of a table: " + name);
	}

	private static boolean exists(Connection connection, List<String> searchPath, TableName name) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		String table = name.table(metaData);
		String schema = name.schema(metaData);
		for (String candidate : (schema != null) ? List.of(schema) : searchPath) {
			if (exists(connection, candidate, table)) {
				return true;
			}
		}
		return false;
	}

	private static boolean exists(Connection connection, String schema, String table) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		boolean schemas = metaData.supportsSchemasInTableDefinitions();
		String escape = metaData.getSearchStringEscape();
		try (ResultSet rows = metaData.getTables(schemas ? connection.getCatalog() : schema,
				schemas ? literally(schema, escape) : null, literally(table, escape), null)) {
			while (rows.next()) {
				// Drivers differ in whether the case of a pattern matters.
				if (table.equals(rows.getString("TABLE_NAME"))
						&& !NO_TABLE.matcher(rows.getString("TABLE_TYPE")).matches()) {
					return true;
				}
			}
			return false;
		}
	}

	private static String literally(String name, String escape) {
		return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
	}

	private static DatabaseStartException missing(DatabaseDefinition definition, DatabaseConnectionDetails target,
			List<String> missing, List<String> searchPath) {
		String name = definition.name();
		return new DatabaseStartException(name,
				"Database '%s' (%s at %s) lacks the required tables: %s.".formatted(name,
						definition.engine().getDisplayName(), target.address(), String.join(", ", missing)),
				"Create them, best in a migration of the database, or correct '%s'. "
					.formatted(definition.key("startup.required-tables"))
						+ "A table without schema is looked for in: %s.".formatted(searchPath.isEmpty()
								? "nothing, as the login has no schema" : String.join(", ", searchPath)),
				null);
	}

}
