package io.appdbs.engine.maintenance;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.maintenance.MaintenanceOperation;

/**
 * {@link JdbcMaintenance} of H2.
 */
public final class H2Maintenance extends JdbcMaintenance {

	/**
	 * Creates a new {@link H2Maintenance}.
	 */
	public H2Maintenance() {
		super(Set.of(MaintenanceOperation.ANALYZE, MaintenanceOperation.TRUNCATE), "[\\p{Lu}_][\\p{Lu}\\p{N}_$]*");
	}

	@Override
	public void prepare(Connection connection, Duration lockTimeout) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET QUERY_TIMEOUT 0");
			statement.execute("SET LOCK_TIMEOUT " + Math.max(1, lockTimeout.toMillis()));
		}
	}

	@Override
	public String getStatement(MaintenanceOperation operation, CatalogObject object) {
		return ((operation == MaintenanceOperation.ANALYZE) ? "ANALYZE TABLE " : "TRUNCATE TABLE ") + quote(object);
	}

	@Override
	public boolean isSystemSchema(String schema) {
		return schema.equalsIgnoreCase("INFORMATION_SCHEMA");
	}

	@Override
	public ObjectSize readSize(Connection connection, CatalogObject object) throws SQLException {
		return SqlQueries.query(connection,
				"SELECT row_count_estimate FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
				(row) -> new ObjectSize(row.getLong(1), null), object.schema(), object.name())
			.stream()
			.findFirst()
			.orElse(ObjectSize.UNKNOWN);
	}

}
