package io.appdbs.engine.inspection.mysql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.appdbs.engine.inspection.InspectionContext;
import org.jspecify.annotations.Nullable;

/**
 * Inspects MySQL, since version 8.0.13.
 */
public final class MySqlInspector extends AbstractMySqlInspector {

	private static final String ROW_LOCKS = """
			SELECT r.processlist_id AS waiter, b.processlist_id AS blocker FROM performance_schema.data_lock_waits w
			JOIN performance_schema.threads r ON r.thread_id = w.requesting_thread_id
			JOIN performance_schema.threads b ON b.thread_id = w.blocking_thread_id
			WHERE b.processlist_id IS NOT NULL""";

	private static final String DEADLOCKS = """
			SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks' AND status = 'enabled'""";

	private static final String REFERENCED = """
			SELECT CONCAT(table_schema, '.', table_name, '.', constraint_name) AS fk, referenced_column_name AS col
			FROM information_schema.key_column_usage
			WHERE referenced_table_schema = ? AND referenced_table_name = ? ORDER BY fk, ordinal_position""";

	/**
	 * Creates a new {@link MySqlInspector}.
	 */
	public MySqlInspector() {
		this(MySqlChecks.Thresholds.DEFAULT);
	}

	MySqlInspector(MySqlChecks.Thresholds thresholds) {
		super("MySQL", thresholds);
	}

	/**
	 * Locks are waited for at least one second, the least that the server accepts. Sizes
	 * are read anew, and not as of the last day.
	 */
	@Override
	String getLimits(Duration statementTimeout, Duration lockTimeout) {
		long seconds = Math.max(1, lockTimeout.toSeconds());
		return "max_execution_time = %d, lock_wait_timeout = %d, innodb_lock_wait_timeout = %d, information_schema_stats_expiry = 0"
			.formatted(Math.max(1, statementTimeout.toMillis()), seconds, seconds);
	}

	@Override
	@Nullable String getRowLocks(InspectionContext context, MySqlGrants grants) throws SQLException {
		return (describeMissingBlockers(context, grants) == null) ? ROW_LOCKS : null;
	}

	@Override
	@Nullable String describeMissingBlockers(InspectionContext context, MySqlGrants grants) throws SQLException {
		if (!MySqlPerformanceSchema.isOn(context)) {
			return "The server does not report who blocks a session, since its performance schema is off.";
		}
		return grants.isSelectable("performance_schema", "*") ? null
				: "The login may not read who blocks a session. To allow it: "
						+ grants.getStatement("SELECT", "performance_schema.*");
	}

	@Override
	String describeUnknownBlockers() {
		return "a session that has ended meanwhile, or that the login may not read in the performance schema";
	}

	@Override
	@Nullable Long readDeadlocks(InspectionContext context, @Nullable Long status) throws SQLException {
		List<Long> counts = context.query(DEADLOCKS, (row) -> row.getLong(1));
		return counts.isEmpty() ? null : counts.get(0);
	}

	@Override
	String getExpressionColumn() {
		return "expression";
	}

	@Override
	String getReferencedColumns() {
		return REFERENCED;
	}

}
