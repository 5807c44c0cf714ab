package io.appdbs.rls;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that row-level security does not protect from what the documentation names.
 */
class RlsLimitsTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	@RegisterExtension
	private static final Notes notes = new Notes();

	@BeforeAll
	static void setUp() throws SQLException {
		notes.execute("""
				CREATE ROLE keeper;
				GRANT CREATE ON SCHEMA public TO keeper;
				SET ROLE keeper;
				CREATE TABLE folder (id bigint PRIMARY KEY, owner text NOT NULL);
				CREATE TABLE page (id bigint PRIMARY KEY, owner text NOT NULL,
					folder bigint NOT NULL REFERENCES folder ON DELETE CASCADE);
				ALTER TABLE folder ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
				ALTER TABLE page ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
				CREATE POLICY own ON folder
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				CREATE POLICY own ON page
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT, INSERT, UPDATE, DELETE ON folder, page TO app;
				RESET ROLE;
				INSERT INTO folder VALUES (1, 'alice'), (2, 'bob');
				INSERT INTO page VALUES (1, 'bob', 1);
				ANALYZE page;
				""");
	}

	@Test
	void constraintsAndConflictsSayThatARowExists() {
		run((template, transaction) -> RlsContextHolder.runAs(BOB, () -> {
			assertThat(template.queryForList("SELECT id FROM folder", Long.class)).containsExactly(2L);
			assertThatExceptionOfType(DataIntegrityViolationException.class)
				.isThrownBy(() -> template.update("INSERT INTO folder VALUES (1, 'bob')"));
			assertThat(template.update("INSERT INTO folder VALUES (1, 'bob') ON CONFLICT DO NOTHING")).isZero();
			assertThat(template.update("INSERT INTO page VALUES (2, 'bob', 1)")).isOne();
			assertThatExceptionOfType(DataIntegrityViolationException.class)
				.isThrownBy(() -> template.update("INSERT INTO page VALUES (3, 'bob', 9)"));
			assertThat(template.update("DELETE FROM page WHERE id = 2")).isOne();
		}));
	}

	@Test
	void cascadesChangeRowsThatTheUserDoesNotSee() {
		run((template, transaction) -> transaction.executeWithoutResult((status) -> {
			RlsContextHolder.runAs(ALICE, () -> {
				assertThat(template.queryForList("SELECT id FROM page")).isEmpty();
				assertThat(template.update("DELETE FROM folder WHERE id = 1")).isOne();
			});
			assertThat(RlsContextHolder.supplyAs(BOB, () -> template.queryForList("SELECT id FROM page"))).isEmpty();
			status.setRollbackOnly();
		}), "app.dbs.notes.rls.on-context-change=reapply");
	}

	@Test
	void largeObjectsBelongToTheLogin() {
		run((template, transaction) -> {
			Long id = RlsContextHolder.supplyAs(ALICE, () -> template.queryForObject("SELECT lo_from_bytea(0, ?)",
					Long.class, (Object) "secret".getBytes(StandardCharsets.UTF_8)));
			assertThat(RlsContextHolder.supplyAs(BOB,
					() -> template.queryForObject("SELECT convert_from(lo_get(?), 'UTF8')", String.class, id)))
				.isEqualTo("secret");
		});
	}

	@Test
	void activityShowsTheStatementsOfOthersButNotTheirParameters() {
		run((template, transaction) -> transaction.executeWithoutResult((status) -> {
			RlsContextHolder.runAs(ALICE, () -> template.queryForList("SELECT 'literal' WHERE '1' = ?", "bound"));
			List<String> statements = RlsContextHolder.supplyAs(BOB, () -> otherConnection(template,
					"SELECT query FROM pg_stat_activity WHERE query LIKE '%WHERE ''1''%' AND pid <> pg_backend_pid()"));
			assertThat(statements).singleElement().asString().contains("'literal'").doesNotContain("bound", "alice");
		}));
	}

	private static List<String> otherConnection(JdbcTemplate template, String sql) {
		try (Connection connection = template.getDataSource().getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			return RlsPool.read(rows);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void statisticsSayHowManyRowsThereAre() {
		run((template, transaction) -> RlsContextHolder.runAs(ALICE, () -> {
			assertThat(template.queryForList("SELECT * FROM page")).isEmpty();
			assertThat(template.queryForObject("SELECT reltuples FROM pg_class WHERE relname = 'page'", Long.class))
				.isOne();
			assertThat(template.queryForList("SELECT * FROM pg_stats WHERE tablename = 'page'")).isEmpty();
		}));
	}

	@Test
	void notificationsReachEverySession() {
		run((template, transaction) -> {
			try (Connection listener = notes.connect(); Statement statement = listener.createStatement()) {
				statement.execute("LISTEN news");
				RlsContextHolder.runAs(BOB, () -> template.queryForList("SELECT pg_notify('news', 'of bob')"));
				PGNotification[] received = Awaitility.await()
					.until(() -> listener.unwrap(PGConnection.class).getNotifications(100),
							(all) -> all != null && all.length > 0);
				assertThat(received).extracting(PGNotification::getParameter).containsExactly("of bob");
			}
		});
	}

	private static void run(DatabaseTest test, String... properties) {
		notes.run((context) -> test.run(Notes.template(context), Notes.transaction(context)),
				StringUtils.addStringToArray(properties, "app.dbs.notes.rls.verify=off"));
	}

	/**
	 * A test with a database.
	 */
	@FunctionalInterface
	private interface DatabaseTest {

		void run(JdbcTemplate template, TransactionTemplate transaction) throws Exception;

	}

}
