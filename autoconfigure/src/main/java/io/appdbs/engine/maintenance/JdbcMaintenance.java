package io.appdbs.engine.maintenance;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceProgress;
import org.jspecify.annotations.Nullable;

/**
 * Maintains tables and indexes on servers of an engine: supplies the statements and reads
 * their results. Names in statements are always those of the catalogue. Must be
 * thread-safe.
 */
public abstract class JdbcMaintenance {

	private final Set<MaintenanceOperation> operations;

	private final Pattern plainIdentifier;

	/**
	 * Creates a new {@link JdbcMaintenance}.
	 * @param operations the operations that the engine has
	 * @param plainIdentifier the identifiers that need no quotes, a regular expression
	 */
	protected JdbcMaintenance(Set<MaintenanceOperation> operations, String plainIdentifier) {
		this.operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
		this.plainIdentifier = Pattern.compile(plainIdentifier);
	}

	/**
	 * Returns the operations that the engine has.
	 * @return the operations, in the order of their declaration
	 */
	public final Set<MaintenanceOperation> getOperations() {
		return this.operations;
	}

	/**
	 * Removes the limits of the session for statements, and limits the time that they
	 * wait for a lock.
	 * @param connection the connection
	 * @param lockTimeout the time limit, positive
	 * @throws SQLException if the server does not accept it
	 */
	public abstract void prepare(Connection connection, Duration lockTimeout) throws SQLException;

	/**
	 * Returns the statement of an operation.
	 * @param operation one of the {@linkplain #getOperations() operations}
	 * @param object the table or index
	 * @return the statement
	 */
	public abstract String getStatement(MaintenanceOperation operation, CatalogObject object);

	/**
	 * Executes a statement.
	 * @param statement the statement object
	 * @param sql the statement
	 * @return what the server answered
	 * @throws SQLException if the server rejects it
	 */
	public StatementResult execute(Statement statement, String sql) throws SQLException {
		statement.execute(sql);
		return StatementResult.SUCCESS;
	}

	/**
	 * Returns the kinds of objects that an operation is for.
	 * @param operation one of the {@linkplain #getOperations() operations}
	 * @return the kinds, tables unless overridden
	 */
	public Set<ObjectKind> getKinds(MaintenanceOperation operation) {
		return EnumSet.of(ObjectKind.TABLE);
	}

	/**
	 * Returns whether a schema belongs to the system.
	 * @param schema the name of the schema or database
	 * @return whether its tables are not maintained
	 */
	public abstract boolean isSystemSchema(String schema);

	/**
	 * Reads the objects of a schema, or of all.
	 * @param connection the connection
	 * @param schema the schema or database, {@code null} for all
	 * @param name the name of the object, {@code null} for all
	 * @return the objects, ordered by their names
	 * @throws SQLException if the server does not answer
	 */
	public List<CatalogObject> readObjects(Connection connection, @Nullable String schema, @Nullable String name)
			throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		boolean schemas = metaData.supportsSchemasInTableDefinitions();
		String escape = metaData.getSearchStringEscape();
		List<CatalogObject> objects = new ArrayList<>();
		try (ResultSet rows = metaData.getTables(schemas ? connection.getCatalog() : schema,
				(schemas && schema != null) ? literally(schema, escape) : null,
				(name != null) ? literally(name, escape) : "%", null)) {
			while (rows.next()) {
				String table = rows.getString("TABLE_NAME");
				// drivers differ in whether the case of a pattern matters
				if (name == null || name.equals(table)) {
					objects.add(new CatalogObject(rows.getString(schemas ? "TABLE_SCHEM" : "TABLE_CAT"), table,
							toKind(rows.getString("TABLE_TYPE"))));
				}
			}
		}
		return objects;
	}

	private static String literally(String name, String escape) {
		return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
	}

	private static ObjectKind toKind(String type) {
		return switch (type) {
			case "TABLE", "BASE TABLE" -> ObjectKind.TABLE;
			case "FOREIGN TABLE", "TABLE LINK" -> ObjectKind.FOREIGN_TABLE;
			default -> type.contains("VIEW") ? ObjectKind.VIEW : ObjectKind.OTHER;
		};
	}

	/**
	 * Reads the size of a table or index.
	 * @param connection the connection
	 * @param object the table or index
	 * @return the size
	 * @throws SQLException if the server does not answer in time
	 */
	public ObjectSize readSize(Connection connection, CatalogObject object) throws SQLException {
		return ObjectSize.UNKNOWN;
	}

	/**
	 * Reads why an operation is not possible now, apart from rights.
	 * @param connection the connection
	 * @param operation the operation
	 * @param object the table or index
	 * @return the reason as a sentence that begins with "it", or {@code null}, unless
	 * overridden, if it is possible
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable String readObstacle(Connection connection, MaintenanceOperation operation, CatalogObject object)
			throws SQLException {
		return null;
	}

	/**
	 * Reads which right the login lacks for an operation.
	 * @param connection the connection
	 * @param operation the operation
	 * @param object the table or index
	 * @return the right or {@code null}, unless overridden, if it has all, or they can
	 * only be found out by the operation
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable MissingRight readMissingRight(Connection connection, MaintenanceOperation operation,
			CatalogObject object) throws SQLException {
		return null;
	}

	/**
	 * Reads the number of the session, for {@link #readProgress}.
	 * @param connection the connection
	 * @return the number or {@code null}, unless overridden, if the engine does not
	 * report progress
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable Long readSession(Connection connection) throws SQLException {
		return null;
	}

	/**
	 * Reads how far the statement of another session with the same login is.
	 * @param connection the connection
	 * @param session the number of the other session
	 * @return the progress or {@code null}, unless overridden, if nothing is reported
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable MaintenanceProgress readProgress(Connection connection, long session) throws SQLException {
		return null;
	}

	/**
	 * Returns whether an operation can leave invalid indexes behind when it fails.
	 * @param operation the operation
	 * @return {@code false} unless overridden
	 */
	public boolean isLeavingIndexes(MaintenanceOperation operation) {
		return false;
	}

	/**
	 * Reads the invalid indexes that a failed operation on a table or index may have left
	 * behind.
	 * @param connection the connection
	 * @param object the table or index
	 * @return the indexes, none unless overridden
	 * @throws SQLException if the server does not answer
	 */
	public List<CatalogObject> readLeftOverIndexes(Connection connection, CatalogObject object) throws SQLException {
		return List.of();
	}

	/**
	 * Returns the name of an object in a statement.
	 * @param object the object
	 * @return the name with its schema, each in quotes
	 */
	protected final String quote(CatalogObject object) {
		return quote(object.schema()) + "." + quote(object.name());
	}

	/**
	 * Returns an identifier in quotes.
	 * @param identifier the identifier of the catalogue
	 * @return the identifier in double quotes, unless overridden
	 */
	protected String quote(String identifier) {
		return "\"" + identifier.replace("\"", "\"\"") + "\"";
	}

	/**
	 * Returns the name of an object as it can be requested.
	 * @param object the object
	 * @return the name with its schema, in double quotes where they matter
	 */
	public final String describe(CatalogObject object) {
		return describe(object.schema()) + "." + describe(object.name());
	}

	private String describe(String identifier) {
		return this.plainIdentifier.matcher(identifier).matches() ? identifier
				: "\"" + identifier.replace("\"", "\"\"") + "\"";
	}

}
