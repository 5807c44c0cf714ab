package io.appdbs.engine.inspection.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;

import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.engine.inspection.StatementTexts;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.SessionReport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sessions of a database of MySQL or MariaDB. The times of transactions are in
 * the time zone of the system, whatever that of the session is.
 *
 * @param connections all sessions of the database but that of the inspection
 * @param busy those that execute a statement or have an open transaction, the longest
 * transaction first
 */
record MySqlSessions(int connections, List<Session> busy) {

	private static final String SESSIONS = """
			SELECT p.id, p.user, p.host, p.command, p.state, p.time, LEFT(p.info, 500) AS statement,
			TIMESTAMPDIFF(MICROSECOND, t.trx_started, NOW(6)) AS open,
			TIMESTAMPDIFF(MICROSECOND, t.trx_wait_started, NOW(6)) AS waiting
			FROM information_schema.processlist p
			LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id
			WHERE p.db = ? AND p.id <> CONNECTION_ID()""";

	/**
	 * A statement that waits for all access waits for everybody, and others for those
	 * that have it or come before.
	 */
	private static final String METADATA_LOCKS = """
			SELECT w.processlist_id AS waiter, b.processlist_id AS blocker
			FROM performance_schema.metadata_locks p
			JOIN performance_schema.metadata_locks m ON m.object_type = p.object_type
			AND m.object_schema <=> p.object_schema AND m.object_name <=> p.object_name
			AND m.owner_thread_id <> p.owner_thread_id
			JOIN performance_schema.threads w ON w.thread_id = p.owner_thread_id
			JOIN performance_schema.threads b ON b.thread_id = m.owner_thread_id
			WHERE p.lock_status = 'PENDING' AND b.processlist_id IS NOT NULL
			AND (m.lock_type IN ('EXCLUSIVE', 'SHARED_NO_WRITE', 'SHARED_NO_READ_WRITE')
			OR (m.lock_status = 'GRANTED' AND p.lock_type = 'EXCLUSIVE'))""";

	MySqlSessions {
		busy = List.copyOf(busy);
	}

	/**
	 * Reads the sessions.
	 * @param rowLocks the query for the sessions that wait for a lock of a row and those
	 * that have it, or {@code null} if it cannot be read
	 */
	static MySqlSessions read(InspectionContext context, MySqlGrants grants, @Nullable String rowLocks)
			throws SQLException {
		grants.requireProcess("the sessions of other logins");
		List<Session> sessions = context.query(SESSIONS, Session::read, grants.database());
		Map<String, TreeSet<String>> blockers = new HashMap<>();
		if (sessions.stream().anyMatch((session) -> session.waiting() != null)) {
			if (rowLocks != null) {
				readBlockers(context, rowLocks, blockers);
			}
			if (grants.isSelectable("performance_schema", "*")) {
				readBlockers(context, METADATA_LOCKS, blockers);
			}
		}
		return new MySqlSessions(sessions.size(),
				sessions.stream()
					.filter((session) -> !session.isIdle())
					.map((session) -> session.blockedBy(blockers.getOrDefault(session.id(), new TreeSet<>())))
					.sorted(Comparator.comparing(Session::transactionOrZero).reversed().thenComparing(Session::id))
					.toList());
	}

	private static void readBlockers(InspectionContext context, String query, Map<String, TreeSet<String>> blockers)
			throws SQLException {
		context.query(query, (row) -> blockers.computeIfAbsent(row.getString("waiter"), (id) -> new TreeSet<>())
			.add(row.getString("blocker")));
	}

	ActivityReport toReport(int limit, int maximumConnections) {
		return new ActivityReport(this.connections, count((session) -> !session.sleeps()), count(Session::sleeps),
				count((session) -> session.waiting() != null), maximumConnections,
				this.busy.stream().limit(limit).map(Session::toReport).toList());
	}

	/**
	 * Returns how many sessions have been waiting for longer than a time.
	 */
	int countWaiting(Duration longerThan) {
		return count((session) -> session.waiting() != null && session.waiting().compareTo(longerThan) > 0);
	}

	Duration longestTransaction() {
		return this.busy.isEmpty() ? Duration.ZERO : this.busy.get(0).transactionOrZero();
	}

	private int count(Predicate<Session> condition) {
		return (int) this.busy.stream().filter(condition).count();
	}

	/**
	 * A session.
	 *
	 * @param transaction how long its transaction has been open
	 * @param statement how long its statement has been running
	 * @param waiting how long it has been waiting for a lock
	 * @param report what is reported about it
	 */
	record Session(String id, boolean sleeps, @Nullable Duration transaction, @Nullable Duration statement,
			@Nullable Duration waiting, SessionReport report) {

		static Session read(ResultSet row) throws SQLException {
			String id = row.getString("id");
			String command = Objects.toString(row.getString("command"), "");
			String state = Objects.toString(row.getString("state"), "");
			boolean sleeps = "Sleep".equals(command);
			Duration statement = sleeps ? null : Duration.ofSeconds(Math.max(0, row.getLong("time")));
			Duration transaction = readMicroseconds(row, "open");
			Duration wait = readMicroseconds(row, "waiting");
			boolean waitsForObject = state.startsWith("Waiting for") && state.endsWith("lock");
			String waitingFor = (wait != null) ? "row lock"
					: waitsForObject ? state.substring("Waiting for ".length()) : null;
			SessionReport report = new SessionReport(id, row.getString("user"), null, row.getString("host"),
					(!state.isEmpty()) ? state : command, transaction, statement, waitingFor, List.of(),
					StatementTexts.hideSecrets(row.getString("statement")));
			return new Session(id, sleeps, transaction, statement, waitsForObject ? statement : wait, report);
		}

		private static @Nullable Duration readMicroseconds(ResultSet row, String column) throws SQLException {
			long microseconds = row.getLong(column);
			return row.wasNull() ? null : Duration.ofNanos(Math.max(0, microseconds) * 1000);
		}

		boolean isIdle() {
			return this.sleeps && this.transaction == null;
		}

		Duration transactionOrZero() {
			return (this.transaction != null) ? this.transaction : Duration.ZERO;
		}

		Session blockedBy(TreeSet<String> blockers) {
			SessionReport old = this.report;
			return new Session(this.id, this.sleeps, this.transaction, this.statement, this.waiting,
					new SessionReport(old.id(), old.user(), old.application(), old.client(), old.state(),
							old.transactionAge(), old.statementAge(), old.waitingFor(), new ArrayList<>(blockers),
							old.statement()));
		}

		SessionReport toReport() {
			return this.report;
		}

	}

}
