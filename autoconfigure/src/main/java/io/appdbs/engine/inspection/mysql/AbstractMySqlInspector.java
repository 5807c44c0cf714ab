package io.appdbs.engine.inspection.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.inspection.FindingCheck;
import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.ServerReadings;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.jspecify.annotations.Nullable;

/**
 * Base class of what MySQL and MariaDB have in common: InnoDB's statistics and the
 * performance schema.
 */
abstract class AbstractMySqlInspector extends JdbcInspector {

	private final MySqlChecks checks;

	AbstractMySqlInspector(String engine, MySqlChecks.Thresholds thresholds) {
		super(engine);
		this.checks = new MySqlChecks(this, thresholds);
	}

	/**
	 * Sets the variables of the session. The server has no variables of a transaction,
	 * and the session is that of the inspection alone.
	 */
	@Override
	public final void limit(Connection connection, Duration statementTimeout, Duration lockTimeout)
			throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET SESSION TRANSACTION READ ONLY");
			// InnoDB reports times in the time zone of the system
			statement.execute("SET SESSION time_zone = 'SYSTEM', " + getLimits(statementTimeout, lockTimeout));
		}
	}

	/**
	 * Returns assignments to variables that limit statements and waiting for locks.
	 */
	abstract String getLimits(Duration statementTimeout, Duration lockTimeout);

	@Override
	public Sample<SizeReport> readSize(InspectionContext context) throws SQLException {
		return MySqlTables.readSize(context);
	}

	@Override
	public Sample<List<TableReport>> readTables(InspectionContext context) throws SQLException {
		return MySqlTables.readLargest(context);
	}

	@Override
	public Sample<List<IndexReport>> readIndexes(InspectionContext context) throws SQLException {
		return new MySqlIndexes(this).readLargest(context);
	}

	@Override
	public Sample<ActivityReport> readActivity(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		ActivityReport report = readSessions(context, grants).toReport(context.limit(),
				context.queryForRow("SELECT @@max_connections", (row) -> row.getInt(1)));
		return new Sample<>(report, true, 0, describeMissingBlockers(context, grants));
	}

	@Override
	public Sample<List<StatementReport>> readStatements(InspectionContext context) throws SQLException {
		return MySqlPerformanceSchema.readStatements(context);
	}

	@Override
	public List<FindingCheck> getChecks() {
		return this.checks.getAll();
	}

	@Override
	public UnusedIndexes readUnusedIndexes(InspectionContext context) throws SQLException {
		return new UnusedIndexes(readStatisticsSince(context), new MySqlIndexes(this).readUnused(context));
	}

	@Override
	public String getDropIndexStatement(IndexReport index) {
		return "DROP INDEX %s ON %s;".formatted(
				MySqlNames.quoteDisplayed(index.name().substring(index.table().length() + 1)),
				MySqlNames.quoteDisplayed(index.table()));
	}

	@Override
	public @Nullable Instant readStatisticsSince(InspectionContext context) throws SQLException {
		return MySqlPerformanceSchema.readSince(context);
	}

	/**
	 * Reads the buffer pool and deadlocks of the server, as there are no figures of one
	 * database.
	 */
	@Override
	public ServerReadings readReadings(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		Map<String, Long> status = new HashMap<>();
		context.query(
				"SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_buffer_pool_read_requests', "
						+ "'Innodb_buffer_pool_reads', 'Innodb_deadlocks')",
				(row) -> status.put(row.getString(1), row.getLong(2)));
		long requests = status.getOrDefault("Innodb_buffer_pool_read_requests", 0L);
		long misses = status.getOrDefault("Innodb_buffer_pool_reads", 0L);
		boolean sees = grants.isGlobal("PROCESS");
		MySqlSessions sessions = sees ? MySqlSessions.read(context, grants, null) : null;
		return new ServerReadings(readBytes(context, grants), Math.max(0, requests - misses), misses,
				(sessions != null) ? sessions.longestTransaction() : null,
				(sessions != null) ? sessions.countWaiting(Duration.ofSeconds(1)) : null,
				sees ? readDeadlocks(context, status.get("Innodb_deadlocks")) : null, null);
	}

	/**
	 * The size is only read where that is cheap.
	 */
	private static @Nullable Long readBytes(InspectionContext context, MySqlGrants grants) throws SQLException {
		return grants.isSelectable("mysql", "innodb_table_stats") && grants.isSelectable(grants.database(), "*")
				? MySqlTables.readSize(context).value().bytes() : null;
	}

	/**
	 * Reads how many deadlocks there were.
	 * @param status the number in the status of the server, if it is there
	 */
	abstract @Nullable Long readDeadlocks(InspectionContext context, @Nullable Long status) throws SQLException;

	@Override
	public @Nullable InspectionException translate(SQLException failure, InspectionContext context) {
		return switch (failure.getErrorCode()) {
			case 1044, 1142, 1143, 1227, 1370 -> InspectionException
				.insufficientRights("The login may not read this: %s".formatted(failure.getMessage()), null);
			case 1205 -> new InspectionException(ReportStatus.TIMED_OUT,
					"A lock that another session holds was not granted in time.", null);
			// the driver of MySQL does not know this code of MariaDB
			case 1969 -> new InspectionException(ReportStatus.TIMED_OUT,
					"The server has cancelled the statement, which took longer than the inspection allows.", null);
			default -> null;
		};
	}

	final MySqlSessions readSessions(InspectionContext context) throws SQLException {
		return readSessions(context, MySqlGrants.read(context));
	}

	private MySqlSessions readSessions(InspectionContext context, MySqlGrants grants) throws SQLException {
		return MySqlSessions.read(context, grants, getRowLocks(context, grants));
	}

	/**
	 * Returns the query for the sessions that wait for a lock of a row, and those that
	 * have it.
	 * @return a query with the columns {@code waiter} and {@code blocker}, or
	 * {@code null} if it cannot be asked
	 */
	abstract @Nullable String getRowLocks(InspectionContext context, MySqlGrants grants) throws SQLException;

	/**
	 * Returns why blockers are missing from a report.
	 * @return the reason in a sentence or {@code null} if none is
	 */
	abstract @Nullable String describeMissingBlockers(InspectionContext context, MySqlGrants grants)
			throws SQLException;

	/**
	 * Returns text for the end of a sentence about who blocks a statement.
	 */
	abstract String describeUnknownBlockers();

	/**
	 * Reads indexes with their columns.
	 * @param table the table or {@code null} for all tables
	 */
	final List<MySqlIndex> readIndexes(InspectionContext context, MySqlGrants grants, @Nullable String table)
			throws SQLException {
		return MySqlIndex.read(context, grants.database(), getExpressionColumn(), table);
	}

	/**
	 * Returns the column of {@code information_schema.statistics} that has the expression
	 * of an index.
	 */
	abstract String getExpressionColumn();

	/**
	 * Returns the query for the columns to which foreign keys of other tables refer, with
	 * the schema and the table as parameters.
	 * @return a query with the columns {@code fk} and {@code col}, in order
	 */
	abstract String getReferencedColumns();

	/**
	 * Returns how {@link #getReferencedColumns()} writes the name of a schema or a table.
	 */
	String toReferencedName(String name) {
		return name;
	}

	/**
	 * Checks that {@link #getReferencedColumns()} has all rows.
	 */
	void requireReferencedColumns(MySqlGrants grants) {
	}

	/**
	 * Looks for sequences that are objects of the schema.
	 */
	List<Finding> findExhaustedSequences(InspectionContext context, MySqlGrants grants) throws SQLException {
		return List.of();
	}

}
