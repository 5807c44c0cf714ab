package io.appdbs.rls;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.Causes;
import io.appdbs.rls.verify.RlsVerification;
import io.appdbs.testsupport.ApplicationClassLoader;
import io.appdbs.testsupport.server.CitusServer;
import io.appdbs.testsupport.server.RequiresCitus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for row-level security on a distributed table of Citus.
 */
@RequiresCitus
@ApplicationClassLoader
class RlsCitusTests extends AbstractPropagatedContextTests {

	private static final String BODY = "SELECT body FROM note";

	@BeforeAll
	static void createTable() throws SQLException {
		dropTable();
		CitusServer.get()
			.execute("CREATE ROLE app LOGIN", "CREATE ROLE reader LOGIN", "GRANT reader TO app",
					"CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL, body text)",
					"SELECT create_distributed_table('note', 'id', shard_count => 8)",
					"ALTER TABLE note ENABLE ROW LEVEL SECURITY", "ALTER TABLE note FORCE ROW LEVEL SECURITY",
					"CREATE POLICY own ON note USING (owner = nullif(current_setting('app.current_user_id', true), ''))",
					"GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app", "GRANT SELECT ON note TO reader",
					"INSERT INTO note (owner, body) SELECT 'alice', 'note ' || i FROM generate_series(1, 10) i",
					"INSERT INTO note (owner, body) SELECT 'bob', 'note ' || i FROM generate_series(1, 10) i");
	}

	@AfterAll
	static void dropTable() throws SQLException {
		CitusServer.get().execute("DROP TABLE IF EXISTS note", "DROP ROLE IF EXISTS app", "DROP ROLE IF EXISTS reader");
	}

	@Override
	String url() {
		return CitusServer.get().url();
	}

	private static ApplicationContextRunner runner(String address) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.notes.url=postgresql://" + address + "/" + CitusServer.get().database(),
					"app.dbs.notes.username=app", "app.dbs.notes.rls.enabled=true", "app.dbs.notes.rls.verify=fail",
					"app.dbs.notes.pool.max-size=1", "app.dbs.notes.health.interval=1h");
	}

	@Test
	void whenTheServerIsACoordinatorThenItsPoliciesAreVerified() {
		runner(CitusServer.get().address()).run((context) -> {
			assertThat(context).hasNotFailed();
			Map<String, Object> details = context.getBean(Databases.class)
				.get("notes")
				.getSnapshot()
				.preparation(RlsVerification.NAME)
				.details();
			assertThat(details).containsEntry("prefixed", true)
				.containsEntry("distributed", true)
				.containsEntry("findings", List.of());
		});
	}

	@Test
	void whenThePoliciesDoNotHoldThenTheFixesAreThoseOfDistributedTables() throws SQLException {
		CitusServer.get()
			.execute("ALTER TABLE note DISABLE ROW LEVEL SECURITY", "DROP POLICY own ON note",
					"ALTER ROLE reader NOLOGIN");
		try {
			runner(CitusServer.get().address()).withPropertyValues("app.dbs.notes.rls.role=reader").run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasStackTraceContaining(
						"[role-unavailable] role reader cannot log in, but Citus connects to its workers as this role.")
					.hasStackTraceContaining("[table-not-secured] table public.note has no row-level security");
				DatabaseStartException failure = Causes.find(DatabaseStartException.class, context.getStartupFailure());
				assertThat(failure.getAction()).contains("    ALTER ROLE reader LOGIN;\n")
					.contains(
							"CREATE POLICY note_rows ON public.note USING (<column> = (NULLIF(current_setting('app.current_user_id', true), '')));");
			});
		}
		finally {
			CitusServer.get()
				.execute("ALTER ROLE reader LOGIN", "ALTER TABLE note ENABLE ROW LEVEL SECURITY",
						"CREATE POLICY own ON note USING (owner = nullif(current_setting('app.current_user_id', true), ''))");
		}
	}

	@Test
	void theContextTakesNoFurtherRoundTrip() throws IOException {
		try (WireTap tap = new WireTap(CitusServer.get().address())) {
			runner(tap.address()).run((context) -> {
				assertThat(context).hasNotFailed();
				JdbcTemplate template = context.getBean(JdbcTemplate.class);
				TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
				assertThat(count(tap, () -> template.queryForList(BODY))).isEqualTo(1);
				assertThat(count(tap, () -> template.queryForList(BODY + " WHERE id = ?", 1))).isEqualTo(1);
				assertThat(count(tap, () -> template.update("UPDATE note SET body = body WHERE id = ?", 1)))
					.isEqualTo(1);
				assertThat(count(tap, () -> transaction.executeWithoutResult((status) -> template.queryForList(BODY))))
					.isEqualTo(2);
				assertThat(count(tap, () -> transaction.executeWithoutResult((status) -> {
					template.update("UPDATE note SET body = body WHERE id = ?", 1);
					template.queryForList(BODY + " WHERE id > ?", 0);
				}))).isEqualTo(3);
			});
		}
	}

	private static int count(WireTap tap, Runnable work) {
		int[] count = new int[1];
		RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
			for (int i = 0; i < 10; i++) {
				work.run();
			}
			int before = tap.getRoundTrips();
			work.run();
			count[0] = tap.getRoundTrips() - before;
		});
		return count[0];
	}

	@Test
	void whenThereIsARoleThenStatementsRunAsIt() {
		runner(CitusServer.get().address()).withPropertyValues("app.dbs.notes.rls.role=reader").run((context) -> {
			assertThat(context).hasNotFailed();
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			assertThat(RlsContextHolder.supplyAs(RlsContext.of("alice"),
					() -> template.queryForList("SELECT owner || current_user FROM note", String.class)))
				.hasSize(10)
				.containsOnly("alicereader");
		});
	}

}
