package io.appdbs.engine.maintenance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.maintenance.MaintenanceOperation;
import org.jspecify.annotations.Nullable;

/**
 * {@link JdbcMaintenance} of MySQL and MariaDB, which report failures in the rows of a
 * result.
 */
public final class MySqlMaintenance extends JdbcMaintenance {

	private static final Set<String> SYSTEM = Set.of("information_schema", "mysql", "performance_schema", "sys");

	private static final Set<String> SUCCESS = Set.of("OK", "Table is already up to date");

	private final boolean maximumStatementTime;

	/**
	 * Creates a new {@link MySqlMaintenance}.
	 * @param maximumStatementTime whether the server has a time limit for all statements,
	 * as MariaDB does
	 */
	public MySqlMaintenance(boolean maximumStatementTime) {
		super(Set.of(MaintenanceOperation.ANALYZE, MaintenanceOperation.OPTIMIZE, MaintenanceOperation.CHECK,
				MaintenanceOperation.TRUNCATE), "[\\p{L}_][\\p{L}\\p{N}_$]*");
		this.maximumStatementTime = maximumStatementTime;
	}

	@Override
	public void prepare(Connection connection, Duration lockTimeout) throws SQLException {
		// the server counts whole seconds
		long seconds = Math.max(1, lockTimeout.plusNanos(999_999_999).toSeconds());
		try (Statement statement = connection.createStatement()) {
			statement.execute(
					"SET SESSION lock_wait_timeout = %1$d, SESSION innodb_lock_wait_timeout = %1$d".formatted(seconds));
			if (this.maximumStatementTime) {
				statement.execute("SET SESSION max_statement_time = 0");
			}
		}
	}

	@Override
	public String getStatement(MaintenanceOperation operation, CatalogObject object) {
		return operation.name() + " TABLE " + quote(object);
	}

	@Override
	protected String quote(String identifier) {
		return "`" + identifier.replace("`", "``") + "`";
	}

	@Override
	public boolean isSystemSchema(String schema) {
		return SYSTEM.contains(schema.toLowerCase(Locale.ROOT));
	}

	/**
	 * The rows have the columns {@code Table}, {@code Op}, {@code Msg_type} and
	 * {@code Msg_text}.
	 */
	@Override
	public StatementResult execute(Statement statement, String sql) throws SQLException {
		if (!statement.execute(sql)) {
			return StatementResult.SUCCESS;
		}
		List<String> messages = new ArrayList<>();
		String failure = null;
		String status = null;
		try (ResultSet rows = statement.getResultSet()) {
			while (rows.next()) {
				String type = String.valueOf(rows.getString("Msg_type")).toLowerCase(Locale.ROOT);
				String text = rows.getString("Msg_text");
				messages.add(type + ": " + text);
				status = type.equals("status") ? text : status;
				failure = (failure == null && type.equals("error")) ? text : failure;
			}
		}
		return new StatementResult(messages, (failure != null) ? failure : failure(status));
	}

	private static @Nullable String failure(@Nullable String status) {
		if (status == null) {
			return "The server did not report that the statement succeeded.";
		}
		return SUCCESS.contains(status) ? null : status;
	}

	@Override
	public ObjectSize readSize(Connection connection, CatalogObject object) throws SQLException {
		return SqlQueries
			.query(connection,
					"SELECT table_rows, data_length + index_length "
							+ "FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
					(row) -> (row.getObject(1) != null) ? new ObjectSize(row.getLong(1), row.getLong(2))
							: ObjectSize.UNKNOWN,
					object.schema(), object.name())
			.stream()
			.findFirst()
			.orElse(ObjectSize.UNKNOWN);
	}

}
