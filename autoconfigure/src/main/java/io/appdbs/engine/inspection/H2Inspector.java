package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.SessionReport;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.jspecify.annotations.Nullable;

/**
 * Inspects H2, which counts neither the use of indexes nor blocks, and knows sizes only
 * of databases in files. The memory of the JVM is never measured, since H2 collects
 * garbage before.
 */
public final class H2Inspector extends JdbcInspector {

	private static final String TABLES = """
			SELECT table_schema, table_name, row_count_estimate%s FROM information_schema.tables
			WHERE table_type = 'BASE TABLE' AND table_schema <> 'INFORMATION_SCHEMA'""";

	/** The names are those of the catalog, in quotes. */
	private static final String DISK_SPACE = """
			, DISK_SPACE_USED('"' || REPLACE(table_schema, '"', '""') || '"."' || REPLACE(table_name, '"', '""') || '"') AS bytes""";

	private static final String FILE_SIZE = """
			SELECT setting_value FROM information_schema.settings WHERE setting_name = 'info.FILE_SIZE'""";

	private static final String INDEXES = """
			SELECT i.table_schema, i.table_name, i.index_schema, i.index_name, i.index_type_name, c.column_name,
			c.ordering_specification, i.is_generated FROM information_schema.indexes i
			JOIN information_schema.index_columns c ON c.index_schema = i.index_schema AND c.index_name = i.index_name
			WHERE i.table_schema <> 'INFORMATION_SCHEMA'
			ORDER BY i.table_schema, i.table_name, i.index_name, c.ordinal_position""";

	private static final String SESSIONS = """
			SELECT session_id, user_name, client_addr, client_info, session_state, blocker_id, contains_uncommitted,
			executing_statement, executing_statement_start, sleep_since, CURRENT_TIMESTAMP AS at
			FROM information_schema.sessions WHERE session_id <> SESSION_ID() ORDER BY session_id""";

	private final H2Checks checks;

	/**
	 * Creates a new {@link H2Inspector}.
	 */
	public H2Inspector() {
		this(Duration.ofMinutes(5), Duration.ofSeconds(5));
	}

	H2Inspector(Duration longTransaction, Duration blocked) {
		super("H2");
		this.checks = new H2Checks(longTransaction, blocked);
	}

	/**
	 * Limits the session, which is that of the inspection alone. H2 has no read-only
	 * transactions.
	 */
	@Override
	public void limit(Connection connection, Duration statementTimeout, Duration lockTimeout) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET QUERY_TIMEOUT " + Math.max(1, statementTimeout.toMillis()));
			statement.execute("SET LOCK_TIMEOUT " + Math.max(1, lockTimeout.toMillis()));
		}
	}

	@Override
	public Sample<SizeReport> readSize(InspectionContext context) throws SQLException {
		Long bytes = readFileSize(context);
		List<TableReport> tables = readAllTables(context, bytes != null);
		return new Sample<>(new SizeReport(bytes, null, null, (long) tables.size()), true, 0, (bytes != null) ? null
				: "The database has no file of its own: H2 does not report the size of databases in memory.");
	}

	private static @Nullable Long readFileSize(InspectionContext context) throws SQLException {
		List<Long> sizes = context.query(FILE_SIZE, (row) -> row.getLong(1));
		return sizes.isEmpty() ? null : sizes.get(0);
	}

	@Override
	public Sample<List<TableReport>> readTables(InspectionContext context) throws SQLException {
		boolean file = readFileSize(context) != null;
		List<TableReport> all = readAllTables(context, file);
		List<TableReport> largest = all.stream().limit(context.limit()).toList();
		return new Sample<>(largest, false, all.size() - largest.size(),
				file ? null : "H2 does not report the size of tables in memory. Those with the most rows come first.");
	}

	private static List<TableReport> readAllTables(InspectionContext context, boolean file) throws SQLException {
		return context.query(TABLES.formatted(file ? DISK_SPACE : ", NULL AS bytes"), H2Inspector::readTable)
			.stream()
			.sorted(Comparator.comparingLong((TableReport table) -> -orZero(table.bytes()))
				.thenComparingLong((table) -> -orZero(table.rows()))
				.thenComparing(TableReport::name))
			.toList();
	}

	private static TableReport readTable(ResultSet row) throws SQLException {
		Long bytes = row.getObject("bytes", Long.class);
		return new TableReport(name(row, "table_schema", "table_name"), row.getLong("row_count_estimate"), bytes, null,
				null, null, null, null, null);
	}

	private static long orZero(@Nullable Long value) {
		return (value != null) ? value : 0;
	}

	@Override
	public Sample<List<IndexReport>> readIndexes(InspectionContext context) throws SQLException {
		List<Index> all = readAllIndexes(context);
		List<IndexReport> reports = all.stream().limit(context.limit()).map(Index::toReport).toList();
		return new Sample<>(reports, true, all.size() - reports.size(),
				"H2 reports neither the size nor the use of indexes. They are in the order of their tables.");
	}

	static List<Index> readAllIndexes(InspectionContext context) throws SQLException {
		Map<String, Index> indexes = new LinkedHashMap<>();
		context.query(INDEXES, (row) -> {
			String name = name(row, "index_schema", "index_name");
			Index index = indexes.get(name);
			if (index == null) {
				index = new Index(name, name(row, "table_schema", "table_name"),
						Objects.toString(row.getString("index_type_name"), ""), row.getBoolean("is_generated"),
						new ArrayList<>());
				indexes.put(name, index);
			}
			String column = H2Names.display(row.getString("column_name"));
			return index.columns()
				.add("DESC".equals(row.getString("ordering_specification")) ? column + " DESC" : column);
		});
		return List.copyOf(indexes.values());
	}

	static String name(ResultSet row, String schema, String name) throws SQLException {
		return H2Names.display(row.getString(schema)) + "." + H2Names.display(row.getString(name));
	}

	@Override
	public Sample<ActivityReport> readActivity(InspectionContext context) throws SQLException {
		requireAdministrator(context);
		List<Session> sessions = readSessions(context);
		List<SessionReport> busy = sessions.stream()
			.filter(Session::isBusy)
			.limit(context.limit())
			.map(Session::report)
			.toList();
		ActivityReport report = new ActivityReport(sessions.size(),
				(int) sessions.stream().filter((session) -> session.report().statement() != null).count(),
				(int) sessions.stream().filter(Session::isIdleInTransaction).count(),
				(int) sessions.stream().filter((session) -> session.report().waitingFor() != null).count(), null, busy);
		return Sample.exact(report);
	}

	/**
	 * Checks that the login sees other sessions. The server does not fail, but shows only
	 * the login's own.
	 */
	static void requireAdministrator(InspectionContext context) throws SQLException {
		boolean administrator = context
			.query("SELECT is_admin FROM information_schema.users WHERE user_name = CURRENT_USER",
					(row) -> row.getBoolean(1))
			.contains(true);
		if (!administrator) {
			String user = context.queryForRow("SELECT CURRENT_USER", (row) -> row.getString(1));
			throw InspectionException.insufficientRights(
					"The login '%s' does not see the sessions of other logins: it is not an administrator of the database."
						.formatted(user),
					"ALTER USER %s ADMIN TRUE;".formatted(H2Names.display(user)));
		}
	}

	static List<Session> readSessions(InspectionContext context) throws SQLException {
		return context.query(SESSIONS, Session::read)
			.stream()
			.sorted(Comparator.comparing(Session::leastAge).reversed())
			.toList();
	}

	@Override
	public Sample<List<StatementReport>> readStatements(InspectionContext context) throws SQLException {
		return H2Statements.read(context);
	}

	@Override
	public List<FindingCheck> getChecks() {
		return this.checks.getAll();
	}

	@Override
	public ServerReadings readReadings(InspectionContext context) throws SQLException {
		return new ServerReadings(readFileSize(context), null, null, null, null, null, null);
	}

	@Override
	public StatementExplainer getExplainer() {
		return new H2Explainer();
	}

	@Override
	public @Nullable InspectionException translate(SQLException failure, InspectionContext context) {
		return switch (failure.getErrorCode()) {
			case 90040, 90096 -> InspectionException
				.insufficientRights("The login may not read this: %s".formatted(failure.getMessage()), null);
			default -> null;
		};
	}

	/**
	 * An index.
	 *
	 * @param generated whether it belongs to a constraint
	 */
	record Index(String name, String table, String type, boolean generated, List<String> columns) {

		boolean isUnique() {
			return this.type.startsWith("PRIMARY") || this.type.startsWith("UNIQUE");
		}

		IndexReport toReport() {
			return new IndexReport(this.name, this.table, this.columns, isUnique(), true, null, null, null);
		}

	}

	/**
	 * A session.
	 *
	 * @param uncommitted whether it has changed something and not committed it
	 * @param leastAge how long it has been in a transaction at least
	 */
	record Session(boolean uncommitted, Duration leastAge, SessionReport report) {

		static Session read(ResultSet row) throws SQLException {
			OffsetDateTime now = row.getObject("at", OffsetDateTime.class);
			Duration statement = age(row, "executing_statement_start", now);
			Duration sleep = age(row, "sleep_since", now);
			boolean uncommitted = row.getBoolean("contains_uncommitted");
			String blocker = row.getString("blocker_id");
			Duration leastAge = (statement != null) ? statement
					: (uncommitted && sleep != null) ? sleep : Duration.ZERO;
			return new Session(uncommitted, leastAge,
					new SessionReport(row.getString("session_id"), row.getString("user_name"),
							row.getString("client_info"), row.getString("client_addr"), row.getString("session_state"),
							null, statement, (blocker != null) ? "lock" : null,
							(blocker != null) ? List.of(blocker) : List.of(),
							StatementTexts.hideSecrets(row.getString("executing_statement"))));
		}

		private static @Nullable Duration age(ResultSet row, String column, OffsetDateTime now) throws SQLException {
			OffsetDateTime since = row.getObject(column, OffsetDateTime.class);
			if (since == null) {
				return null;
			}
			return since.isBefore(now) ? Duration.between(since, now) : Duration.ZERO;
		}

		boolean isBusy() {
			return this.uncommitted || this.report.statement() != null;
		}

		boolean isIdleInTransaction() {
			return this.uncommitted && this.report.statement() == null;
		}

	}

}
