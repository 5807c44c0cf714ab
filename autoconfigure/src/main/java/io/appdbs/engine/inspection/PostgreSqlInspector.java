package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.jspecify.annotations.Nullable;

/**
 * Inspects PostgreSQL. Measuring a relation waits for locks, so only the largest
 * relations by the planner's statistics are measured, and the statistics replace the
 * measurement if a lock is not granted.
 */
public class PostgreSqlInspector extends JdbcInspector {

	private static final String ESTIMATED = "A table is locked by another session, so the sizes are estimates, as of the last vacuum or analyze.";

	private static final StatementExplainer EXPLAINER = new PostgreSqlExplainer();

	private final PostgreSqlChecks checks;

	/**
	 * Creates a new {@link PostgreSqlInspector}.
	 */
	public PostgreSqlInspector() {
		this(new PostgreSqlChecks(PostgreSqlChecks.Thresholds.DEFAULT));
	}

	PostgreSqlInspector(PostgreSqlChecks checks) {
		super("PostgreSQL");
		this.checks = checks;
	}

	/**
	 * All in one round trip, for this transaction alone, as a pooler may give the session
	 * to somebody else afterwards.
	 */
	@Override
	public void limit(Connection connection, Duration statementTimeout, Duration lockTimeout) throws SQLException {
		begin(connection, statementTimeout, lockTimeout);
	}

	static void begin(Connection connection, Duration statementTimeout, Duration lockTimeout) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// functions and operators of other schemas must not be found
			statement.execute(
					"""
							SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d; \
							SET LOCAL search_path = pg_catalog; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; \
							SET LOCAL application_name = 'appdbs inspection'"""
						.formatted(statementTimeout.toMillis(), lockTimeout.toMillis()));
		}
	}

	@Override
	public Sample<SizeReport> readSize(InspectionContext context) throws SQLException {
		SizeReport estimate = context.queryForRow(PostgreSqlQueries.SIZES,
				(row) -> new SizeReport(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)));
		return orElse(context, () -> {
			long bytes = context.queryForRow(PostgreSqlQueries.DATABASE_SIZE, (row) -> row.getLong(1));
			return new Sample<>(new SizeReport(bytes, estimate.tableBytes(), estimate.indexBytes(), estimate.tables()),
					true, 0, "The sizes of tables and indexes are estimates, as of the last vacuum or analyze.");
		}, () -> Sample.estimate(estimate,
				"The server did not measure its files in time, so the sizes are estimates, as of the last vacuum or analyze."));
	}

	@Override
	public Sample<List<TableReport>> readTables(InspectionContext context) throws SQLException {
		Sample<List<TableReport>> tables = orElse(context,
				() -> Sample.exact(readTables(context, PostgreSqlQueries.TABLES)),
				() -> Sample.estimate(readTables(context, PostgreSqlQueries.TABLES_ESTIMATED), ESTIMATED));
		return tables.leavingOut(leftOut(context, PostgreSqlQueries.TABLE_COUNT, tables.value()));
	}

	private static List<TableReport> readTables(InspectionContext context, String sql) throws SQLException {
		return context.query(sql,
				(row) -> new TableReport(row.getString("name"), number(row, "estimated_rows"), number(row, "bytes"),
						number(row, "index_bytes"), number(row, "dead"), number(row, "scans"),
						number(row, "index_scans"), time(row, "vacuumed"), time(row, "analyzed")),
				context.limit());
	}

	@Override
	public Sample<List<IndexReport>> readIndexes(InspectionContext context) throws SQLException {
		boolean lastUse = isAtLeast(context, 16);
		Sample<List<IndexReport>> indexes = orElse(context,
				() -> Sample.exact(readIndexes(context, PostgreSqlQueries.INDEXES.get(lastUse), context.limit())),
				() -> Sample.estimate(
						readIndexes(context, PostgreSqlQueries.INDEXES_ESTIMATED.get(lastUse), context.limit()),
						ESTIMATED));
		return indexes.leavingOut(leftOut(context, PostgreSqlQueries.INDEX_COUNT, indexes.value()));
	}

	private static List<IndexReport> readIndexes(InspectionContext context, String sql, Object... arguments)
			throws SQLException {
		return context.query(sql,
				(row) -> new IndexReport(row.getString("name"), row.getString("table_name"),
						List.of((String[]) row.getArray("columns").getArray()), row.getBoolean("is_unique"),
						row.getBoolean("is_valid"), number(row, "bytes"), number(row, "scans"), time(row, "used")),
				arguments);
	}

	private static int leftOut(InspectionContext context, String count, List<?> shown) throws SQLException {
		return context.queryForRow(count, (row) -> row.getInt(1)) - shown.size();
	}

	@Override
	public Sample<ActivityReport> readActivity(InspectionContext context) throws SQLException {
		return PostgreSqlActivity.readActivity(context);
	}

	@Override
	public Sample<List<StatementReport>> readStatements(InspectionContext context) throws SQLException {
		return PostgreSqlStatements.readStatements(context);
	}

	@Override
	public List<FindingCheck> getChecks() {
		return this.checks.getAll();
	}

	/**
	 * An index that was used counts if the last use is known and long ago.
	 */
	@Override
	public UnusedIndexes readUnusedIndexes(InspectionContext context) throws SQLException {
		return new UnusedIndexes(readStatisticsSince(context),
				readIndexes(context, PostgreSqlQueries.UNUSED_INDEXES.get(isAtLeast(context, 16)),
						context.minimumSize(), context.minimumAge().toSeconds() + 1, context.limit()));
	}

	@Override
	public String getDropIndexStatement(IndexReport index) {
		return "DROP INDEX CONCURRENTLY %s;".formatted(index.name());
	}

	@Override
	public @Nullable Instant readStatisticsSince(InspectionContext context) throws SQLException {
		return context
			.queryForRow(PostgreSqlQueries.STATISTICS_SINCE, (row) -> Optional.ofNullable(time(row, "greatest")))
			.orElse(null);
	}

	@Override
	public ServerReadings readReadings(InspectionContext context) throws SQLException {
		boolean allowed = PostgreSqlActivity.mayReadActivity(context);
		return context.queryForRow(PostgreSqlQueries.READINGS, (row) -> new ServerReadings(null, row.getLong("hits"),
				row.getLong("misses"), allowed ? Duration.ofMillis((long) (row.getDouble("longest") * 1000)) : null,
				allowed ? row.getInt("lock_waits") : null, row.getLong("deadlocks"), row.getDouble("wraparound")));
	}

	@Override
	public StatementExplainer getExplainer() {
		return EXPLAINER;
	}

	@Override
	public Sample<AuditChainReport> readAuditChain(InspectionContext context, String log) throws SQLException {
		return PostgreSqlAuditChain.read(context, log);
	}

	@Override
	public @Nullable InspectionException translate(SQLException failure, InspectionContext context) {
		return switch (String.valueOf(failure.getSQLState())) {
			case "42501" -> InspectionException.insufficientRights(
					"The login may not read this: %s".formatted(failure.getMessage()),
					PostgreSqlActivity.grant(context));
			case "55P03" -> new InspectionException(ReportStatus.TIMED_OUT,
					"A lock that another session holds was not granted in time.", null);
			default -> null;
		};
	}

	static boolean isAtLeast(InspectionContext context, int version) throws SQLException {
		return context.connection().getMetaData().getDatabaseMajorVersion() >= version;
	}

	/**
	 * Reads something or, if a lock is not granted or the server cancels the statement,
	 * something else in the same transaction.
	 */
	static <T> T orElse(InspectionContext context, Reader<T> first, Reader<T> second) throws SQLException {
		Savepoint savepoint = context.connection().setSavepoint();
		try {
			return first.read();
		}
		catch (SQLException ex) {
			if (!"55P03".equals(ex.getSQLState()) && !"57014".equals(ex.getSQLState())) {
				throw ex;
			}
			context.connection().rollback(savepoint);
			return second.read();
		}
	}

	static @Nullable Long number(ResultSet row, String column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

	static @Nullable Instant time(ResultSet row, String column) throws SQLException {
		Timestamp time = row.getTimestamp(column);
		return (time != null) ? time.toInstant() : null;
	}

	/**
	 * Reads something.
	 *
	 * @param <T> the type of the value
	 */
	interface Reader<T> {

		T read() throws SQLException;

	}

}
