package io.appdbs.audit.rows;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.support.DatabaseInspection;
import io.appdbs.jdbc.inspection.JdbcInspectionSessionFactory;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.OpenDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what the statements of the documentation record, and for the check of the
 * hash chain.
 */
class RowAuditTests {

	@RegisterExtension
	private static final AuditedDatabases databases = new AuditedDatabases();

	@Test
	void eachChangeIsRecordedWithItsUserAndWithoutExcludedColumns() throws SQLException {
		String database = databases.create("GRANT TRUNCATE ON person TO app");
		inTransaction(database, (client) -> {
			client.sql("SELECT set_config('app.current_user_id', 'u42', true)").query(String.class).single();
			client.sql("INSERT INTO person VALUES (1, 'Ann', 'DE1')").update();
			return client.sql("UPDATE person SET name = 'Anne' WHERE id = 1").update();
		});
		JdbcClient client = databases.client(database, "app");
		client.sql("DELETE FROM person").update();
		client.sql("TRUNCATE person").update();
		assertThat(databases.log(database)).extracting(Map::toString)
			.containsExactly(entry("u42", "INSERT", null, "{\"id\": 1, \"name\": \"Ann\"}"),
					entry("u42", "UPDATE", "{\"id\": 1, \"name\": \"Ann\"}", "{\"id\": 1, \"name\": \"Anne\"}"),
					entry(null, "DELETE", "{\"id\": 1, \"name\": \"Anne\"}", null),
					entry(null, "TRUNCATE", null, null));
		assertThat(databases.client(database, "auditor")
			.sql("SELECT count(DISTINCT transaction_id) FROM audit.log WHERE at > now() - INTERVAL '1 hour' AND client IS NOT NULL")
			.query(Long.class)
			.single()).isEqualTo(3);
	}

	private static String entry(String user, String operation, String before, String after) {
		return "{user_id=%s, login=app, application=shop, tab=public.person, operation=%s, old_row=%s, new_row=%s}"
			.formatted(user, operation, before, after);
	}

	@Test
	void copyUpsertMergeAndWhatOtherTriggersChangeAreRecorded() throws Exception {
		String database = databases.create("""
				CREATE FUNCTION upcase() RETURNS trigger LANGUAGE plpgsql AS
					$$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
				CREATE TRIGGER zz_upcase BEFORE INSERT OR UPDATE ON person FOR EACH ROW EXECUTE FUNCTION upcase();
				""");
		try (Connection connection = databases.connect(database, "app")) {
			connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyIn("COPY person (id, name) FROM STDIN", new StringReader("1\tann\n2\tbob\n"));
		}
		JdbcClient client = databases.client(database, "app");
		client
			.sql("INSERT INTO person VALUES (1, 'eve'), (3, 'cid') ON CONFLICT (id) DO UPDATE SET name = excluded.name")
			.update();
		client.sql("INSERT INTO person VALUES (1, 'dan') ON CONFLICT DO NOTHING").update();
		client.sql("""
				MERGE INTO person p USING (VALUES (2)) s (id) ON p.id = s.id WHEN MATCHED THEN DELETE""").update();
		assertThat(databases.client(database, "auditor")
			.sql("SELECT concat_ws(' ', operation, old_row ->> 'name', new_row ->> 'name') FROM audit.log ORDER BY id")
			.query(String.class)
			.list()).containsExactly("INSERT ANN", "INSERT BOB", "UPDATE ANN EVE", "INSERT CID", "DELETE BOB");
	}

	@Test
	void rowsOfPartitionsAndRowsThatMoveBetweenThemAreRecorded() throws SQLException {
		String database = databases
			.create("""
					SET ROLE migration;
					CREATE TABLE event (id bigint, year int) PARTITION BY LIST (year);
					CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (1);
					CREATE TABLE event_2 PARTITION OF event FOR VALUES IN (2);
					CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON event
						FOR EACH ROW EXECUTE FUNCTION audit.record();
					CREATE TRIGGER audit_truncate AFTER TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION audit.record();
					GRANT SELECT, INSERT, UPDATE, TRUNCATE ON event TO app;
					GRANT INSERT ON event_2 TO app;
					""");
		JdbcClient client = databases.client(database, "app");
		client.sql("INSERT INTO event VALUES (1, 1)").update();
		client.sql("UPDATE event SET year = 2").update();
		client.sql("INSERT INTO event_2 VALUES (2, 2)").update();
		client.sql("TRUNCATE event").update();
		assertThat(databases.operations(database)).containsExactly("INSERT event_1 1", "DELETE event_1",
				"INSERT event_2 1", "INSERT event_2 2", "TRUNCATE event");
	}

	@Test
	void rowsOfTablesWithRowLevelSecurityAreRecorded() throws SQLException {
		String database = databases.create("""
				ALTER TABLE person ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON person USING (name = (SELECT current_setting('app.current_user_id', true)));
				""");
		inTransaction(database, (client) -> {
			client.sql("SELECT set_config('app.current_user_id', 'ann', true)").query(String.class).single();
			client.sql("INSERT INTO person VALUES (1, 'ann')").update();
			return client.sql("DELETE FROM person").update();
		});
		assertThat(databases.operations(database)).containsExactly("INSERT person 1", "DELETE person");
	}

	@Test
	void theApplicationCanNeitherReadNorChangeTheLog() {
		JdbcClient client = databases.client("audited", "app");
		for (String sql : List.of("SELECT * FROM audit.log", "DELETE FROM audit.log", "SELECT audit.record()",
				"DROP TRIGGER audit_rows ON person", "ALTER TABLE person DISABLE TRIGGER ALL",
				"SET session_replication_role = replica")) {
			assertThatExceptionOfType(DataAccessException.class).as(sql)
				.isThrownBy(() -> client.sql(sql).update())
				.havingRootCause()
				.withMessageMatching("(?s).*(permission denied|must be owner).*");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 8 })
	void concurrentTransactionsLeaveAnIntactChain(int isolation) throws Exception {
		String database = databases.createChained();
		int threads = 16;
		int transactions = Integer.getInteger("appdbs.audit.transactions", 20);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Callable<Void>> writers = IntStream.range(0, threads)
				.mapToObj((thread) -> (Callable<Void>) () -> write(database, isolation, thread, transactions))
				.toList();
			for (Future<Void> writer : executor.invokeAll(writers)) {
				writer.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		AuditChainReport chain = check(database).value();
		assertThat(chain)
			.extracting(AuditChainReport::firstBroken, AuditChainReport::checked, AuditChainReport::complete)
			.containsExactly(null, 3L * threads * transactions, true);
	}

	private static Void write(String database, int isolation, int thread, int transactions) throws Exception {
		TransactionTemplate transaction = transaction(database);
		transaction.setIsolationLevel(isolation);
		RetryTemplate retry = new RetryTemplate(RetryPolicy.builder()
			.maxRetries(10_000)
			.delay(Duration.ofMillis(1))
			.jitter(Duration.ofMillis(1))
			.includes(ConcurrencyFailureException.class)
			.build());
		JdbcClient client = JdbcClient
			.create(((JdbcTransactionManager) transaction.getTransactionManager()).getDataSource());
		for (int i = 0; i < transactions; i++) {
			long id = (thread * 1_000_000L) + i;
			boolean rolledBack = i % 5 == 4;
			retry.execute(() -> transaction.execute((status) -> {
				if (rolledBack) {
					Object savepoint = status.createSavepoint();
					client.sql("INSERT INTO person VALUES (?, 'gone')").param(id).update();
					status.rollbackToSavepoint(savepoint);
				}
				client.sql("INSERT INTO person VALUES (?, 'a')").param(id).update();
				client.sql("UPDATE person SET name = 'b' WHERE id = ?").param(id).update();
				return client.sql("UPDATE person SET name = 'c' WHERE id = ?").param(id).update();
			}));
		}
		return null;
	}

	@Test
	void whenEntriesAreChangedDeletedOrForgedThenTheFirstBrokenOneIsFound() throws SQLException {
		try (LoggedLines lines = new LoggedLines()) {
			String head = assertThatBrokenEntriesAreFound(databases.createChained());
			assertThat(lines.messages()).contains("checked=10 complete=true last=10 head=" + head,
					"firstBroken=4 checked=10 last=10 head=" + head);
		}
	}

	private static String assertThatBrokenEntriesAreFound(String database) throws SQLException {
		assertThat(check(database).value()).isEqualTo(new AuditChainReport(0, true, null, null, null));
		JdbcClient app = databases.client(database, "app");
		app.sql("INSERT INTO person SELECT i, 'x' FROM generate_series(1, 10) i").update();
		AuditChainReport intact = check(database).value();
		assertThat(intact)
			.extracting(AuditChainReport::checked, AuditChainReport::complete, AuditChainReport::firstBroken,
					AuditChainReport::last)
			.containsExactly(10L, true, null, 10L);
		assertThat(intact.head()).matches("[0-9a-f]{64}");
		assertThat(broken(database, "UPDATE audit.log SET user_id = 'someone' WHERE id = 4")).isEqualTo(4);
		assertThat(broken(database, "UPDATE audit.log SET new_row = '{}' WHERE id IN (7, 9)")).isEqualTo(7);
		assertThat(broken(database, "UPDATE audit.log SET at = at + INTERVAL '1 second' WHERE id = 10")).isEqualTo(10);
		assertThat(broken(database, "DELETE FROM audit.log WHERE id = 5")).isEqualTo(6);
		assertThat(broken(database, "UPDATE audit.log SET hash = NULL WHERE id = 8")).isEqualTo(8);
		assertThat(broken(database,
				"ALTER TABLE audit.log DISABLE TRIGGER chain; INSERT INTO audit.log (id, schema_name, table_name, operation) VALUES (11, 'public', 'person', 'DELETE')"))
			.isEqualTo(11);
		assertThat(broken(database,
				"ALTER TABLE audit.log DISABLE TRIGGER chain; INSERT INTO audit.log SELECT 11, at, transaction_id, 'forger', login, role, application, client, schema_name, table_name, operation, old_row, new_row, previous, hash FROM audit.log WHERE id = 10"))
			.isEqualTo(11);
		databases.execute(database, "DELETE FROM audit.log WHERE id < 4");
		assertThat(check(database).value()).isEqualTo(new AuditChainReport(7, false, null, 10L, intact.head()));
		databases.execute(database, "DELETE FROM audit.log WHERE id = 10");
		assertThat(check(database).value().head()).isNotEqualTo(intact.head());
		return String.valueOf(intact.head());
	}

	/**
	 * Returns the first broken entry after a change, which is undone.
	 */
	private static Long broken(String database, String sql) throws SQLException {
		databases.execute(database, "CREATE TABLE kept AS SELECT * FROM audit.log");
		databases.execute(database, sql);
		AuditChainReport chain = check(database).value();
		databases.execute(database,
				"ALTER TABLE audit.log DISABLE TRIGGER chain; DELETE FROM audit.log; INSERT INTO audit.log SELECT * FROM kept; ALTER TABLE audit.log ENABLE TRIGGER chain; DROP TABLE kept");
		return chain.firstBroken();
	}

	@Test
	void entriesFromBeforeTheChainAreNotChecked() throws SQLException {
		String database = databases.create("INSERT INTO person VALUES (1, 'old')");
		databases.execute(database, "SET ROLE migration; " + AuditedDatabases.read("row-audit-chain.sql"));
		databases.client(database, "app").sql("INSERT INTO person VALUES (2, 'new')").update();
		assertThat(check(database).value())
			.extracting(AuditChainReport::checked, AuditChainReport::complete, AuditChainReport::firstBroken)
			.containsExactly(1L, true, null);
	}

	@Test
	void whenTheSessionHasOtherFormatsThenTheChainIsIntact() throws SQLException {
		String database = databases.createChained();
		databases.execute(database, "ALTER TABLE person ADD born timestamptz, ADD size float8, ADD data bytea");
		databases
			.execute("ALTER ROLE auditor SET TimeZone = 'Asia/Tokyo'; ALTER ROLE auditor SET DateStyle = 'German'; "
					+ "ALTER ROLE auditor SET bytea_output = 'escape'; ALTER ROLE auditor SET extra_float_digits = 0");
		databases.client(database, "app")
			.sql("INSERT INTO person (id, name, born, size, data) VALUES (1, 'Zoë \"\\ \u20ac', now(), 0.1 + 0.2, '\\x00ff')")
			.update();
		assertThat(check(database).value().firstBroken()).isNull();
	}

	@Test
	void whenTheChainCannotBeCheckedThenTheReasonIsReported() throws SQLException {
		String database = databases.createChained();
		assertThat(check(databases.define(database))).extracting(Report::status, Report::message, Report::fix)
			.containsExactly(ReportStatus.INSUFFICIENT_RIGHTS,
					"The login of inspections may not read audit.log. The login of the application should not; set 'inspection.username'.",
					"Grant USAGE on the schema, and SELECT on audit.log, to the login of 'inspection.username'.");
		assertThat(check("audited")).extracting(Report::status, Report::message)
			.containsExactly(ReportStatus.UNSUPPORTED,
					"Table audit.log has no hash chain: it lacks columns of 'docs/row-audit-chain.sql'.");
		assertThat(
				check(databases.define("audited", "audit.rows.log", "audit.journal", "inspection.username", "auditor")))
			.extracting(Report::status, Report::message)
			.containsExactly(ReportStatus.UNSUPPORTED, "There is no table audit.journal.");
	}

	private static Report<AuditChainReport> check(String database) {
		return check(databases.define(database, "inspection.username", "auditor"));
	}

	private static Report<AuditChainReport> check(DatabaseDefinition definition) {
		OpenDatabase database = new OpenDatabase(definition);
		try (DatabaseInspection inspection = new DatabaseInspection(database,
				new JdbcInspectionSessionFactory(database), (name) -> null)) {
			return inspection.auditChain();
		}
	}

	private static <T> T inTransaction(String database, Function<JdbcClient, T> work) {
		TransactionTemplate transaction = transaction(database);
		JdbcClient client = JdbcClient
			.create(((JdbcTransactionManager) transaction.getTransactionManager()).getDataSource());
		return transaction.execute((status) -> work.apply(client));
	}

	private static TransactionTemplate transaction(String database) {
		DriverManagerDataSource dataSource = databases.dataSource(database, "app");
		return new TransactionTemplate(new JdbcTransactionManager(dataSource));
	}

}
