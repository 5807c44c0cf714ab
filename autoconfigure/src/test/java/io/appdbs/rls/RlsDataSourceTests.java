package io.appdbs.rls;

import java.io.StringWriter;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RlsDataSource}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RlsDataSourceTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	@RegisterExtension
	private static final Notes notes = new Notes();

	@Test
	void everybodySeesTheirOwnRowsOnly() {
		notes.run((context) -> {
			assertThat(owners(context, ALICE)).containsOnly("alice");
			assertThat(owners(context, BOB)).containsOnly("bob");
			assertThat(owners(context, RlsContext.of("carol"))).isEmpty();
		});
	}

	@Test
	void whenNothingIsInBetweenThenNothingIsLogged(CapturedOutput output) {
		notes.run((context) -> assertThat(output).doesNotContain("PgBouncer"));
	}

	@Test
	void whenThereIsNoUserThenNothingIsSent() {
		notes.run((context) -> {
			JdbcTemplate template = Notes.template(context);
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
				.isThrownBy(() -> template.queryForList("SELECT owner FROM note", String.class))
				.havingCause()
				.isInstanceOf(RlsContextException.class)
				.withMessage(
						"Database 'notes' has row-level security, but there is no user. Run the code as a user, for example with RlsContextHolder.runAs, or with RlsContext.system if there is no user.");
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
				.isThrownBy(() -> template.update("DELETE FROM note WHERE id > ?", 0));
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
				.isThrownBy(() -> template.execute("TRUNCATE note"));
			assertThat(Notes.active(context)).isZero();
		});
	}

	@Test
	void whatABorrowerHasSetIsNotMetByTheNextUser() {
		notes.run((context) -> {
			JdbcTemplate template = Notes.template(context);
			String session = "SELECT concat(current_setting('search_path'), current_setting('application_name'))";
			Set<String> sessions = new HashSet<>();
			for (int i = 0; i < 4; i++) {
				RlsContextHolder.runAs(BOB, () -> sessions.add(template.queryForObject(session, String.class)));
				RlsContextHolder.runAs(ALICE, () -> template.execute((Connection connection) -> {
					connection.setSchema("pg_catalog");
					connection.setClientInfo("ApplicationName", "left");
					return null;
				}));
			}
			assertThat(sessions).hasSize(1);
		});
	}

	@Test
	void whatTheServerIsCanBeAskedWithoutUser() {
		notes.run((context) -> {
			JdbcTemplate template = Notes.template(context);
			assertThat(template.queryForObject("select version()", String.class)).startsWith("PostgreSQL");
			assertThat(template.queryForObject(" SELECT 1 ;", Integer.class)).isOne();
			assertThat(template.queryForList("select * from information_schema.sequences")).isNotNull();
			for (String sql : List.of("SELECT 1 FROM note", "select * from information_schema.tables, note",
					"SELECT version() FROM note", "SELECT 1; SELECT owner FROM note")) {
				assertThatExceptionOfType(PermissionDeniedDataAccessException.class).as(sql)
					.isThrownBy(() -> template.queryForList(sql));
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.notes.rls.enabled=true", "app.dbs.notes.rls.role=app" })
	void whateverItRunsAsThenTheConnectionStays(String property) {
		notes.run((context) -> {
			JdbcTemplate template = Notes.template(context);
			TransactionTemplate transaction = Notes.transaction(context);
			Set<Integer> processes = new HashSet<>();
			for (RlsContext user : List.of(ALICE, RlsContext.of("bob", "admin"), RlsContext.system("job"), ALICE)) {
				RlsContextHolder.runAs(user, () -> {
					processes.add(template.queryForObject("SELECT pg_backend_pid() WHERE 1 = ?", Integer.class, 1));
					template.batchUpdate("SELECT 1", "SELECT 2");
					transaction.executeWithoutResult((status) -> {
						status.rollbackToSavepoint(status.createSavepoint());
						template.execute((Connection connection) -> connection.unwrap(PGConnection.class));
						processes.add(template.queryForObject("SELECT pg_backend_pid()", Integer.class));
					});
				});
			}
			assertThat(processes).hasSize(1);
		}, "app.dbs.notes.pool.max-size=1", property);
	}

	@Test
	void whenPoliciesReadAnEmptySettingThenMissingUserSeesNoRows() {
		notes.run((context) -> assertThat(Notes.template(context).queryForList("SELECT owner FROM note", String.class))
			.isEmpty(), "app.dbs.notes.rls.on-missing-context=empty");
	}

	@Test
	void whenTheUserChangesInsideATransactionThenItFails() {
		notes.run((context) -> {
			RlsContextHolder.runAs(ALICE, () -> Notes.transaction(context).executeWithoutResult((status) -> {
				assertThat(count(context)).isEqualTo(10);
				assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
					.isThrownBy(() -> RlsContextHolder.supplyAs(BOB, () -> count(context)))
					.havingCause()
					.withMessage(
							"Database 'notes': the user changed during the transaction. End the transaction before the user changes, or set 'app.dbs.notes.rls.on-context-change' to 'reapply'.");
				assertThat(count(context)).isEqualTo(10);
			}));
			assertThat(Notes.active(context)).isZero();
		});
	}

	@Test
	void whenTheContextIsReappliedThenTheTransactionGoesOnAsTheNewUser() {
		notes.run((context) -> {
			RlsContextHolder.runAs(ALICE, () -> Notes.transaction(context).executeWithoutResult((status) -> {
				assertThat(owners(context, ALICE)).containsOnly("alice");
				assertThat(owners(context, BOB)).containsOnly("bob");
				assertThat(owners(context, ALICE)).containsOnly("alice");
			}));
		}, "app.dbs.notes.rls.on-context-change=reapply");
	}

	@Test
	void transactionsInTransactionsHaveTheirOwnUsers() {
		notes.run((context) -> {
			TransactionTemplate inner = new TransactionTemplate(
					context.getBean("notesTransactionManager", PlatformTransactionManager.class),
					new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
			RlsContextHolder.runAs(ALICE, () -> Notes.transaction(context).executeWithoutResult((status) -> {
				assertThat(owners(context, ALICE)).containsOnly("alice");
				RlsContextHolder.runAs(BOB, () -> inner
					.executeWithoutResult((each) -> assertThat(owners(context, BOB)).containsOnly("bob")));
				assertThat(owners(context, ALICE)).containsOnly("alice");
			}));
		});
	}

	@Test
	void whenANestedTransactionIsRolledBackThenTheRestRunsAsTheSameUser() {
		notes.run((context) -> {
			TransactionTemplate nested = new TransactionTemplate(
					context.getBean("notesTransactionManager", PlatformTransactionManager.class),
					new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
			RlsContextHolder.runAs(ALICE, () -> Notes.transaction(context).executeWithoutResult((status) -> {
				nested.executeWithoutResult((inner) -> {
					assertThat(count(context)).isEqualTo(10);
					inner.setRollbackOnly();
				});
				assertThat(count(context)).isEqualTo(10);
			}));
		});
	}

	@Test
	void whenASavepointIsRolledBackThenTheContextIsThatOfTheUser() {
		runAs(ALICE, (connection) -> {
			connection.setAutoCommit(false);
			Savepoint savepoint = connection.setSavepoint();
			assertThat(owners(connection)).containsOnly("alice");
			connection.rollback(savepoint);
			assertThat(owners(connection)).containsOnly("alice");
			connection.rollback();
		});
	}

	@Test
	void batchesRunUnderTheContext() {
		notes.run((context) -> RlsContextHolder.runAs(RlsContext.of("dora"), () -> {
			Notes.template(context)
				.batchUpdate("INSERT INTO note (owner, body) VALUES (?, ?)",
						List.of(new Object[] { "dora", "1" }, new Object[] { "dora", "2" }));
			assertThat(count(context)).isEqualTo(2);
			Notes.transaction(context)
				.executeWithoutResult((status) -> Notes.template(context)
					.batchUpdate("DELETE FROM note WHERE body = ?",
							List.of(new Object[] { "1" }, new Object[] { "2" })));
			assertThat(count(context)).isZero();
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> Notes.template(context)
				.batchUpdate("INSERT INTO note (owner) VALUES (?)",
						List.of(new Object[] { "dora" }, new Object[] { "alice" })));
			assertThat(count(context)).isZero();
		}));
	}

	@Test
	void generatedKeysAreReturned() {
		notes.run((context) -> RlsContextHolder.runAs(RlsContext.of("erin"), () -> {
			JdbcClient client = context.getBean("notesJdbcClient", JdbcClient.class);
			GeneratedKeyHolder keys = new GeneratedKeyHolder();
			client.sql("INSERT INTO note (owner, body) VALUES (:owner, 'x')").param("owner", "erin").update(keys, "id");
			assertThat(keys.getKey()).isNotNull();
			assertThat(client.sql("DELETE FROM note WHERE id = ?").param(keys.getKey()).update()).isOne();
		}));
	}

	@Test
	void writesReturnTheirCounts() {
		notes.run((context) -> RlsContextHolder.runAs(RlsContext.of("frank"), () -> {
			JdbcTemplate template = Notes.template(context);
			for (int i = 0; i < 20; i++) {
				assertThat(template.update("INSERT INTO note (owner, body) VALUES (?, ?)", "frank", "n" + i)).isOne();
			}
			assertThat(template.update("UPDATE note SET body = body || '!'")).isEqualTo(20);
			assertThat(template.queryForList("DELETE FROM note RETURNING body", String.class)).hasSize(20);
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> template.update("INSERT INTO note (owner) VALUES ('alice')"))
				.havingCause()
				.withMessageContaining("new row violates row-level security policy");
		}));
	}

	@Test
	void cursorsReadAllRowsInSteps() {
		runAs(ALICE, (connection) -> {
			connection.setAutoCommit(false);
			for (int fetchSize : new int[] { 1, 3, 100 }) {
				try (PreparedStatement statement = connection.prepareStatement("SELECT owner FROM note ORDER BY id")) {
					statement.setFetchSize(fetchSize);
					assertThat(RlsPool.read(statement.executeQuery())).hasSize(10).containsOnly("alice");
				}
				connection.commit();
				try (Statement statement = connection.createStatement()) {
					statement.setFetchSize(fetchSize);
					assertThat(RlsPool.read(statement.executeQuery("SELECT owner FROM note ORDER BY id"))).hasSize(10)
						.containsOnly("alice");
				}
				connection.rollback();
			}
			connection.setAutoCommit(true);
			try (PreparedStatement statement = connection.prepareStatement("SELECT owner FROM note")) {
				statement.setFetchSize(2);
				assertThat(RlsPool.read(statement.executeQuery())).hasSize(10);
			}
		});
	}

	@Test
	void resultsThatScrollAndCallsRunUnderTheContext() {
		runAs(ALICE, (connection) -> {
			try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE,
					ResultSet.CONCUR_READ_ONLY); ResultSet rows = statement.executeQuery("SELECT owner FROM note")) {
				assertThat(rows.last()).isTrue();
				assertThat(rows.getRow()).isEqualTo(10);
				assertThat(rows.getStatement()).isSameAs(statement);
			}
			try (CallableStatement call = connection.prepareCall("{? = call whoami()}")) {
				call.registerOutParameter(1, Types.VARCHAR);
				call.execute();
				assertThat(call.getString(1)).isEqualTo("alice");
			}
			try (PreparedStatement statement = connection.prepareStatement("SELECT owner FROM note",
					ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
					ResultSet rows = statement.executeQuery()) {
				assertThat(rows.last()).isTrue();
			}
		});
	}

	@Test
	void parametersOfUnknownTypeDoNotSeparateTheContextFromTheStatement() {
		runAs(ALICE, (connection) -> {
			for (int i = 0; i < 20; i++) {
				try (PreparedStatement statement = connection.prepareStatement(
						"SELECT owner FROM note WHERE written > ? AND written < ? AND body IS DISTINCT FROM ?")) {
					statement.setTimestamp(1, new Timestamp(0));
					statement.setObject(2, LocalDateTime.now().plusYears(1));
					statement.setNull(3, Types.NULL);
					assertThat(RlsPool.read(statement.executeQuery())).as("Execution " + i)
						.hasSize(10)
						.containsOnly("alice");
				}
			}
		});
	}

	@Test
	void aStatementCanBeExecutedAgainInAnotherTransactionAndByAnotherUser() throws SQLException {
		notes.run((context) -> {
			try (Connection connection = Notes.dataSource(context).getConnection();
					PreparedStatement statement = connection
						.prepareStatement("SELECT owner FROM note WHERE body LIKE ? ESCAPE '!'")) {
				statement.setString(1, "note%");
				for (int i = 0; i < 15; i++) {
					connection.setAutoCommit(i % 3 == 0);
					RlsContext user = (i % 2 == 0) ? ALICE : BOB;
					String name = (i % 2 == 0) ? "alice" : "bob";
					RlsContextHolder.callAs(user, () -> {
						for (int j = 0; j < 2; j++) {
							assertThat(RlsPool.read(statement.executeQuery())).hasSize(10).containsOnly(name);
						}
						return null;
					});
					if (!connection.getAutoCommit()) {
						connection.commit();
					}
				}
				statement.clearParameters();
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> RlsContextHolder.callAs(ALICE, statement::executeQuery));
				connection.setAutoCommit(true);
			}
		});
	}

	@Test
	void statementsThatAreUnknownGetTheContextFirst() {
		runAs(ALICE, (connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute("CREATE TEMP TABLE mine AS SELECT owner FROM note");
				assertThat(RlsPool.read(statement.executeQuery("/* a (comment /* nested */) */ TABLE mine")))
					.hasSize(10)
					.containsOnly("alice");
				assertThat(RlsPool.read(statement.executeQuery("-- a comment\n (SELECT owner FROM note)"))).hasSize(10);
				assertThat(
						RlsPool.read(statement.executeQuery("SELECT owner FROM note WHERE '{\"a\":1}'::jsonb ? 'a'")))
					.hasSize(10);
				statement
					.execute("DO $$ BEGIN IF (SELECT count(*) FROM note) <> 10 THEN RAISE 'wrong'; END IF; END $$");
				statement.execute("DROP TABLE mine");
			}
		});
	}

	@Test
	void settingsOfTheSessionPassButNotThoseOfTheContext() {
		runAs(ALICE, (connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute("SET work_mem = '8MB'");
				statement.execute("SET application_name = 'role'");
				statement.execute("RESET work_mem");
				for (String sql : List.of("SET app.current_user_id = 'bob'", "set local APP.CURRENT_USER_ID to 'bob'",
						"SET ROLE reader", "/* x */ SET SESSION AUTHORIZATION reader", "RESET ROLE")) {
					assertThatExceptionOfType(RlsContextException.class).as(sql)
						.isThrownBy(() -> statement.execute(sql))
						.withMessage(
								"Database 'notes': a statement must not change what row-level security is built on. Use RlsContextHolder.runAs to run as another user.");
				}
			}
			assertThat(owners(connection)).containsOnly("alice");
		});
	}

	@Test
	void theDriversConnectionIsGivenOutInsideATransactionOnly() {
		runAs(ALICE, (connection) -> {
			assertThatExceptionOfType(RlsContextException.class).isThrownBy(() -> connection.unwrap(PGConnection.class))
				.withMessage(
						"A connection with row-level security can be unwrapped inside a transaction only: on the driver's own connection a statement outside of one would run without context.");
			connection.setAutoCommit(false);
			StringWriter copied = new StringWriter();
			connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyOut("COPY (SELECT owner FROM note) TO STDOUT", copied);
			assertThat(copied.toString().lines()).hasSize(10).containsOnly("alice");
			long object = connection.unwrap(PGConnection.class).getLargeObjectAPI().createLO();
			assertThat(object).isPositive();
			connection.rollback();
			connection.setAutoCommit(true);
		});
	}

	@Test
	void valuesMustHaveTheTypeOfTheirSetting() {
		notes.run((context) -> {
			assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
				.isThrownBy(() -> RlsContextHolder.runAs(ALICE, () -> count(context)))
				.havingCause()
				.withMessage(
						"Database 'notes': the value for 'app.current_user_id' is not a whole number of 64 bits. Correct the value, or the type of the setting in 'app.dbs.notes.rls.settings'.");
			RlsContextHolder.runAs(RlsContext.of(42), () -> assertThat(count(context)).isZero());
		}, "app.dbs.notes.rls.settings[0].name=app.current_user_id", "app.dbs.notes.rls.settings[0].type=long",
				"app.dbs.notes.rls.settings[0].required=true");
	}

	@Test
	void whenTheContextCannotBeSetThenTheStatementDoesNotRun() throws SQLException {
		notes.run((context) -> {
			RlsContext other = ALICE.withDatabaseRole("reader");
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> RlsContextHolder.runAs(other,
						() -> Notes.template(context)
							.update("INSERT INTO note (owner, body) VALUES ('alice', 'lost')")))
				.havingCause()
				.withMessageContaining("permission denied to set role \"reader\"");
			Notes.transaction(context).executeWithoutResult((status) -> {
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(() -> RlsContextHolder.supplyAs(other, () -> count(context)));
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(() -> RlsContextHolder.supplyAs(ALICE, () -> count(context)))
					.havingRootCause()
					.withMessageContaining("permission denied to set role");
				status.setRollbackOnly();
			});
			assertThat(owners(context, ALICE)).hasSize(10);
			assertThat(Notes.active(context)).isZero();
		});
	}

	@Test
	void whenARoleIsConfiguredThenStatementsRunAsIt() throws SQLException {
		notes.execute("GRANT reader TO app; GRANT SELECT ON note TO reader");
		try {
			notes.run((context) -> {
				assertThat(owners(context, ALICE)).hasSize(10);
				assertThat(RlsContextHolder.supplyAs(ALICE,
						() -> Notes.template(context).queryForObject("SELECT current_user", String.class)))
					.isEqualTo("reader");
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(
						() -> RlsContextHolder.runAs(ALICE, () -> Notes.template(context).update("DELETE FROM note")));
			}, "app.dbs.notes.rls.role=reader");
		}
		finally {
			notes.execute("REVOKE reader FROM app; REVOKE SELECT ON note FROM reader");
		}
	}

	@Test
	void whenItIsDisabledThenThereIsNoWrapper() {
		notes.run((context) -> {
			assertThat(Notes.dataSource(context)).isNotInstanceOf(RlsDataSource.class);
			assertThat(Notes.template(context).queryForList("SELECT owner FROM note", String.class)).isEmpty();
		}, "app.dbs.notes.rls.enabled=false");
	}

	@Test
	void aProviderTellsWhoTheUserIsAndCodeComesFirst() {
		notes.runner(notes.address()).withBean("provider", RlsContextProvider.class, () -> () -> BOB).run((context) -> {
			assertThat(Notes.template(context).queryForList("SELECT owner FROM note", String.class)).hasSize(10)
				.containsOnly("bob");
			assertThat(owners(context, ALICE)).containsOnly("alice");
		});
	}

	@Test
	void noUserIsLeftBehindOnAConnection() throws SQLException {
		notes.run((context) -> {
			assertThat(owners(context, ALICE)).hasSize(10);
			try (Connection raw = Notes.dataSource(context).unwrap(HikariDataSource.class).getConnection();
					Statement statement = raw.createStatement();
					ResultSet rows = statement.executeQuery("SELECT current_setting('app.current_user_id', true)")) {
				assertThat(RlsPool.read(rows)).containsExactly("");
			}
		}, "app.dbs.notes.pool.max-size=1");
	}

	private static List<String> owners(ApplicationContext context, RlsContext user) {
		return RlsContextHolder.supplyAs(user,
				() -> Notes.template(context).queryForList("SELECT owner FROM note", String.class));
	}

	private static List<String> owners(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT owner FROM note");
				ResultSet rows = statement.executeQuery()) {
			return RlsPool.read(rows);
		}
	}

	private static int count(ApplicationContext context) {
		Integer count = Notes.template(context).queryForObject("SELECT count(*) FROM note", Integer.class);
		return (count != null) ? count : -1;
	}

	private static void runAs(RlsContext user, RlsPool.Work work) {
		notes.run((context) -> {
			try (Connection connection = Notes.dataSource(context).getConnection()) {
				RlsContextHolder.callAs(user, () -> {
					work.with(connection);
					return null;
				});
			}
		});
	}

}
