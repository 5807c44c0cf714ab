package io.appdbs.rls;

import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for statements outside of a transaction, which get one if they cannot carry the
 * prefix: whatever they return is there after its end.
 */
class RlsAutoCommitTests {

	private static final String INSERT = "INSERT INTO entry (body) VALUES ('a'), ('b'), ('c')";

	private static final String BODIES = "SELECT body FROM entry ORDER BY id";

	@RegisterExtension
	private static final Notes notes = new Notes();

	@BeforeAll
	static void setUp() throws SQLException {
		notes.execute("""
				CREATE TABLE entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text,
					owner text NOT NULL DEFAULT current_setting('app.current_user_id'));
				ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON entry
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT, INSERT, UPDATE, DELETE ON entry TO app;
				CREATE FUNCTION owners() RETURNS SETOF text LANGUAGE sql AS 'SELECT owner FROM note';
				CREATE PROCEDURE count_notes(OUT notes bigint) LANGUAGE sql AS 'SELECT count(*) FROM note';
				""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TABLE owned", "EXPLAIN ANALYZE SELECT owner FROM note", "EXECUTE owned",
			"SELECT owner FROM note WHERE '{\"a\":1}'::jsonb ? 'a'", "SELECT 1; SELECT owner FROM note",
			"VALUES ('alice'), ('alice'), ('alice'), ('alice')",
			"WITH n AS (SELECT owner FROM note) SELECT owner FROM n", "SELECT owner FROM note",
			"UPDATE note SET body = body RETURNING owner", "SELECT * FROM owners()", "FETCH 5 FROM held" })
	void whateverReturnsRowsCanBeReadWithAFetchSize(String sql) throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute("CREATE TEMP VIEW owned WITH (security_invoker) AS SELECT owner FROM note");
				statement.execute("PREPARE owned AS SELECT owner FROM note");
				statement.execute("DECLARE held CURSOR WITH HOLD FOR SELECT owner FROM note");
				statement.setFetchSize(2);
				for (boolean rows = statement.execute(sql); statement.getUpdateCount() == -1
						&& rows; rows = statement.getMoreResults(Statement.KEEP_CURRENT_RESULT)) {
					assertThat(RlsPool.read(statement.getResultSet())).isNotEmpty();
				}
				assertThat(statement.getFetchSize()).isEqualTo(2);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "TABLE note", "EXPLAIN ANALYZE SELECT owner FROM note",
			"SELECT owner FROM note WHERE '{\"a\":1}'::jsonb ?? 'a'", "SELECT 1; SELECT owner FROM note" })
	void whateverIsPreparedCanBeReadWithAFetchSize(String sql) throws Exception {
		for (String parameters : List.of("", "defaultRowFetchSize=2", "preferQueryMode=simple", "prepareThreshold=-1",
				"prepareThreshold=1")) {
			notes.asAlice(parameters, (connection) -> {
				for (int i = 0; i < 8; i++) {
					try (PreparedStatement statement = connection.prepareStatement(sql)) {
						if (parameters.isEmpty()) {
							statement.setFetchSize(2);
						}
						for (boolean rows = statement.execute(); rows; rows = statement.getMoreResults()) {
							assertThat(RlsPool.read(statement.getResultSet())).isNotEmpty();
						}
					}
				}
			});
		}
	}

	@Test
	void aResultThatScrollsOrCanBeUpdatedCanBeReadWithAFetchSize() throws Exception {
		notes.asAlice("", (connection) -> {
			for (int type : new int[] { ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE }) {
				for (int concurrency : new int[] { ResultSet.CONCUR_READ_ONLY, ResultSet.CONCUR_UPDATABLE }) {
					try (Statement statement = connection.createStatement(type, concurrency);
							PreparedStatement prepared = connection.prepareStatement(
									"SELECT id, owner, body FROM note WHERE id > 0", type, concurrency,
									ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
						statement.setFetchSize(2);
						prepared.setFetchSize(2);
						assertThat(RlsPool.read(statement.executeQuery("SELECT id, owner FROM note"))).hasSize(10);
						assertThat(RlsPool.read(prepared.executeQuery())).hasSize(10);
					}
				}
			}
		});
	}

	@Test
	void functionsAndProceduresCanBeCalledWithAFetchSize() throws Exception {
		notes.asAlice("", (connection) -> {
			try (CallableStatement call = connection.prepareCall("{call owners()}")) {
				call.setFetchSize(2);
				assertThat(RlsPool.read(call.executeQuery())).hasSize(10).containsOnly("alice");
			}
			try (CallableStatement call = connection.prepareCall("CALL count_notes(?)")) {
				call.setFetchSize(1);
				call.registerOutParameter(1, Types.BIGINT);
				call.execute();
				assertThat(call.getLong(1)).isEqualTo(10);
			}
		});
	}

	@Test
	void generatedKeysCanBeReadWithAFetchSize() throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.setFetchSize(2);
				statement.executeUpdate(INSERT, Statement.RETURN_GENERATED_KEYS);
				assertThat(RlsPool.read(statement.getGeneratedKeys())).hasSize(3);
				statement.executeLargeUpdate(INSERT, new String[] { "id" });
				assertThat(RlsPool.read(statement.getGeneratedKeys())).hasSize(3);
				statement.execute(INSERT, new String[] { "body", "id" });
				assertThat(RlsPool.read(statement.getGeneratedKeys())).containsExactly("a", "b", "c");
				assertThat(RlsPool.read(statement.executeQuery(INSERT + " RETURNING body"))).hasSize(3);
			}
			for (PreparedStatement prepared : List.of(
					connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS),
					connection.prepareStatement(INSERT, new String[] { "id" }))) {
				prepared.setFetchSize(2);
				assertThat(prepared.executeUpdate()).isEqualTo(3);
				assertThat(RlsPool.read(prepared.getGeneratedKeys())).hasSize(3);
				prepared.addBatch();
				prepared.addBatch();
				assertThat(prepared.executeBatch()).containsExactly(3, 3);
				assertThat(RlsPool.read(prepared.getGeneratedKeys())).hasSize(6);
				prepared.close();
			}
			try (Statement statement = connection.createStatement()) {
				assertThat(RlsPool.read(statement.executeQuery(BODIES))).hasSize(30);
				assertThat(statement.executeUpdate("DELETE FROM entry", Statement.NO_GENERATED_KEYS)).isEqualTo(30);
			}
		});
	}

	@Test
	void generatedKeysCanBeReadWhateverTheDriverReadsAtOnce() throws Exception {
		for (String parameters : List.of("defaultRowFetchSize=1", "preferQueryMode=simple", "prepareThreshold=-1",
				"autosave=always")) {
			notes.asAlice(parameters, (connection) -> {
				for (int i = 0; i < 8; i++) {
					try (PreparedStatement prepared = connection.prepareStatement(INSERT,
							Statement.RETURN_GENERATED_KEYS)) {
						assertThat(prepared.executeUpdate()).isEqualTo(3);
						assertThat(RlsPool.read(prepared.getGeneratedKeys())).hasSize(3);
					}
				}
				try (Statement statement = connection.createStatement()) {
					assertThat(statement.executeUpdate("DELETE FROM entry")).isEqualTo(24);
				}
			});
		}
	}

	@Test
	void arraysDoNotLeadToTheDriversStatement() throws Exception {
		for (String parameters : List.of("", "prepareThreshold=-1")) {
			notes.asAlice(parameters, (connection) -> {
				try (PreparedStatement prepared = connection.prepareStatement("SELECT array_agg(owner) FROM note");
						Statement statement = connection.createStatement();
						CallableStatement call = connection.prepareCall("{? = call string_to_array('a,b', ',')}")) {
					call.registerOutParameter(1, Types.ARRAY);
					call.execute();
					for (ResultSet rows : List.of(prepared.executeQuery(),
							statement.executeQuery("SELECT array_agg(owner) FROM note"))) {
						assertThat(rows.next()).isTrue();
						for (Array array : List.of(rows.getArray(1), (Array) rows.getObject(1),
								rows.getObject(1, Array.class), call.getArray(1), (Array) call.getObject(1),
								connection.createArrayOf("text", new Object[] { "a", "b" }))) {
							ResultSet elements = array.getResultSet();
							assertThat(elements.getStatement()).isNull();
							assertThat(elements.next()).isTrue();
							assertThat(elements.getString(2)).isIn("alice", "a");
							assertThat(array.getResultSet(1, 1).getStatement()).isNull();
							assertThat(array.getResultSet(Map.of()).getStatement()).isNull();
						}
					}
				}
			});
		}
	}

	@Test
	void anArrayThatWasReadCanBeWritten() throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement();
					PreparedStatement update = connection.prepareStatement(
							"SELECT ? = string_to_array('alice,bob', ','), ?::text[] IS NOT NULL, ?::text");
					Connection other = notes.connect();
					PreparedStatement withoutSecurity = other.prepareStatement("SELECT cardinality(?)")) {
				ResultSet rows = statement.executeQuery("SELECT string_to_array('alice,bob', ',')");
				rows.next();
				Array array = rows.getArray(1);
				assertThat(array).hasToString("{alice,bob}");
				update.setArray(1, array);
				update.setObject(2, connection.createArrayOf("text", new Object[] { "a" }));
				update.setString(3, array.toString());
				ResultSet equal = update.executeQuery();
				equal.next();
				assertThat(equal.getBoolean(1)).isTrue();
				assertThat(equal.getBoolean(2)).isTrue();
				withoutSecurity.setArray(1, array);
				assertThat(RlsPool.read(withoutSecurity.executeQuery())).containsExactly("2");
				array.free();
			}
		});
	}

	@Test
	void whenTheDriverIsToReadBinaryOnlyThenItStarts() {
		notes.run((context) -> {
			JdbcTemplate template = Notes.template(context);
			for (int i = 0; i < 8; i++) {
				RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
					assertThat(template.queryForList("SELECT owner FROM note WHERE id > ? AND written > ?",
							String.class, 0, new Timestamp(0)))
						.hasSize(10)
						.containsOnly("alice");
					assertThat(template.queryForList("SELECT owner FROM note", String.class)).hasSize(10);
					Notes.transaction(context)
						.executeWithoutResult((status) -> assertThat(
								template.queryForList("SELECT owner FROM note WHERE id > ?", String.class, 0))
							.hasSize(10));
				});
			}
		}, "app.dbs.notes.url=postgresql://" + notes.address() + "/notes?prepareThreshold=-1");
	}

	@Test
	void aTransactionThatWasBegunBySqlIsOne() throws Exception {
		notes.asAlice("", (connection) -> {
			try (Statement statement = connection.createStatement();
					PreparedStatement select = connection.prepareStatement("SELECT owner FROM note");
					PreparedStatement keys = connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
				statement.execute("BEGIN");
				assertThat(keys.executeUpdate()).isEqualTo(3);
				select.setFetchSize(2);
				assertThat(RlsPool.read(select.executeQuery())).hasSize(10).containsOnly("alice");
				assertThatExceptionOfType(RlsContextException.class)
					.isThrownBy(() -> RlsContextHolder.callAs(RlsContext.of("bob"), select::executeQuery))
					.withMessageStartingWith("Database 'notes': the user changed during the transaction.");
				statement.execute("ROLLBACK");
				assertThat(RlsPool.read(statement.executeQuery(BODIES))).isEmpty();
				statement.execute("START TRANSACTION");
				select.setFetchSize(0);
				assertThat(RlsContextHolder.callAs(RlsContext.of("bob"), () -> RlsPool.read(select.executeQuery())))
					.containsOnly("bob");
				statement.execute("COMMIT");
				assertThat(RlsPool.read(select.executeQuery())).containsOnly("alice");
			}
		});
	}

}
