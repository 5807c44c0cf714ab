package io.appdbs.engine.maintenance;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

import io.appdbs.maintenance.MaintenanceOperation;

/**
 * {@link JdbcMaintenance} of CockroachDB, which removes old rows by itself.
 */
public final class CockroachDbMaintenance extends JdbcMaintenance {

	private static final Set<String> SYSTEM = Set.of("crdb_internal", "information_schema", "pg_catalog",
			"pg_extension");

	/**
	 * Creates a new {@link CockroachDbMaintenance}.
	 */
	public CockroachDbMaintenance() {
		super(Set.of(MaintenanceOperation.ANALYZE, MaintenanceOperation.TRUNCATE),
				PostgreSqlMaintenance.PLAIN_IDENTIFIER);
	}

	@Override
	public void prepare(Connection connection, Duration lockTimeout) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET statement_timeout = 0");
			statement.execute("SET lock_timeout = " + PostgreSqlMaintenance.milliseconds(lockTimeout));
		}
	}

	@Override
	public String getStatement(MaintenanceOperation operation, CatalogObject object) {
		return ((operation == MaintenanceOperation.ANALYZE) ? "ANALYZE " : "TRUNCATE TABLE ") + quote(object);
	}

	@Override
	public boolean isSystemSchema(String schema) {
		return SYSTEM.contains(schema);
	}

}
