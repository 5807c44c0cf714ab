package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PropagatedPrefix}, which are the same for one server and for several.
 */
abstract class AbstractPropagatedContextTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	private static final String ALL = "SELECT owner FROM note";

	private RlsPool pool;

	private JdbcTemplate template;

	private TransactionTemplate transaction;

	/**
	 * Returns host, port and name of the database, which has the table {@code note} with
	 * ten rows each of alice and bob.
	 */
	abstract String url();

	@BeforeEach
	void openPool() {
		open(Map.of());
	}

	private void open(Map<String, String> rls) {
		this.pool = new RlsPool(url() + "?user=app", rls, 3, UnaryOperator.identity(), new RlsServer(true, null, true));
		this.template = new JdbcTemplate(this.pool.dataSource());
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(this.pool.dataSource()));
	}

	@AfterEach
	void closePool() throws SQLException {
		try {
			// neither a value nor a transaction stays on a connection
			assertThat(this.pool.left()).containsOnly("/app", "true");
			assertThat(this.pool.active()).isZero();
		}
		finally {
			this.pool.close();
		}
	}

	@Test
	void everybodySeesTheirOwnRowsOutsideOfATransaction() {
		assertThat(as(ALICE, () -> read(ALL))).hasSize(10).containsOnly("alice");
		assertThat(as(BOB, () -> read(ALL))).hasSize(10).containsOnly("bob");
		assertThat(as(ALICE,
				() -> this.template.queryForList("SELECT owner FROM note WHERE id > ? ORDER BY id", String.class, 0)))
			.hasSize(10)
			.containsOnly("alice");
		assertThat(as(RlsContext.of("carol"), () -> read(ALL))).isEmpty();
	}

	@Test
	void everybodySeesTheirOwnRowsInATransaction() {
		for (RlsContext user : List.of(ALICE, BOB, ALICE)) {
			String name = user.getValue("app.current_user_id");
			List<List<String>> results = as(user, () -> this.transaction
				.execute((status) -> List.of(read(ALL), read("SELECT owner FROM note ORDER BY body"), read(ALL))));
			assertThat(results).allSatisfy((owners) -> assertThat(owners).hasSize(10).containsOnly(name));
		}
	}

	@Test
	void whenRowsAreOfAnotherThenTheyAreNotWritten() {
		as(ALICE, () -> {
			assertThat(this.template.update("UPDATE note SET body = ? WHERE owner = 'bob'", "x")).isZero();
			assertThat(this.template.update("DELETE FROM note WHERE owner = ?", "bob")).isZero();
			assertThat(this.template.update("UPDATE note SET body = body WHERE owner = ?", "alice")).isEqualTo(10);
			assertThatExceptionOfType(Exception.class)
				.isThrownBy(() -> this.template.update("INSERT INTO note (owner, body) VALUES ('bob', 'x')"))
				.withStackTraceContaining("violates row-level security policy");
			return null;
		});
		assertThat(as(BOB, () -> read("SELECT owner FROM note WHERE body <> 'x'"))).hasSize(10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "o'brien", "''", "'; RESET ROLE; --", "\\", "\\'", "\\\\'; DELETE FROM note; --", "a\\x41",
			"E'x'", "$$; COMMIT; $$", "$1", "?", ":x", "{d '2020-01-01'}", "/* */", "--", "a;b", "a\nb\r\t",
			"\u00fc\u4e2d", "\ud83d\ude00", "\u00bf'", "\uff07", "%s%n", "alice' OR '1'='1", " alice", "ALICE",
			"alice\\', app.x = '" })
	void whateverTheUserIsCalledThenItIsAValue(String user) {
		RlsContext context = RlsContext.of(user);
		try {
			// outside of a transaction and in one, prepared and not
			as(context, () -> this.template.update("INSERT INTO note (owner, body) VALUES (?, 'new')", user));
			List<String> seen = as(context, () -> read(ALL));
			assertThat(seen).containsExactly(user);
			assertThat(as(context,
					() -> this.template.queryForObject("SELECT current_setting('app.current_user_id')", String.class)))
				.isEqualTo(user);
			as(context, () -> this.transaction.execute((status) -> {
				assertThat(this.template.queryForList("SELECT owner FROM note WHERE id > ?", String.class, 0))
					.containsExactly(user);
				return null;
			}));
			as(context, () -> this.template.execute((Connection connection) -> {
				connection.setAutoCommit(false);
				connection.setSavepoint();
				try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(ALL)) {
					assertThat(RlsPool.read(rows)).containsExactly(user);
				}
				connection.commit();
				connection.setAutoCommit(true);
				return null;
			}));
			assertThat(as(ALICE, () -> read(ALL))).hasSize(10);
		}
		finally {
			as(context, () -> this.template.update("DELETE FROM note WHERE owner = ?", user));
		}
	}

	@Test
	void whenAValueHasANulThenNothingIsSent() {
		RlsContext value = RlsContext.of("alice\0");
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> as(value, () -> read(ALL)))
			.havingCause()
			.isInstanceOf(RlsContextException.class)
			.withMessageStartingWith(
					"Database 'notes': the value for 'app.current_user_id' is not a non-empty text without NUL");
		RlsContext role = ALICE.withDatabaseRole("app\0'");
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> as(role, () -> read(ALL)))
			.havingCause()
			.isInstanceOf(RlsContextException.class)
			.withMessage(
					"Database 'notes': the role of the context has a NUL character, which no role of the database has. Correct the name.");
		assertThatExceptionOfType(RlsContextException.class).isThrownBy(() -> PropagatedPrefix.quote("a\0"))
			.withMessage("The context of row-level security has a NUL character, which PostgreSQL does not support.");
	}

	@Test
	void whenTheRoleIsNotAllowedThenTheStatementFails() {
		for (String role : List.of("postgres", "nobody'; RESET ROLE; --")) {
			assertThatExceptionOfType(Exception.class)
				.isThrownBy(() -> as(ALICE.withDatabaseRole(role), () -> read(ALL)))
				.withStackTraceContaining("role");
		}
		assertThat(as(ALICE, () -> read(ALL))).hasSize(10);
	}

	@Test
	void whenASettingHasPartsThatAreReservedThenItIsSet() {
		this.pool.close();
		open(Map.of("rls.settings[0].name", "app.user", "rls.settings[1].name", "App.Select.from"));
		RlsContext context = RlsContext.empty().with("app.user", "u").with("App.Select.from", "f");
		assertThat(as(context, () -> read("SELECT current_setting('app.user') || current_setting('app.select.from')")))
			.containsExactly("uf");
	}

	@Test
	void whenAStatementFailsThenTheConnectionIsAsBefore() {
		as(ALICE, () -> {
			for (String sql : List.of("SELECT 1 / 0", "SELECT * FROM nothing", "SELECT 'x", "SELECT 1 /* x",
					"INSERT INTO note (owner, body) VALUES (NULL, 'x')")) {
				for (int i = 0; i < 4; i++) {
					assertThatExceptionOfType(Exception.class).as(sql).isThrownBy(() -> this.template.execute(sql));
					assertThatExceptionOfType(Exception.class).as(sql)
						.isThrownBy(() -> this.template.queryForList(sql, String.class, new Object[0]));
				}
			}
			return read(ALL);
		});
		assertThat(as(BOB, () -> read(ALL))).hasSize(10).containsOnly("bob");
	}

	@Test
	void whateverEndsAStatementThenItIsCommitted() {
		as(ALICE, () -> {
			for (String end : List.of("", ";", " ; ", " -- comment", "; -- comment", " /* x */")) {
				assertThat(this.template.update("INSERT INTO note (owner, body) VALUES ('alice', 'temporary')" + end))
					.as(end)
					.isOne();
				assertThat(this.template.update("UPDATE note SET body = ? WHERE body = 'temporary'" + end, "t")).as(end)
					.isOne();
				assertThat(this.template.update("DELETE FROM note WHERE body = ?" + end, "t")).as(end).isOne();
			}
			return null;
		});
	}

	@Test
	void whenTheResultsAreCountedThenThereIsOne() {
		as(ALICE, () -> this.template.execute((Connection connection) -> {
			try (Statement statement = connection.createStatement();
					PreparedStatement prepared = connection.prepareStatement(ALL);
					PreparedStatement update = connection
						.prepareStatement("UPDATE note SET body = body WHERE owner = ?")) {
				update.setString(1, "alice");
				for (int i = 0; i < 8; i++) {
					assertThat(statement.execute(ALL)).isTrue();
					assertOnlyResult(statement);
					assertThat(prepared.execute()).isTrue();
					assertOnlyResult(prepared);
					assertThat(update.execute()).isFalse();
					assertThat(update.getUpdateCount()).isEqualTo(10);
					assertThat(update.getMoreResults()).isFalse();
					assertThat(update.getUpdateCount()).isEqualTo(-1);
				}
			}
			return null;
		}));
	}

	private static void assertOnlyResult(Statement statement) throws SQLException {
		assertThat(RlsPool.read(statement.getResultSet())).hasSize(10);
		assertThat(statement.getMoreResults()).isFalse();
		assertThat(statement.getUpdateCount()).isEqualTo(-1);
	}

	@Test
	void whenAStatementIsUsedByAnotherThenItHasTheirContext() {
		this.template.execute((Connection connection) -> {
			try (PreparedStatement statement = connection.prepareStatement("SELECT owner FROM note WHERE id > ?")) {
				statement.setLong(1, 0);
				for (int i = 0; i < 8; i++) {
					for (RlsContext user : List.of(ALICE, BOB)) {
						assertThat(as(user, () -> {
							try (ResultSet rows = statement.executeQuery()) {
								return Set.copyOf(RlsPool.read(rows));
							}
							catch (SQLException ex) {
								throw new IllegalStateException(ex);
							}
						})).containsExactly(user.getValue("app.current_user_id"));
					}
				}
			}
			return null;
		});
	}

	@Test
	void whatCannotCarryTheContextHasIt() {
		as(ALICE, () -> {
			GeneratedKeyHolder keys = new GeneratedKeyHolder();
			this.template.update((connection) -> connection
				.prepareStatement("INSERT INTO note (owner, body) VALUES ('alice', 'key')", new String[] { "id" }),
					keys);
			assertThat(keys.getKey()).isNotNull();
			assertThat(this.template.batchUpdate("DELETE FROM note WHERE body = ?",
					List.<Object[]>of(new Object[] { "key" }, new Object[] { "none" })))
				.containsExactly(1, 0);
			assertThat(this.template.batchUpdate("UPDATE note SET body = body WHERE owner = 'bob'", "SELECT 1"))
				.startsWith(0);
			List<String> owners = this.transaction.execute((status) -> this.template.query((connection) -> {
				PreparedStatement statement = connection.prepareStatement(ALL);
				statement.setFetchSize(3);
				return statement;
			}, (row, number) -> row.getString(1)));
			assertThat(owners).hasSize(10).containsOnly("alice");
			return null;
		});
	}

	@Test
	void whenASavepointIsRolledBackThenTheContextStays() {
		List<String> owners = as(BOB, () -> this.transaction.execute((status) -> {
			Object savepoint = status.createSavepoint();
			assertThat(read(ALL)).hasSize(10);
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> read("SELECT 1 / 0"));
			status.rollbackToSavepoint(savepoint);
			return read(ALL);
		}));
		assertThat(owners).hasSize(10).containsOnly("bob");
	}

	@Test
	void whenManyShareConnectionsThenNobodySeesARowOfOthers() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try {
			List<Future<Void>> runs = IntStream.range(0, 8).mapToObj((i) -> executor.submit(() -> {
				RlsContext user = (i % 2 == 0) ? ALICE : BOB;
				for (int j = 0; j < 60; j++) {
					boolean transactional = j % 3 == 0;
					List<String> owners = as(user, () -> transactional ? this.transaction.execute((status) -> read(ALL))
							: this.template.queryForList("SELECT owner FROM note WHERE id > ?", String.class, 0));
					assertThat(owners).hasSize(10).containsOnly(user.getValue("app.current_user_id"));
					if (j % 10 == 0) {
						assertThatExceptionOfType(Exception.class)
							.isThrownBy(() -> as(user, () -> read("SELECT 1 / 0 FROM note")));
					}
				}
				return (Void) null;
			})).toList();
			for (Future<Void> run : runs) {
				run.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private List<String> read(String sql) {
		return this.template.queryForList(sql, String.class);
	}

	private static <T> T as(RlsContext context, Supplier<T> work) {
		return RlsContextHolder.supplyAs(context, work);
	}

}
