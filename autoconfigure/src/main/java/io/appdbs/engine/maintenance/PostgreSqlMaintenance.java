package io.appdbs.engine.maintenance;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceProgress;
import org.jspecify.annotations.Nullable;

/**
 * {@link JdbcMaintenance} of PostgreSQL. {@link PostgreSqlCatalog} has the queries.
 */
public final class PostgreSqlMaintenance extends JdbcMaintenance {

	/** What the server does not fold, and needs no quotes. */
	static final String PLAIN_IDENTIFIER = "[\\p{Ll}_][\\p{Ll}\\p{N}_$]*";

	private static final Set<ObjectKind> TABLES = EnumSet.of(ObjectKind.TABLE, ObjectKind.PARTITIONED_TABLE,
			ObjectKind.MATERIALIZED_VIEW);

	private static final String WARNING = "01000";

	/** A warning that does not mean that a table was skipped. */
	private static final String OLD_TRANSACTION = "far in the past";

	/**
	 * Creates a new {@link PostgreSqlMaintenance}.
	 */
	public PostgreSqlMaintenance() {
		super(Set.of(MaintenanceOperation.ANALYZE, MaintenanceOperation.VACUUM, MaintenanceOperation.REINDEX,
				MaintenanceOperation.DROP_INVALID_INDEX, MaintenanceOperation.TRUNCATE), PLAIN_IDENTIFIER);
	}

	/**
	 * The server has the limit for transactions since version 17.
	 */
	@Override
	public void prepare(Connection connection, Duration lockTimeout) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(
				"SELECT pg_catalog.set_config(s.name, CASE s.name WHEN 'lock_timeout' THEN ? ELSE '0' END, false) "
						+ "FROM pg_catalog.pg_settings s "
						+ "WHERE s.name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout')")) {
			statement.setString(1, String.valueOf(milliseconds(lockTimeout)));
			statement.execute();
		}
	}

	/**
	 * Returns a limit in milliseconds, between the limits of the server.
	 */
	static long milliseconds(Duration limit) {
		return Math.max(1, Math.min(limit.toMillis(), Integer.MAX_VALUE));
	}

	@Override
	public String getStatement(MaintenanceOperation operation, CatalogObject object) {
		String name = quote(object);
		return switch (operation) {
			case ANALYZE -> "ANALYZE " + name;
			case VACUUM -> "VACUUM (ANALYZE) " + name;
			case REINDEX -> "REINDEX %s CONCURRENTLY %s".formatted(object.kind().isIndex() ? "INDEX" : "TABLE", name);
			case DROP_INVALID_INDEX -> "DROP INDEX CONCURRENTLY " + name;
			// tables that inherit from it have not been named
			case TRUNCATE -> "TRUNCATE TABLE ONLY " + name;
			default -> throw new IllegalArgumentException(operation.getName());
		};
	}

	@Override
	public Set<ObjectKind> getKinds(MaintenanceOperation operation) {
		return switch (operation) {
			case REINDEX -> EnumSet.of(ObjectKind.TABLE, ObjectKind.PARTITIONED_TABLE, ObjectKind.MATERIALIZED_VIEW,
					ObjectKind.INDEX, ObjectKind.PARTITIONED_INDEX);
			case DROP_INVALID_INDEX -> EnumSet.of(ObjectKind.INDEX);
			case TRUNCATE -> EnumSet.of(ObjectKind.TABLE);
			default -> TABLES;
		};
	}

	/**
	 * The server skips a table that the login may not maintain, and warns. The text of
	 * the warning depends on the version and the language of the server.
	 */
	@Override
	public StatementResult execute(Statement statement, String sql) throws SQLException {
		statement.execute(sql);
		List<String> messages = new ArrayList<>();
		String failure = null;
		for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
			String message = String.valueOf(warning.getMessage());
			messages.add(message);
			if (failure == null && WARNING.equals(warning.getSQLState()) && !message.contains(OLD_TRANSACTION)) {
				failure = message;
			}
		}
		return new StatementResult(messages, failure);
	}

	@Override
	public boolean isSystemSchema(String schema) {
		return schema.startsWith("pg_") || schema.equals("information_schema");
	}

	@Override
	public List<CatalogObject> readObjects(Connection connection, @Nullable String schema, @Nullable String name)
			throws SQLException {
		return PostgreSqlCatalog.readObjects(connection, schema, name);
	}

	@Override
	public ObjectSize readSize(Connection connection, CatalogObject object) throws SQLException {
		return PostgreSqlCatalog.readSize(connection, object);
	}

	@Override
	public @Nullable String readObstacle(Connection connection, MaintenanceOperation operation, CatalogObject object)
			throws SQLException {
		if (operation != MaintenanceOperation.DROP_INVALID_INDEX) {
			return null;
		}
		if (PostgreSqlCatalog.isValid(connection, object)) {
			return "it is valid, and used by the server";
		}
		Long session = PostgreSqlCatalog.findBuilder(connection, object);
		return (session != null) ? "it may be being built: session %d has a lock on the table".formatted(session)
				: null;
	}

	@Override
	public @Nullable MissingRight readMissingRight(Connection connection, MaintenanceOperation operation,
			CatalogObject object) throws SQLException {
		MissingRight right = PostgreSqlCatalog.readMissingRight(connection, operation, object);
		if (right == null || right.grant() == null) {
			return right;
		}
		CatalogObject table = new CatalogObject(object.schema(), object.tableName(), ObjectKind.TABLE);
		return new MissingRight(right.login(), right.owner(),
				"GRANT %s ON TABLE %s TO %s".formatted(right.grant(), quote(table), quote(right.login())));
	}

	@Override
	public @Nullable Long readSession(Connection connection) throws SQLException {
		return SqlQueries.queryForRow(connection, "SELECT pg_catalog.pg_backend_pid()", (row) -> row.getLong(1));
	}

	@Override
	public @Nullable MaintenanceProgress readProgress(Connection connection, long session) throws SQLException {
		return PostgreSqlCatalog.readProgress(connection, session);
	}

	@Override
	public boolean isLeavingIndexes(MaintenanceOperation operation) {
		return operation == MaintenanceOperation.REINDEX;
	}

	@Override
	public List<CatalogObject> readLeftOverIndexes(Connection connection, CatalogObject object) throws SQLException {
		return PostgreSqlCatalog.readLeftOverIndexes(connection, object);
	}

}
