package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

import io.appdbs.engine.inspection.PostgreSqlChecks.Thresholds;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SessionReport;
import io.appdbs.inspection.Severity;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.TableReport;
import io.appdbs.rls.PostgresServer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link PostgreSqlInspector}.
 */
class PostgreSqlInspectorTests {

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", """
			CREATE ROLE app LOGIN;
			CREATE ROLE monitor LOGIN IN ROLE pg_monitor;
			CREATE SCHEMA "Sales";
			CREATE TABLE customer (id INT PRIMARY KEY, name TEXT);
			CREATE TABLE purchase (id INT PRIMARY KEY, customer_id INT REFERENCES customer, note TEXT);
			CREATE INDEX purchase_note_idx ON purchase (note);
			CREATE TABLE "Sales"."Line" (id INT PRIMARY KEY, text TEXT);
			CREATE INDEX "Upper" ON "Sales"."Line" (upper(text), id DESC);
			INSERT INTO customer SELECT i, 'name ' || i FROM generate_series(1, 1000) i;
			INSERT INTO purchase SELECT i, i % 1000 + 1, repeat('x', 100) FROM generate_series(1, 5000) i;
			GRANT SELECT ON customer TO app, monitor;
			ANALYZE;
			""");

	/**
	 * Everything that takes time is a finding at once, and everything counts as large.
	 */
	private final JdbcInspector inspector = new PostgreSqlInspector(
			new PostgreSqlChecks(new Thresholds(Duration.ofMillis(1), Duration.ofMillis(1), 0, 0.5, 0)));

	private Duration minimumAge = Duration.ZERO;

	private final HashMap<String, String> texts = new HashMap<>();

	@AfterEach
	void dropWhatTestsHaveCreated() throws SQLException {
		server.execute("DROP SCHEMA IF EXISTS test CASCADE");
	}

	@Test
	void theSizeIsMeasuredAndThoseOfTablesAndIndexesAreEstimated() throws SQLException {
		Sample<SizeReport> sample = as("app", this.inspector::readSize);
		assertThat(sample.exact()).isTrue();
		assertThat(sample.value().tables()).isEqualTo(3);
		assertThat(sample.value().bytes()).isGreaterThan(5_000_000);
		assertThat(sample.value().tableBytes()).isBetween(600_000L, 1_500_000L);
		assertThat(sample.value().indexBytes()).isBetween(100_000L, 1_500_000L);
	}

	@Test
	void theLargestTablesAreFirstAndTheLimitLeavesTheOthersOut() throws SQLException {
		Sample<List<TableReport>> sample = as("app", this.inspector::readTables, 2);
		assertThat(sample.exact()).isTrue();
		assertThat(sample.leftOut()).isEqualTo(1);
		assertThat(sample.value()).extracting(TableReport::name).containsExactly("public.purchase", "public.customer");
		TableReport purchase = sample.value().get(0);
		assertThat(purchase.rows()).isEqualTo(5000);
		assertThat(purchase.bytes()).isGreaterThan(purchase.indexBytes());
		assertThat(purchase.analyzedAt()).isNotNull();
	}

	@Test
	void indexesHaveTheirColumnsOrExpressions() throws SQLException {
		List<IndexReport> indexes = as("app", this.inspector::readIndexes).value();
		assertThat(indexes)
			.extracting(IndexReport::name, IndexReport::table, IndexReport::columns, IndexReport::unique,
					IndexReport::valid)
			.contains(row("public.purchase_pkey", "public.purchase", List.of("id"), true),
					row("public.purchase_note_idx", "public.purchase", List.of("note"), false),
					row("\"Sales\".\"Upper\"", "\"Sales\".\"Line\"", List.of("upper(text)", "id"), false));
	}

	private static Tuple row(String name, String table, List<String> columns, boolean unique) {
		return Tuple.tuple(name, table, columns, unique, true);
	}

	@Test
	void whenATableIsLockedThenSizesAreEstimatesAndNothingWaits() throws SQLException {
		try (Connection other = server.connect()) {
			other.setAutoCommit(false);
			execute(other, "LOCK TABLE purchase, \"Sales\".\"Line\" IN ACCESS EXCLUSIVE MODE");
			Sample<List<TableReport>> tables = as("app", this.inspector::readTables);
			assertThat(tables.exact()).isFalse();
			assertThat(tables.message()).isEqualTo(
					"A table is locked by another session, so the sizes are estimates, as of the last vacuum or analyze.");
			assertThat(tables.value().get(0).name()).isEqualTo("public.purchase");
			assertThat(tables.value().get(0).bytes()).isGreaterThan(600_000);
			Sample<List<IndexReport>> indexes = as("app", this.inspector::readIndexes);
			assertThat(indexes.exact()).isFalse();
			assertThat(indexes.value()).hasSize(5);
			assertThat(as("app", this.inspector::readSize).exact()).isTrue();
		}
	}

	@Test
	void activityShowsWhatSessionsDoAndWhoBlocksThem() throws Exception {
		try (Connection holder = server.connect(); Connection waiting = server.connect()) {
			Thread thread = block(holder, waiting);
			// sessions of closed connections end a little later
			Awaitility.await()
				.until(() -> as("monitor", this.inspector::readActivity).value().connections(), Predicate.isEqual(2));
			ActivityReport activity = as("monitor", this.inspector::readActivity).value();
			assertThat(activity.active()).isEqualTo(1);
			assertThat(activity.idleInTransaction()).isEqualTo(1);
			assertThat(activity.waiting()).isEqualTo(1);
			assertThat(activity.maximumConnections()).isPositive();
			assertThat(activity.sessions()).extracting(SessionReport::state)
				.containsExactly("idle in transaction", "active");
			SessionReport blocked = activity.sessions().get(1);
			assertThat(blocked.user()).isEqualTo("postgres");
			assertThat(blocked.statement()).isEqualTo("UPDATE customer SET name = 'b' WHERE id = 1");
			assertThat(blocked.blockedBy()).containsExactly(activity.sessions().get(0).id());
			assertThat(blocked.waitingFor()).isEqualTo("Lock: transactionid");
			assertThat(blocked.statementAge()).isNotNull();
			holder.rollback();
			thread.join();
		}
	}

	@Test
	void whenTheLoginDoesNotSeeOtherSessionsThenTheActivityIsNotOk() {
		assertHidden(() -> as("app", this.inspector::readActivity),
				"The login sees what its own sessions do, and not what others do.", "GRANT pg_monitor TO app;");
	}

	@Test
	void statementsOfLoginsAreNotShown() throws SQLException {
		assertThat(StatementTexts.hideSecrets("ALTER ROLE app PASSWORD 'secret'")).isEqualTo("ALTER ROLE …");
		assertThat(StatementTexts.hideSecrets("/* x */ select 1")).isEqualTo("/* x */ select 1");
		assertThat(StatementTexts.hideSecrets("create user x identified by 'secret'")).isEqualTo("create user …");
		assertThat(StatementTexts.hideSecrets(null)).isNull();
	}

	@Test
	void whenTheExtensionIsMissingThenStatementsAreNotSupported() {
		InspectionException failure = failure(() -> as("monitor", this.inspector::readStatements));
		assertThat(failure.getStatus()).isEqualTo(ReportStatus.UNSUPPORTED);
		assertThat(failure).hasMessage("The extension pg_stat_statements is not installed in this database.");
		assertThat(failure.getFix()).isEqualTo(
				"Add pg_stat_statements to 'shared_preload_libraries' of the server, then: CREATE EXTENSION pg_stat_statements;");
	}

	@Test
	void aCleanSchemaHasNoFindings() throws SQLException {
		for (FindingCheck check : this.inspector.getChecks()) {
			if (!check.kind().equals("foreign-key-without-index")) {
				assertThat(as("postgres", check.reader()::read)).as(check.kind()).isEmpty();
			}
		}
	}

	@Test
	void indexesThatFailedAreFound() throws SQLException {
		server.execute("CREATE SCHEMA test; CREATE TABLE test.t (id INT); INSERT INTO test.t VALUES (1), (1)");
		try (Connection connection = server.connect()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> execute(connection, "CREATE UNIQUE INDEX CONCURRENTLY t_id ON test.t (id)"));
		}
		assertThat(find("app", "invalid-index"))
			.containsExactly(new Finding("invalid-index:test.t_id", Severity.WARN, "test.t_id", "test.t",
					"The index is invalid, as creating it has failed: it slows down writes and serves no query.",
					"REINDEX INDEX CONCURRENTLY test.t_id;"));
	}

	@Test
	void theDuplicateOfAConstraintIsTheOneToDrop() throws SQLException {
		server.execute(
				"""
						CREATE SCHEMA test; CREATE TABLE test.t (id INT, a INT, b TEXT, PRIMARY KEY (id));
						CREATE INDEX t_id ON test.t (id); CREATE UNIQUE INDEX t_a ON test.t (a); CREATE INDEX "t A" ON test.t (a);
						CREATE INDEX t_b ON test.t (b); CREATE INDEX t_b_pattern ON test.t (b text_pattern_ops); CREATE INDEX t_b_desc ON test.t (b DESC);
						CREATE INDEX t_b_part ON test.t (b) WHERE a > 1; CREATE INDEX t_b_include ON test.t (b) INCLUDE (a)""");
		assertThat(find("app", "duplicate-index")).containsExactlyInAnyOrder(
				new Finding("duplicate-index:test.t_id", Severity.WARN, "test.t_id", "test.t",
						"The index is the same as test.t_pkey: each write maintains both. It takes 8.0 kB.",
						"DROP INDEX CONCURRENTLY test.t_id;"),
				new Finding("duplicate-index:test.\"t A\"", Severity.WARN, "test.\"t A\"", "test.t",
						"The index is the same as test.t_a: each write maintains both. It takes 8.0 kB.",
						"DROP INDEX CONCURRENTLY test.\"t A\";"));
	}

	@Test
	void duplicatesAreFoundByTheirExpressionsPredicatesAndAllColumns() throws SQLException {
		server.execute(
				"""
						CREATE SCHEMA test; CREATE TABLE test.t (a INT, b TEXT, c INT);
						CREATE INDEX t_lower ON test.t (lower(b)); CREATE INDEX t_lower_2 ON test.t (lower(b));
						CREATE INDEX t_upper ON test.t (upper(b)); CREATE INDEX t_lower_part ON test.t (lower(b)) WHERE a = 1;
						CREATE INDEX t_abc ON test.t (a, b, c); CREATE INDEX t_aba ON test.t (a, b, a); CREATE INDEX t_abc_2 ON test.t (a, b, c);
						CREATE INDEX t_1 ON test.t (c) WHERE a = 1; CREATE INDEX t_2 ON test.t (c) WHERE a = 2; CREATE INDEX t_3 ON test.t (c) WHERE a = 2;
						CREATE INDEX t_hash ON test.t USING hash (c)""");
		assertThat(find("app", "duplicate-index")).extracting(Finding::object)
			.containsExactlyInAnyOrder("test.t_lower_2", "test.t_abc_2", "test.t_3");
	}

	@Test
	void foreignKeysWithoutIndexAreFound() throws SQLException {
		server.execute("""
				CREATE SCHEMA test; CREATE TABLE test.a (x INT, y INT, PRIMARY KEY (x, y));
				CREATE TABLE test.b (x INT, y INT, z INT, FOREIGN KEY (x, y) REFERENCES test.a);
				CREATE INDEX b_z_x ON test.b (z, x, y);
				CREATE TABLE test.c (x INT, y INT, FOREIGN KEY (x, y) REFERENCES test.a);
				CREATE INDEX c_y_x ON test.c (y, x)""");
		assertThat(find("app", "foreign-key-without-index")).contains(new Finding(
				"foreign-key-without-index:test.b.b_x_y_fkey", Severity.INFO, "test.b.b_x_y_fkey", "test.b",
				"No index begins with the columns of the foreign key (x, y): each delete and change of a key in test.a reads the whole table.",
				"CREATE INDEX CONCURRENTLY ON test.b (x, y);"))
			.noneMatch((finding) -> "test.c".equals(finding.table()));
	}

	@Test
	void tablesWithoutPrimaryKeyAreFoundButNotTheirPartitions() throws SQLException {
		server.execute("""
				CREATE SCHEMA test; CREATE TABLE test.t (id INT); CREATE TABLE test.p (id INT) PARTITION BY RANGE (id);
				CREATE TABLE test.p1 PARTITION OF test.p FOR VALUES FROM (1) TO (2); CREATE VIEW test.v AS SELECT 1""");
		assertThat(find("app", "table-without-primary-key")).extracting(Finding::id)
			.containsExactlyInAnyOrder("table-without-primary-key:test.t", "table-without-primary-key:test.p");
	}

	@Test
	void sequencesThatEndSoonAreFoundAlsoByTheTypeOfTheirColumn() throws SQLException {
		server.execute("""
				CREATE SCHEMA test; GRANT USAGE ON SCHEMA test TO app;
				CREATE TABLE test.t (id INT PRIMARY KEY, n INT); CREATE SEQUENCE test.s OWNED BY test.t.n;
				SELECT setval('test.s', 2000000000);
				CREATE SEQUENCE test.small MAXVALUE 10; SELECT setval('test.small', 9);
				CREATE SEQUENCE test.round MAXVALUE 10 CYCLE; SELECT setval('test.round', 9);
				CREATE SEQUENCE test.fresh MAXVALUE 10""");
		assertThat(find("postgres", "sequence-exhausted")).containsExactlyInAnyOrder(
				new Finding("sequence-exhausted:test.s", Severity.WARN, "test.s", "test.t",
						"93 % of the numbers are used: 2000000000 of 2147483647. They are the values of the column n.",
						"Change the column, and the sequence, to bigint before the numbers run out."),
				new Finding("sequence-exhausted:test.small", Severity.WARN, "test.small", null,
						"90 % of the numbers are used: 9 of 10.",
						"Change the column, and the sequence, to bigint before the numbers run out."));
		server.execute("GRANT SELECT ON SEQUENCE test.s TO app");
		InspectionException failure = assertHidden(() -> find("app", "sequence-exhausted"),
				"The login may not read 3 sequences.", "GRANT pg_read_all_data TO app;");
		assertThat((List<?>) failure.getPartialValue()).hasSize(1);
	}

	@Test
	void locksOfSequencesAreReleasedWhileOthersAreRead() throws SQLException {
		server.execute("""
				CREATE SCHEMA test; DO $$ BEGIN FOR i IN 1 .. 1100 LOOP
				  EXECUTE format('CREATE SEQUENCE test.s%s MAXVALUE 10', i); END LOOP; END $$;
				SELECT setval('test.s1', 9), setval('test.s1100', 10)""");
		long locks = as("postgres", (context) -> {
			assertThat(check("sequence-exhausted").reader().read(context)).extracting(Finding::object)
				.containsExactlyInAnyOrder("test.s1", "test.s1100");
			assertThat(show(context, "transaction_read_only")).isEqualTo("on");
			assertThat(show(context, "lock_timeout")).isEqualTo("100ms");
			assertThat(show(context, "statement_timeout")).matches("1\\d*ms");
			return context.queryForRow("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()",
					(row) -> row.getLong(1));
		});
		assertThat(locks).isLessThan(100);
	}

	private static String show(InspectionContext context, String setting) throws SQLException {
		return context.queryForRow("SHOW " + setting, (row) -> row.getString(1));
	}

	@Test
	void longTransactionsAndBlockedStatementsAreFound() throws Exception {
		try (Connection holder = server.connect(); Connection waiting = server.connect()) {
			Thread thread = block(holder, waiting);
			List<Finding> longest = find("monitor", "long-transaction");
			assertThat(longest).hasSize(2);
			assertThat(longest.get(0).text()).matches(
					"Session \\d+ has had a transaction open for \\d+ m?s and is 'idle in transaction': vacuum cannot reclaim what was deleted since then\\.");
			assertThat(longest.get(0).fix())
				.isEqualTo("SELECT pg_terminate_backend(%s);".formatted(longest.get(0).object()));
			Finding blocked = find("monitor", "blocked-statement").get(0);
			assertThat(blocked.text()).matches(
					"Session \\d+ has been waiting for a lock for \\d+ m?s\\. It is blocked by: \\d+ \\(idle in transaction\\)\\.");
			assertThat(blocked.fix()).isEqualTo("SELECT pid, state, query FROM pg_stat_activity WHERE pid IN (%s);"
				.formatted(longest.get(0).object()));
			for (String kind : List.of("long-transaction", "blocked-statement")) {
				assertHidden(() -> find("app", kind), "The login does not see what sessions of other logins do.",
						"GRANT pg_monitor TO app;");
			}
			holder.rollback();
			thread.join();
		}
	}

	@Test
	void bloatIsFoundAndUnknownForTablesThatTheLoginMayNotRead() throws SQLException {
		server.execute(
				"""
						CREATE SCHEMA test; CREATE TABLE test.t (id INT PRIMARY KEY, note TEXT) WITH (autovacuum_enabled = false);
						INSERT INTO test.t SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i;
						CREATE INDEX t_md5 ON test.t (md5(id::text))""");
		server.execute("DELETE FROM test.t WHERE id % 10 <> 0");
		server.execute("ANALYZE test.t");
		server.execute("VACUUM test.t");
		List<Finding> findings = find("postgres", "bloat");
		assertThat(findings).extracting(Finding::id).contains("bloat:test.t", "bloat:test.t_pkey", "bloat:test.t_md5");
		assertThat(findings.get(0).text()).startsWith("About 8")
			.contains("% of it, ", "are unused space: an estimate, as of the last vacuum or analyze at 20");
		InspectionException failure = failure(() -> find("monitor", "bloat"));
		assertThat(failure.getStatus()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
		assertThat(failure.getMessage())
			.matches("The login may not read \\d+ of the \\d+ largest tables, whose bloat is unknown\\.");
		assertThat(failure.getFix()).isEqualTo("GRANT pg_read_all_data TO monitor;");
		assertThat((List<?>) failure.getPartialValue()).isEmpty();
	}

	@Test
	void tablesThatWereNeverAnalyzedAreFound() throws SQLException {
		server.execute("""
				CREATE SCHEMA test; CREATE TABLE test.t (id INT) WITH (autovacuum_enabled = false);
				INSERT INTO test.t SELECT i FROM generate_series(1, 20000) i""");
		List<Finding> findings = find("app", "statistics-missing");
		assertThat(findings).extracting(Finding::id).containsExactly("statistics-missing:test.t");
		assertThat(findings.get(0).text())
			.matches("The table has never been analyzed and takes \\d+ kB: the planner guesses\\.");
	}

	@Test
	void replicationSlotsThatNobodyUsesAreFound() throws SQLException {
		server.execute("SELECT pg_create_physical_replication_slot('standby', true)");
		try {
			assertThat(find("app", "inactive-replication-slot")).extracting(Finding::id, Finding::fix)
				.containsExactly(Tuple.tuple("inactive-replication-slot:standby",
						"SELECT pg_drop_replication_slot('standby');"));
		}
		finally {
			server.execute("SELECT pg_drop_replication_slot('standby')");
		}
	}

	@Test
	void indexesCountAsUnusedUntilTheyAreUsedUnlessTheyServeAnotherPurpose() throws SQLException {
		UnusedIndexes unused = as("app", this.inspector::readUnusedIndexes);
		assertThat(unused.since()).isNotNull().isBefore(Instant.now());
		assertThat(unused.indexes()).extracting(IndexReport::name)
			.containsExactlyInAnyOrder("public.purchase_note_idx", "\"Sales\".\"Upper\"");
		assertThat(this.inspector.getDropIndexStatement(unused.indexes().get(0)))
			.isEqualTo("DROP INDEX CONCURRENTLY public.purchase_note_idx;");
		server.execute(
				"CREATE SCHEMA test; CREATE TABLE test.t (n INT); INSERT INTO test.t SELECT generate_series(1, 1000); CREATE INDEX t_n ON test.t (n)");
		assertThat(unusedNames()).contains("test.t_n");
		server.execute("""
				CREATE TABLE test.e (n INT, EXCLUDE (n WITH =)); CREATE TABLE test.p (n INT) PARTITION BY RANGE (n);
				CREATE TABLE test.p1 PARTITION OF test.p FOR VALUES FROM (1) TO (2); CREATE INDEX p_n ON test.p (n)""");
		assertThat(unusedNames()).hasSize(3);
		server.execute("SET enable_seqscan = off; SELECT * FROM test.t WHERE n = 1");
		this.minimumAge = Duration.ofDays(1);
		Awaitility.await().untilAsserted(() -> assertThat(unusedNames()).doesNotContain("test.t_n"));
	}

	private List<String> unusedNames() throws SQLException {
		return as("app", this.inspector::readUnusedIndexes).indexes().stream().map(IndexReport::name).toList();
	}

	@Test
	void figuresThatTheLoginMayNotReadAreUnknown() throws SQLException {
		ServerReadings readings = as("app", this.inspector::readReadings);
		assertThat(readings.cacheHits()).isPositive();
		assertThat(readings.deadlocks()).isZero();
		assertThat(readings.wraparound()).isBetween(0.0, 0.1);
		assertThat(readings.longestTransaction()).isNull();
		assertThat(readings.lockWaits()).isNull();
		assertThat(as("monitor", this.inspector::readReadings).lockWaits()).isZero();
	}

	@Test
	void nothingIsWritten() throws SQLException {
		SQLException failure = catchThrowableOfType(SQLException.class,
				() -> as("postgres", (context) -> context.query("SELECT nextval('pg_catalog.x')", (row) -> row)));
		assertThat(failure.getMessage()).contains("does not exist");
		server.execute("CREATE SCHEMA test; CREATE SEQUENCE test.s");
		failure = catchThrowableOfType(SQLException.class,
				() -> as("postgres", (context) -> context.query("SELECT nextval('test.s')", (row) -> row.getLong(1))));
		assertThat(failure.getSQLState()).isEqualTo("25006");
	}

	private List<Finding> find(String login, String kind) throws SQLException {
		return as(login, check(kind).reader()::read);
	}

	private FindingCheck check(String kind) {
		return this.inspector.getChecks().stream().filter((it) -> it.kind().equals(kind)).findFirst().orElseThrow();
	}

	private <T> T as(String login, Question<T> question) throws SQLException {
		return as(login, question, 50);
	}

	private <T> T as(String login, Question<T> question, int limit) throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:postgresql://" + server.address() + "/orders?user=" + login)) {
			connection.setAutoCommit(false);
			this.inspector.limit(connection, Duration.ofSeconds(2), Duration.ofMillis(100));
			return question.ask(new InspectionContext(connection, login, limit, this.minimumAge, 0, this.texts));
		}
	}

	private InspectionException assertHidden(ThrowingCallable call, String message, String fix) {
		InspectionException failure = failure(call);
		assertThat(failure.getStatus()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
		assertThat(failure).hasMessage(message);
		assertThat(failure.getFix()).isEqualTo(fix);
		return failure;
	}

	private static InspectionException failure(ThrowingCallable call) {
		return catchThrowableOfType(InspectionException.class, call);
	}

	/**
	 * Lets one session wait for a row that another one has changed.
	 */
	private static Thread block(Connection holder, Connection waiting) throws SQLException {
		holder.setAutoCommit(false);
		execute(holder, "UPDATE customer SET name = 'a' WHERE id = 1");
		Thread thread = new Thread(() -> {
			try {
				execute(waiting, "UPDATE customer SET name = 'b' WHERE id = 1");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.start();
		Awaitility.await().until(() -> {
			try (Connection observer = server.connect(); Statement statement = observer.createStatement()) {
				return statement.executeQuery("SELECT 1 FROM pg_locks WHERE NOT granted").next();
			}
		});
		return thread;
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private interface Question<T> {

		T ask(InspectionContext context) throws SQLException;

	}

}
