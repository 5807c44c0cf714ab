package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGStatement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RlsStatement} and {@link RlsPreparedStatement}: ways in which a
 * statement could come to run under another context than the user's.
 */
class RlsStatementTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	private static final String SELECT = "SELECT owner FROM note";

	private static final String CHANGED = "Database 'notes': the user changed during the transaction. End the transaction before the user changes, or set 'app.dbs.notes.rls.on-context-change' to 'reapply'.";

	private static final String UNWRAPPED = "A connection with row-level security can be unwrapped inside a transaction only: on the driver's own connection a statement outside of one would run without context.";

	@RegisterExtension
	private static final Notes notes = new Notes();

	@Test
	void whenAStatementWasDescribedInATransactionThenItHasTheContextOutsideOfOne() throws Exception {
		notes.asAlice("", (connection) -> {
			String sql = "SELECT owner FROM note WHERE written > ?";
			for (int i = 0; i < 8; i++) {
				connection.setAutoCommit(i % 2 != 0);
				try (PreparedStatement statement = connection.prepareStatement(sql)) {
					statement.setTimestamp(1, new Timestamp(0));
					assertThat(RlsPool.read(statement.executeQuery())).as("Execution " + i).hasSize(10);
				}
				connection.setAutoCommit(true);
			}
		});
	}

	@Test
	void whenAStatementIsExecutedInsideAndOutsideOfTransactionsThenItHasTheContextEachTime() throws Exception {
		notes.asAlice("", (connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("SELECT owner FROM note WHERE body IS DISTINCT FROM ?")) {
				for (int i = 0; i < 16; i++) {
					connection.setAutoCommit(i % 2 != 0);
					if (i % 3 == 0) {
						statement.setString(1, "x");
					}
					else {
						statement.setNull(1, Types.NULL);
					}
					assertThat(RlsPool.read(statement.executeQuery())).as("Execution " + i).hasSize(10);
					connection.setAutoCommit(true);
				}
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "stringtype=unspecified", "defaultRowFetchSize=1", "prepareThreshold=1", "autosave=always",
			"preparedStatementCacheQueries=0", "escapeSyntaxCallMode=call" })
	void whateverTheDriverIsToldStatementsHaveTheContext(String parameters) throws Exception {
		notes.asAlice(parameters, (connection) -> {
			for (int i = 0; i < 16; i++) {
				connection.setAutoCommit(i % 2 == 0);
				try (PreparedStatement statement = connection
					.prepareStatement("SELECT owner FROM note WHERE body LIKE ?");
						Statement plain = connection.createStatement()) {
					statement.setString(1, "note%");
					assertThat(RlsPool.read(statement.executeQuery())).as("Execution " + i)
						.hasSize(10)
						.containsOnly("alice");
					assertThat(RlsPool.read(plain.executeQuery(SELECT))).hasSize(10);
				}
				connection.setAutoCommit(true);
			}
		});
	}

	@Test
	void severalStatementsInOneHaveTheContextAllOfThem() throws Exception {
		notes.asAlice("", (connection) -> {
			for (int i = 0; i < 8; i++) {
				connection.setAutoCommit(i % 2 == 0);
				try (PreparedStatement statement = connection.prepareStatement(
						"SELECT owner FROM note WHERE written > ?; SELECT owner FROM note WHERE written > ?")) {
					statement.setTimestamp(1, new Timestamp(0));
					statement.setTimestamp(2, new Timestamp(0));
					assertThat(statement.execute()).isTrue();
					assertThat(RlsPool.read(statement.getResultSet())).hasSize(10);
					assertThat(statement.getMoreResults()).isTrue();
					assertThat(RlsPool.read(statement.getResultSet())).as("Execution " + i).hasSize(10);
					assertThat(statement.getMoreResults()).isFalse();
					assertThat(statement.getUpdateCount()).isEqualTo(-1);
				}
				try (Statement statement = connection.createStatement()) {
					assertThat(statement.execute("SET LOCAL work_mem = '8MB'; " + SELECT)).isFalse();
					assertThat(statement.getMoreResults()).isTrue();
					assertThat(RlsPool.read(statement.getResultSet())).hasSize(10);
				}
				connection.setAutoCommit(true);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "COMMIT; SELECT owner FROM note", "SELECT 1; COMMIT; SELECT owner FROM note",
			"SELECT 1 ;/* x */ rollback ; SELECT owner FROM note", "BEGIN; DELETE FROM note; COMMIT",
			"select 1; /* /* */ */ commit; SELECT owner FROM note",
			"select 1 as \"it's\"; commit; SELECT owner FROM note", "select $$it's$$; commit; SELECT owner FROM note",
			"select E'\\''; commit; SELECT owner FROM note --'",
			"select e'a'\n'\\''; commit; SELECT owner FROM note --'", "; COMMIT; SELECT owner FROM note",
			"select 1 as x\u00a0$$; commit; SELECT owner FROM note WHERE body <> $$a$$",
			"select U&'\\0027'; commit; SELECT owner FROM note", "select 'a\\'; commit; SELECT owner FROM note --'",
			"select $a$ $b$ $a$; commit; SELECT owner FROM note WHERE body <> $b$ $b$",
			"select 1 as \u00e4$$; commit; SELECT owner FROM note WHERE body <> $$a$$",
			"select 1 --\r; commit; SELECT owner FROM note", "select 1; -- /*\ncommit; SELECT owner FROM note -- */",
			"select 1; (commit); SELECT owner FROM note", "select 1;\fend work; SELECT owner FROM note",
			"select 1; prepare transaction 'x'; SELECT owner FROM note",
			"create function pg_temp.f() returns int begin atomic select 1 case; end; commit; SELECT 1 end",
			"create temp table t (begin atomic); commit; SELECT owner FROM note",
			"select 1 {fn \" ; commit; SELECT owner FROM note" })
	void whenOneOfSeveralStatementsWouldEndTheTransactionThenNoneIsSent(String sql) throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement();
					PreparedStatement prepared = connection.prepareStatement(sql)) {
				String message = "Database 'notes': a statement must not begin or end a transaction along with other statements, which would run without context. Execute them one by one.";
				assertThatExceptionOfType(RlsContextException.class).isThrownBy(() -> statement.execute(sql))
					.withMessage(message);
				assertThatExceptionOfType(RlsContextException.class).isThrownBy(prepared::execute).withMessage(message);
				assertThatExceptionOfType(RlsContextException.class).isThrownBy(() -> {
					statement.addBatch(sql);
					statement.executeBatch();
				}).withMessage(message);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT owner FROM note WHERE body <> 'a; commit'",
			"SELECT owner AS \"a; commit\" FROM note", "SELECT owner FROM note WHERE body <> $$;commit;$$",
			"SELECT owner FROM note /* ; /* ; */ commit; */", "SELECT owner FROM note;;",
			"SELECT owner FROM note -- ; commit", "SELECT owner AS \u00a0 FROM note WHERE body <> E'\\'; commit; '",
			"SELECT owner FROM note WHERE body <> $a$; commit; $$ $a$",
			"SELECT owner FROM note WHERE body <> U&'\\0061; commit;'" })
	void whatIsOneStatementIsExecuted(String sql) throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement();
					PreparedStatement prepared = connection.prepareStatement(sql)) {
				assertThat(RlsPool.read(statement.executeQuery(sql))).hasSize(10).containsOnly("alice");
				assertThat(RlsPool.read(prepared.executeQuery())).hasSize(10).containsOnly("alice");
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 1; SET app.current_user_id = 'bob'", "SET/**/ROLE reader",
			"SET -- x\n app.current_user_id TO 'bob'", "SET app . current_user_id = 'bob'",
			"SET /* /* */ */ app.current_user_id = 'bob'", "SET \"app.current_user_id\" = 'bob'",
			"SET \"App\".\"Current_user_id\" = 'bob'", "SET u&\"app\".current_user_id = 'bob'",
			"; SET app.current_user_id = 'bob'", "SET LOCAL session_authorization = app",
			"RESET \"session_authorization\"", "set session authorization app" })
	void noSettingOfTheContextIsChangedInDisguise(String sql) throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement()) {
				assertThatExceptionOfType(RlsContextException.class).isThrownBy(() -> statement.execute(sql));
				assertThatExceptionOfType(RlsContextException.class).isThrownBy(() -> {
					statement.addBatch(sql);
					statement.executeBatch();
				});
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "RESET ALL", "COMMIT", "ROLLBACK", "COMMIT AND CHAIN",
			"DO $$ BEGIN PERFORM set_config('app.current_user_id', '', true); END $$" })
	void whateverWasExecutedTheNextStatementHasTheContext(String sql) throws Exception {
		notes.asAlice("", (connection) -> {
			connection.setAutoCommit(false);
			try (PreparedStatement select = connection.prepareStatement(SELECT);
					Statement statement = connection.createStatement()) {
				assertThat(RlsPool.read(select.executeQuery())).hasSize(10);
				statement.execute(sql);
				assertThat(RlsPool.read(select.executeQuery())).hasSize(10);
			}
			connection.rollback();
			connection.setAutoCommit(true);
		});
	}

	@Test
	void whenFunctionsOfTheSameNameComeFirstThenTheContextIsSetNevertheless() throws Exception {
		notes.execute("""
				CREATE FUNCTION set_config(text, varchar, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'other' $$;
				CREATE FUNCTION current_setting(varchar, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'other' $$;
				""");
		try {
			notes.asAlice("", (connection) -> {
				connection.createStatement().execute("SET search_path = public, pg_catalog");
				try (PreparedStatement select = connection.prepareStatement(SELECT)) {
					assertThat(RlsPool.read(select.executeQuery())).hasSize(10).containsOnly("alice");
				}
			});
		}
		finally {
			notes.execute("DROP FUNCTION set_config(text, varchar, boolean), public.current_setting(varchar, boolean)");
		}
	}

	@Test
	void whenTheContextIsReappliedThenACursorStillReadsTheRowsOfItsUser() throws Exception {
		notes.execute("""
				CREATE TABLE line (owner text);
				INSERT INTO line SELECT owner FROM note;
				ALTER TABLE line ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON line USING (owner = current_setting('app.current_user_id', true));
				GRANT SELECT ON line TO app;
				""");
		notes.asAlice("", Map.of("rls.on-context-change", "reapply"), (connection) -> {
			connection.setAutoCommit(false);
			try (Statement cursor = connection.createStatement();
					PreparedStatement select = connection.prepareStatement(SELECT)) {
				cursor.setFetchSize(3);
				ResultSet rows = cursor.executeQuery("SELECT owner FROM line");
				for (int i = 0; i < 10; i++) {
					assertThat(rows.next()).isTrue();
					assertThat(rows.getString(1)).isEqualTo("alice");
					assertThat(RlsContextHolder.callAs(BOB, () -> RlsPool.read(select.executeQuery())))
						.containsOnly("bob");
				}
				assertThat(rows.next()).isFalse();
			}
			connection.rollback();
		});
	}

	@Test
	void whenASavepointIsRolledBackThenTheTransactionIsStillThatOfItsUser() throws Exception {
		notes.asAlice("", (connection) -> {
			connection.setAutoCommit(false);
			try (PreparedStatement select = connection.prepareStatement(SELECT)) {
				assertThat(RlsPool.read(select.executeQuery())).hasSize(10);
				Savepoint savepoint = connection.setSavepoint();
				connection.rollback(savepoint);
				assertThatExceptionOfType(RlsContextException.class)
					.isThrownBy(() -> RlsContextHolder.callAs(BOB, select::executeQuery))
					.withMessage(CHANGED);
				connection.setAutoCommit(false);
				assertThatExceptionOfType(RlsContextException.class)
					.isThrownBy(() -> RlsContextHolder.callAs(BOB, select::executeQuery))
					.withMessage(CHANGED);
				assertThat(RlsPool.read(select.executeQuery())).hasSize(10);
			}
			connection.rollback();
			connection.setAutoCommit(true);
		});
	}

	@Test
	void whenAutoCommitIsSwitchedOnInATransactionThenTheNextOneMayBeAnotherUsers() throws Exception {
		notes.asAlice("", (connection) -> {
			connection.setAutoCommit(false);
			try (PreparedStatement select = connection.prepareStatement(SELECT)) {
				assertThat(RlsPool.read(select.executeQuery())).containsOnly("alice");
				connection.setAutoCommit(true);
				assertThat(RlsContextHolder.callAs(BOB, () -> RlsPool.read(select.executeQuery()))).hasSize(10)
					.containsOnly("bob");
				connection.setAutoCommit(false);
				assertThat(RlsContextHolder.callAs(BOB, () -> RlsPool.read(select.executeQuery()))).hasSize(10)
					.containsOnly("bob");
				connection.setAutoCommit(true);
			}
		});
	}

	@Test
	void whenAResultIsUpdatedThenItIsUnderTheContext() throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE,
					ResultSet.CONCUR_UPDATABLE);
					ResultSet rows = statement.executeQuery("SELECT id, owner, body FROM note ORDER BY id")) {
				assertThat(rows.next()).isTrue();
				long id = rows.getLong(1);
				rows.updateString("body", "updated");
				rows.updateRow();
				rows.refreshRow();
				assertThat(rows.getString("body")).isEqualTo("updated");
				try (PreparedStatement select = connection.prepareStatement("SELECT body FROM note WHERE id = ?")) {
					select.setLong(1, id);
					assertThat(RlsPool.read(select.executeQuery())).containsExactly("updated");
				}
				rows.updateString("body", "again");
				assertThatExceptionOfType(RlsContextException.class).isThrownBy(() -> withoutUser(rows::updateRow));
			}
		});
	}

	@Test
	void noWayBackLeadsAroundTheContext() throws Exception {
		notes.asAlice("", (connection) -> {
			try (ResultSet tables = connection.getMetaData().getTables(null, null, "note", null)) {
				assertThat(tables.getStatement()).isNull();
			}
			assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
			try (Statement statement = connection.createStatement();
					PreparedStatement prepared = connection.prepareStatement(SELECT);
					PreparedStatement keys = connection.prepareStatement(SELECT, Statement.RETURN_GENERATED_KEYS)) {
				for (Statement each : new Statement[] { statement, prepared, keys }) {
					assertThat(each.getConnection()).isSameAs(connection);
					assertThatExceptionOfType(RlsContextException.class)
						.isThrownBy(() -> each.unwrap(PGStatement.class))
						.withMessage(UNWRAPPED);
				}
				ResultSet rows = statement.executeQuery(SELECT);
				assertThat(rows.getStatement()).isSameAs(statement);
				assertThat(statement.getResultSet().getStatement()).isSameAs(statement);
				assertThatExceptionOfType(RlsContextException.class)
					.isThrownBy(() -> rows.unwrap(org.postgresql.jdbc.PgResultSet.class))
					.withMessage(UNWRAPPED);
				assertThatExceptionOfType(RlsContextException.class)
					.isThrownBy(() -> connection.getMetaData().unwrap(org.postgresql.jdbc.PgDatabaseMetaData.class))
					.withMessage(UNWRAPPED);
				connection.setAutoCommit(false);
				assertThat(RlsPool.read(((Statement) statement.unwrap(PGStatement.class)).executeQuery(SELECT)))
					.hasSize(10);
				connection.rollback();
				connection.setAutoCommit(true);
			}
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
			try (RlsPool pool = new RlsPool(notes, "", Map.of(), 1, (each) -> each)) {
				pool.dataSource().createConnectionBuilder();
			}
		});
	}

	@Test
	void aStatementCanBeUsedForABatchAfterAQuery() throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement()) {
				assertThat(RlsPool.read(statement.executeQuery(SELECT))).hasSize(10);
				statement.addBatch("UPDATE note SET body = 'batch' WHERE owner = 'alice'");
				assertThat(RlsPool.read(statement.executeQuery(SELECT))).hasSize(10);
				assertThat(statement.executeBatch()).containsExactly(10);
			}
			try (PreparedStatement statement = connection.prepareStatement("UPDATE note SET body = ?")) {
				statement.setString(1, "note a");
				statement.addBatch();
				statement.setString(1, "note b");
				assertThat(statement.executeUpdate()).isEqualTo(10);
				statement.clearBatch();
				assertThat(statement.executeBatch()).isEmpty();
				statement.addBatch();
				assertThat(statement.executeUpdate()).isEqualTo(10);
				assertThat(statement.executeBatch()).containsExactly(10);
				assertThat(statement.getUpdateCount()).isEqualTo(-1);
			}
		});
	}

	@Test
	void settingsOfAStatementOutlastItsExecutions() throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement();
					PreparedStatement prepared = connection.prepareStatement(SELECT)) {
				for (int i = 0; i < 2; i++) {
					assertThat(RlsPool.read(statement.executeQuery(SELECT))).hasSize((i == 0) ? 10 : 3);
					assertThat(RlsPool.read(prepared.executeQuery())).hasSize((i == 0) ? 10 : 3);
					statement.setMaxRows(3);
					prepared.setMaxRows(3);
					statement.setQueryTimeout(7);
				}
				assertThat(RlsPool.read(statement.executeQuery(SELECT))).hasSize(3);
				assertThat(statement.getQueryTimeout()).isEqualTo(7);
			}
		});
	}

	@Test
	void statementsCloseOnCompletion() throws Exception {
		notes.asAlice("", (connection) -> {
			Statement statement = connection.createStatement();
			PreparedStatement prepared = connection.prepareStatement(SELECT);
			PreparedStatement update = connection.prepareStatement("UPDATE note SET body = 'note'");
			statement.closeOnCompletion();
			prepared.closeOnCompletion();
			update.closeOnCompletion();
			assertThat(statement.isCloseOnCompletion()).isTrue();
			assertThat(prepared.isCloseOnCompletion()).isTrue();
			try (ResultSet rows = statement.executeQuery(SELECT)) {
				assertThat(RlsPool.read(rows)).hasSize(10);
			}
			try (ResultSet rows = prepared.executeQuery()) {
				assertThat(RlsPool.read(rows)).hasSize(10);
			}
			assertThat(update.executeUpdate()).isEqualTo(10);
			assertThat(statement.isClosed()).isTrue();
			assertThat(prepared.isClosed()).isTrue();
			update.close();
		});
	}

	@Test
	void statementsEndWithTheirConnection() throws Exception {
		try (RlsPool pool = new RlsPool(notes, "", Map.of(), 1, (each) -> each)) {
			Connection connection = pool.dataSource().getConnection();
			PreparedStatement unused = connection.prepareStatement(SELECT);
			PreparedStatement used = connection.prepareStatement(SELECT);
			assertThat(RlsContextHolder.callAs(ALICE, () -> RlsPool.read(used.executeQuery()))).hasSize(10);
			connection.close();
			assertThat(unused.isClosed()).isTrue();
			assertThat(used.isClosed()).isTrue();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> RlsContextHolder.callAs(ALICE, unused::executeQuery));
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> RlsContextHolder.callAs(ALICE, used::executeQuery));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.prepareStatement(SELECT));
			assertThat(unused).hasToString("RLS " + SELECT);
			assertThat(pool.active()).isZero();
		}
	}

	@Test
	void aStatementTellsItsOwnSqlAndCanBeCancelledBeforeItRuns() throws Exception {
		notes.asAlice("", (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
				statement.cancel();
				assertThat(RlsPool.read(statement.executeQuery())).hasSize(10);
				assertThat(statement).hasToString("RLS " + SELECT);
			}
		});
	}

	private static void withoutUser(SqlTask task) throws Exception {
		RlsContext former = RlsContextHolder.getContext();
		RlsContextHolder.set(null);
		try {
			task.run();
		}
		finally {
			RlsContextHolder.set(former);
		}
	}

	/**
	 * Part of the work with JDBC.
	 */
	@FunctionalInterface
	private interface SqlTask {

		void run() throws SQLException;

	}

}
