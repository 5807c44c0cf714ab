package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.maintenance.CatalogObject;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.maintenance.ObjectKind;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.TableName;
import io.appdbs.settings.TablePattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks up tables and indexes in the catalogue, and whether the settings allow to
 * maintain them.
 *
 * @param definition the database
 * @param maintenance the maintenance of the engine
 * @param connection the connection
 * @param searchPath the schemas of names that have none
 */
record TableLookup(DatabaseDefinition definition, JdbcMaintenance maintenance, Connection connection,
		List<String> searchPath) {

	private static final int SIMILAR_NAMES = 5;

	private static final String TABLES = "maintenance.tables";

	/**
	 * Returns the object that a name stands for.
	 * @param operation what it is for
	 * @param name the requested name
	 * @return the object
	 * @throws IllegalDatabaseOperationException if there is none, or it is not one that
	 * the operation is for
	 */
	CatalogObject find(MaintenanceOperation operation, String name) throws SQLException {
		TableName parsed = TableName.parse(name);
		if (parsed == null) {
			throw illegal(
					("'%s' is not the name of a table. Write 'table' or 'schema.table', with double quotes around "
							+ "a part that has capital letters or other characters than letters, digits, '_' and '$'.")
						.formatted(name));
		}
		DatabaseMetaData metaData = this.connection.getMetaData();
		String schema = parsed.schema(metaData);
		List<String> schemas = (schema != null) ? List.of(schema) : this.searchPath;
		for (String candidate : schemas) {
			List<CatalogObject> found = this.maintenance.readObjects(this.connection, candidate,
					parsed.table(metaData));
			if (!found.isEmpty()) {
				return check(operation, found.get(0));
			}
		}
		throw illegal("Database '%s' has no table or index '%s' in: %s.%s".formatted(this.definition.name(), name,
				schemas.isEmpty() ? "no schema" : String.join(", ", schemas),
				describeSimilar(parsed.table(metaData), schemas)));
	}

	private CatalogObject check(MaintenanceOperation operation, CatalogObject object) {
		if (this.maintenance.isSystemSchema(object.schema())) {
			throw illegal("Database '%s': '%s' belongs to the server, which maintains it."
				.formatted(this.definition.name(), this.maintenance.describe(object)));
		}
		Collection<ObjectKind> kinds = this.maintenance.getKinds(operation);
		if (!kinds.contains(object.kind())) {
			throw illegal("Database '%s': '%s' is %s, but '%s' is for: %s.".formatted(this.definition.name(),
					this.maintenance.describe(object), object.kind().getDescription(), operation.getName(),
					String.join(", ", kinds.stream().map(ObjectKind::getName).toList())));
		}
		return object;
	}

	/**
	 * Describes objects whose names differ by case or a letter, and those of the same
	 * name elsewhere.
	 */
	private String describeSimilar(String name, List<String> schemas) throws SQLException {
		List<CatalogObject> objects = new ArrayList<>();
		for (String schema : schemas) {
			objects.addAll(this.maintenance.readObjects(this.connection, schema, null));
		}
		List<String> similar = Stream
			.concat(objects.stream().filter((object) -> NearestName.find(name, List.of(object.name()), 1) != null),
					this.maintenance.readObjects(this.connection, null, name).stream())
			.filter((object) -> object.kind() != ObjectKind.OTHER && !this.maintenance.isSystemSchema(object.schema()))
			.map(this.maintenance::describe)
			.distinct()
			.limit(SIMILAR_NAMES)
			.toList();
		return similar.isEmpty() ? "" : " Similar: %s.".formatted(String.join(", ", similar));
	}

	/**
	 * Returns why the settings do not allow to maintain a table or index.
	 * @return the reason or {@code null} if they allow it
	 */
	@Nullable String findRefusal(CatalogObject object) throws SQLException {
		if (isAllowed(object)) {
			return null;
		}
		List<String> tables = this.definition.settings().maintenance().tables();
		return "Database '%s' does not allow maintenance of '%s'. Allowed by '%s': %s.".formatted(
				this.definition.name(), this.maintenance.describe(object), this.definition.key(TABLES),
				tables.isEmpty() ? "all tables of " + String.join(", ", this.searchPath) : String.join(", ", tables));
	}

	/**
	 * Reads the tables that the settings allow to maintain.
	 */
	List<String> readTables() throws SQLException {
		List<CatalogObject> objects = new ArrayList<>();
		if (getPatterns().stream().allMatch((pattern) -> pattern.schema() == null)) {
			for (String schema : this.searchPath) {
				objects.addAll(this.maintenance.readObjects(this.connection, schema, null));
			}
		}
		else {
			objects.addAll(this.maintenance.readObjects(this.connection, null, null));
		}
		List<String> names = new ArrayList<>();
		for (CatalogObject object : objects) {
			if (isTable(object.kind()) && isAllowed(object)) {
				names.add(this.maintenance.describe(object));
			}
		}
		return names;
	}

	private static boolean isTable(ObjectKind kind) {
		return kind == ObjectKind.TABLE || kind == ObjectKind.PARTITIONED_TABLE || kind == ObjectKind.MATERIALIZED_VIEW;
	}

	private boolean isAllowed(CatalogObject object) throws SQLException {
		if (this.maintenance.isSystemSchema(object.schema())) {
			return false;
		}
		List<TablePattern> patterns = getPatterns();
		for (TablePattern pattern : patterns) {
			if (pattern.matches(object.schema(), object.tableName(), this.searchPath, this.connection.getMetaData())) {
				return true;
			}
		}
		return patterns.isEmpty() && this.searchPath.contains(object.schema());
	}

	private List<TablePattern> getPatterns() {
		return this.definition.settings()
			.maintenance()
			.tables()
			.stream()
			.map(TablePattern::parse)
			.filter(Objects::nonNull)
			.toList();
	}

	private IllegalDatabaseOperationException illegal(String message) {
		return new IllegalDatabaseOperationException(this.definition.name(), message);
	}

}
