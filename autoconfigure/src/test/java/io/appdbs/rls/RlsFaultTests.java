package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a failure at any call of JDBC leaves nothing of a user behind.
 */
class RlsFaultTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	@RegisterExtension
	private static final Notes notes = new Notes();

	private static Connection owner;

	@BeforeAll
	static void setUp() throws SQLException {
		owner = notes.connect();
	}

	@AfterAll
	static void tearDown() throws SQLException {
		owner.close();
	}

	@ParameterizedTest
	@EnumSource
	void whateverFailsThenNothingIsLeftBehind(Unit unit) throws Exception {
		FaultyDataSource[] faulty = new FaultyDataSource[1];
		try (RlsPool pool = new RlsPool(notes, "", Map.of(), unit.connections, (each) -> {
			faulty[0] = new FaultyDataSource(each);
			return faulty[0];
		})) {
			for (Fault fault : Fault.values()) {
				for (boolean late : new boolean[] { false, true }) {
					int call = 1;
					while (fail(pool, faulty[0], unit, fault, call, late)) {
						call++;
					}
					assertThat(call).as("Calls of " + unit).isGreaterThan(unit.atLeast);
				}
			}
		}
	}

	/**
	 * Fail a call.
	 * @return whether there are so many
	 */
	private static boolean fail(RlsPool pool, FaultyDataSource faulty, Unit unit, Fault fault, int call, boolean late)
			throws SQLException {
		String description = "%s, %s at call %d, %s".formatted(unit, fault, call, late ? "late" : "early");
		faulty.fail(call, late, fault.supplier);
		long before = count();
		boolean failed = false;
		try {
			RlsContextHolder.runAs(ALICE, () -> unit.work.accept(pool.dataSource()));
		}
		catch (Exception ex) {
			failed = true;
		}
		boolean reached = faulty.hasFailed();
		faulty.heal();
		assertThat(pool.active()).as(description).isZero();
		assertThat(TransactionSynchronizationManager.getResourceMap()).as(description).isEmpty();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).as(description).isFalse();
		assertThat(RlsContextHolder.getContext()).as(description).isNull();
		assertThat(pool.left()).as(description).containsExactly("/app", "true");
		assertBob(pool.dataSource(), description);
		assertThat(pool.left()).as(description).containsExactly("/app", "true");
		if (!reached) {
			assertThat(failed).as(description).isFalse();
		}
		assertThat(count() - before).as(description).isIn(unit.rows);
		return reached;
	}

	private static void assertBob(DataSource dataSource, String description) {
		JdbcTemplate template = new JdbcTemplate(dataSource);
		RlsContextHolder.runAs(BOB, () -> {
			assertThat(template.queryForList("SELECT owner FROM note WHERE id < 13", String.class)).as(description)
				.isNotEmpty()
				.containsOnly("bob");
			new TransactionTemplate(new JdbcTransactionManager(dataSource)).executeWithoutResult(
					(status) -> assertThat(template.queryForList("SELECT owner FROM note WHERE id < 13", String.class))
						.as(description)
						.isNotEmpty()
						.containsOnly("bob"));
		});
	}

	private static long count() throws SQLException {
		try (Statement statement = owner.createStatement();
				ResultSet rows = statement.executeQuery("SELECT count(*) FROM note")) {
			rows.next();
			return rows.getLong(1);
		}
	}

	private static void transaction(DataSource dataSource) {
		JdbcTemplate template = new JdbcTemplate(dataSource);
		JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
		TransactionTemplate nested = new TransactionTemplate(manager,
				new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			template.queryForList("SELECT id FROM note WHERE id = ?", 1);
			template.update("INSERT INTO note (owner, body) VALUES ('alice', ?)", "one");
			nested.executeWithoutResult(
					(inner) -> template.update("INSERT INTO note (owner, body) VALUES ('alice', 'two')"));
			template.batchUpdate("INSERT INTO note (owner, body) VALUES ('alice', ?)",
					List.of(new Object[] { "three" }, new Object[] { "four" }));
			JdbcClient.create(template)
				.sql("INSERT INTO note (owner, body) VALUES (?, 'five')")
				.param("alice")
				.update(new GeneratedKeyHolder(), "id");
		});
	}

	/**
	 * A nested transaction before anything else, after whose failure the outer one goes
	 * on, and one that is rolled back.
	 */
	private static void nested(DataSource dataSource) {
		JdbcTemplate template = new JdbcTemplate(dataSource);
		JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
		TransactionTemplate nested = new TransactionTemplate(manager,
				new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			try {
				nested.executeWithoutResult(
						(inner) -> template.update("INSERT INTO note (owner, body) VALUES ('alice', ?)", "one"));
			}
			catch (RuntimeException ex) {
				// the outer transaction is still hers
			}
			template.update("INSERT INTO note (owner, body) VALUES ('alice', 'two')");
			nested.executeWithoutResult((inner) -> {
				template.update("INSERT INTO note (owner, body) VALUES ('alice', 'three')");
				inner.setRollbackOnly();
			});
			assertThat(template.queryForList("SELECT owner FROM note WHERE id < 15", String.class))
				.containsOnly("alice");
		});
	}

	/**
	 * A transaction of another user while that of the first one waits.
	 */
	private static void requiresNew(DataSource dataSource) {
		JdbcTemplate template = new JdbcTemplate(dataSource);
		JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
		TransactionTemplate independent = new TransactionTemplate(manager,
				new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			template.update("INSERT INTO note (owner, body) VALUES ('alice', ?)", "one");
			RlsContextHolder.runAs(BOB, () -> independent.executeWithoutResult((inner) -> {
				assertThat(template.queryForList("SELECT owner FROM note WHERE id < 15", String.class))
					.containsOnly("bob");
				template.update("INSERT INTO note (owner, body) VALUES ('bob', ?)", "two");
			}));
			assertThat(template.queryForList("SELECT owner FROM note WHERE id < 15", String.class))
				.containsOnly("alice");
			template.update("INSERT INTO note (owner, body) VALUES ('alice', 'three')");
		});
	}

	private static void isolated(DataSource dataSource) {
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		transaction.setReadOnly(true);
		transaction.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		transaction.executeWithoutResult(
				(status) -> new JdbcTemplate(dataSource).queryForList("SELECT id FROM note WHERE id = ?", 1));
	}

	private static void autoCommit(DataSource dataSource) {
		JdbcTemplate template = new JdbcTemplate(dataSource);
		template.queryForList("SELECT body FROM note WHERE id = 1 AND written > now() - ?::interval", "1 day");
		template.queryForList("SELECT id FROM note WHERE id = 1");
		template.update("INSERT INTO note (owner, body) VALUES ('alice', ?)", "one");
	}

	private static void autoCommitBatch(DataSource dataSource) {
		new JdbcTemplate(dataSource).batchUpdate("INSERT INTO note (owner, body) VALUES ('alice', ?)",
				List.of(new Object[] { "three" }, new Object[] { "four" }));
	}

	private static void autoCommitKeys(DataSource dataSource) {
		JdbcClient.create(dataSource)
			.sql("INSERT INTO note (owner, body) VALUES (?, 'five')")
			.param("alice")
			.update(new GeneratedKeyHolder(), "id");
	}

	/**
	 * What goes on with the same connection after the failure.
	 */
	private static void autoCommitContinued(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection();
				PreparedStatement insert = connection
					.prepareStatement("INSERT INTO note (owner, body) VALUES ('alice', ?)")) {
			insert.setString(1, "one");
			insert.addBatch();
			try {
				insert.executeBatch();
			}
			catch (SQLException | RuntimeException ex) {
				// nothing of it must be committed with what follows
				if (!connection.isClosed()) {
					try (PreparedStatement select = connection.prepareStatement("SELECT owner FROM note WHERE id < 15");
							ResultSet rows = select.executeQuery()) {
						assertThat(RlsPool.read(rows)).containsOnly("alice");
						assertThat(connection.getAutoCommit()).isTrue();
					}
				}
				throw ex;
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Work that is done as Alice.
	 */
	enum Unit {

		TRANSACTION(RlsFaultTests::transaction, 1, 40, 0, 5),

		NESTED(RlsFaultTests::nested, 1, 30, 0, 1, 2),

		/** The inner transaction stays whatever becomes of the outer one. */
		REQUIRES_NEW(RlsFaultTests::requiresNew, 2, 40, 0, 1, 3),

		ISOLATED(RlsFaultTests::isolated, 1, 10, 0),

		AUTO_COMMIT(RlsFaultTests::autoCommit, 1, 10, 0, 1),

		BATCH(RlsFaultTests::autoCommitBatch, 1, 10, 0, 2),

		GENERATED_KEYS(RlsFaultTests::autoCommitKeys, 1, 10, 0, 1),

		CONTINUED(RlsFaultTests::autoCommitContinued, 1, 10, 0, 1);

		private final Consumer<DataSource> work;

		private final int connections;

		private final int atLeast;

		private final List<Long> rows;

		/**
		 * Create a new {@link Unit}.
		 * @param atLeast how many calls of JDBC there are at least
		 * @param rows how many rows there may be more afterwards
		 */
		Unit(Consumer<DataSource> work, int connections, int atLeast, long... rows) {
			this.work = work;
			this.connections = connections;
			this.atLeast = atLeast;
			this.rows = LongStream.of(rows).boxed().toList();
		}

	}

	/**
	 * What is thrown.
	 */
	enum Fault {

		SQL(() -> new SQLException("Injected", "XX000")),

		CONNECTION(() -> new SQLException("Injected", "08006")),

		RUNTIME(() -> new IllegalStateException("Injected"));

		private final Supplier<Exception> supplier;

		Fault(Supplier<Exception> supplier) {
			this.supplier = supplier;
		}

	}

}
