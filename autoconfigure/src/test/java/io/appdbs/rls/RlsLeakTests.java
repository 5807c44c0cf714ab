package io.appdbs.rls;

import java.io.IOException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Randomized proof that no row of another user is ever read and that no context stays on
 * a connection: random users, kinds of statements and faults on small pools. The number
 * of units of work per test is {@code -Dappdbs.rls.units}, 5,000 by default.
 */
class RlsLeakTests {

	private static final int UNITS = Integer.getInteger("appdbs.rls.units", 5_000);

	@RegisterExtension
	private static final Notes notes = new Notes();

	@BeforeAll
	static void setUp() throws SQLException {
		for (int i = 0; i < LeakRun.USERS; i++) {
			notes.execute("INSERT INTO note (owner, body) SELECT 'user%d', 'b' || i FROM generate_series(1, 10) i"
				.formatted(i));
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, false", "2, true", "3, false", "4, true" })
	@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void noUserSeesRowsOfAnother(int connections, boolean virtual) throws Exception {
		try (WireTap tap = new WireTap(notes.address())) {
			notes
				.runner(tap.address(), "app.dbs.notes.pool.max-size=" + connections,
						"app.dbs.notes.pool.min-size=" + connections, "app.dbs.notes.pool.acquire-timeout=500ms")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					Run run = new Run(context, tap);
					run.execute(virtual ? virtualThreads() : Executors.newFixedThreadPool(LeakRun.THREADS));
					run.assertNoLeak(UNITS);
					run.assertNothingIsLeft(connections);
				});
		}
	}

	/**
	 * Threads of the platform before Java 21.
	 */
	private static ExecutorService virtualThreads() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return Executors.newFixedThreadPool(LeakRun.THREADS);
		}
	}

	/**
	 * A kind of work.
	 */
	private enum Unit {

		QUERY, PLAIN_QUERY, TRANSACTION, ROLLBACK, EXCEPTION, BATCH, GENERATED_KEYS, CURSOR, SAVEPOINT, NESTED_USER,
		OTHER_STATEMENT, UNWRAP, ANOTHER_USER, NO_USER, TIME_OUT, CANCEL, KILLED_BACKEND, BROKEN_NETWORK,
		RAW_CONNECTION, AUTO_COMMIT

	}

	/**
	 * One run with one pool.
	 */
	private static final class Run extends LeakRun<Unit> {

		private final TransactionTemplate requiresNew;

		private final WireTap tap;

		Run(ApplicationContext context, WireTap tap) {
			super(context, Unit.class);
			this.requiresNew = new TransactionTemplate(
					context.getBean("notesTransactionManager", PlatformTransactionManager.class));
			this.requiresNew.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			this.tap = tap;
		}

		void execute(ExecutorService threads) throws Exception {
			AtomicInteger number = new AtomicInteger();
			try {
				work(threads, (random) -> {
					for (int i = number.getAndIncrement(); i < UNITS; i = number.getAndIncrement()) {
						unit((i < Unit.values().length) ? Unit.values()[i] : choose(random), random);
					}
				});
			}
			finally {
				threads.shutdownNow();
			}
		}

		private void unit(Unit unit, SplittableRandom random) {
			String user = "user" + random.nextInt(USERS);
			try {
				if (unit == Unit.NO_USER) {
					read(null, "SELECT owner FROM note");
				}
				else {
					RlsContextHolder.callAs(RlsContext.of(user), () -> {
						work(unit, user, random);
						return null;
					});
				}
			}
			catch (DataAccessException | TransactionException | SQLException | IllegalStateException ex) {
				// a fault that was asked for, here or on another thread
			}
			catch (Exception ex) {
				this.wrong.add(unit + " failed: " + ex);
			}
			if (RlsContextHolder.getContext() != null) {
				this.wrong.add(unit + " left a context on the thread");
			}
			if (Thread.interrupted()) {
				this.wrong.add(unit + " left the thread interrupted");
			}
			count(unit);
		}

		/**
		 * What holds a connection for long, two at a time, or breaks those of others is
		 * rarer.
		 */
		private static Unit choose(SplittableRandom random) {
			Unit unit = Unit.values()[random.nextInt(Unit.values().length)];
			int rarity = switch (unit) {
				case TIME_OUT -> 500;
				case NESTED_USER, CANCEL, KILLED_BACKEND, BROKEN_NETWORK -> 40;
				default -> 1;
			};
			return (random.nextInt(rarity) > 0) ? Unit.QUERY : unit;
		}

		private void work(Unit unit, String user, SplittableRandom random) throws Exception {
			switch (unit) {
				case QUERY -> read(user, "SELECT owner FROM note WHERE id > ?", random.nextInt(50));
				case PLAIN_QUERY -> read(user, "SELECT owner FROM note");
				case TRANSACTION -> this.transaction.executeWithoutResult((status) -> {
					this.template.update("UPDATE note SET body = ? WHERE owner LIKE 'user%'", user);
					read(user, "SELECT body FROM note");
				});
				case ROLLBACK -> this.transaction.executeWithoutResult((status) -> {
					this.template.update("INSERT INTO note (owner, body) VALUES (?, ?)", user, "lost");
					read(user, "SELECT owner FROM note");
					status.setRollbackOnly();
				});
				case EXCEPTION -> this.transaction.executeWithoutResult((status) -> {
					read(user, "SELECT owner FROM note");
					throw new IllegalStateException("wanted");
				});
				case BATCH -> this.transaction.executeWithoutResult((status) -> {
					this.template.batchUpdate("UPDATE note SET body = ? WHERE id > ?",
							List.of(new Object[] { user, 0 }, new Object[] { user, 30 }));
					read(user, "SELECT body FROM note");
				});
				case NESTED_USER -> this.transaction.executeWithoutResult((status) -> {
					read(user, "SELECT owner FROM note");
					String other = "user" + random.nextInt(USERS);
					RlsContextHolder.runAs(RlsContext.of(other), () -> this.requiresNew
						.executeWithoutResult((inner) -> read(other, "SELECT owner FROM note WHERE id > ?", 0)));
					read(user, "SELECT owner FROM note");
				});
				case ANOTHER_USER -> this.transaction.executeWithoutResult((status) -> {
					read(user, "SELECT owner FROM note");
					RlsContextHolder.runAs(RlsContext.of("somebody"), () -> read(null, "SELECT owner FROM note"));
				});
				case BROKEN_NETWORK -> {
					if (random.nextInt(4) == 0) {
						this.tap.breakOne();
					}
					read(user, "SELECT owner FROM note");
				}
				default -> workOnConnection(unit, user, random);
			}
		}

		private void workOnConnection(Unit unit, String user, SplittableRandom random) throws Exception {
			if (unit == Unit.RAW_CONNECTION) {
				assertRawConnectionIsEmpty();
				return;
			}
			if (unit == Unit.AUTO_COMMIT) {
				autoCommit(user, random.nextInt(4));
				return;
			}
			try (Connection connection = this.dataSource.getConnection()) {
				connection.setAutoCommit(false);
				switch (unit) {
					case GENERATED_KEYS -> generatedKeys(connection, user, 0);
					case CURSOR -> cursor(connection, user, 1 + random.nextInt(4));
					case SAVEPOINT -> savepoint(connection, user, random.nextBoolean());
					case OTHER_STATEMENT -> otherStatement(connection, user);
					case UNWRAP -> unwrap(connection, user);
					case TIME_OUT -> slow(connection, (statement) -> statement.setQueryTimeout(1));
					case CANCEL -> slow(connection, (statement) -> cancelSoon(statement));
					case KILLED_BACKEND -> execute(connection, "SELECT pg_terminate_backend(pg_backend_pid())");
					default -> throw new AssertionError(unit);
				}
				if (random.nextBoolean()) {
					connection.commit();
				}
				// otherwise the pool rolls back what is left
			}
		}

		/**
		 * What can carry the context and what cannot.
		 */
		private void autoCommit(String user, int fetchSize) throws SQLException {
			try (Connection connection = this.dataSource.getConnection()) {
				cursor(connection, user, fetchSize);
				generatedKeys(connection, user, fetchSize);
				plain(connection, "SELECT owner FROM note", user, fetchSize);
				plain(connection, "; SELECT owner FROM note", user, fetchSize);
			}
		}

		private void cursor(Connection connection, String user, int fetchSize) throws SQLException {
			prepared(connection, "SELECT owner FROM note", user, fetchSize);
		}

		private void savepoint(Connection connection, String user, boolean first) throws SQLException {
			if (!first) {
				cursor(connection, user, 0);
			}
			Savepoint savepoint = connection.setSavepoint();
			cursor(connection, user, 0);
			connection.rollback(savepoint);
			cursor(connection, user, 0);
		}

		private void otherStatement(Connection connection, String user) throws SQLException {
			execute(connection, "SET LOCAL work_mem = '8MB'");
			execute(connection,
					"DO $$ BEGIN IF EXISTS (SELECT 1 FROM note WHERE owner <> '%s') THEN RAISE 'LEAK'; END IF; END $$"
						.formatted(user));
			cursor(connection, user, 0);
		}

		private void unwrap(Connection connection, String user) throws SQLException, IOException {
			StringWriter copied = new StringWriter();
			connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyOut("COPY (SELECT owner FROM note) TO STDOUT", copied);
			copied.toString().lines().forEach((owner) -> check(user, owner));
		}

		private void slow(Connection connection, StatementTask before) throws SQLException {
			try (Statement statement = connection.createStatement()) {
				before.run(statement);
				// a broken network may lose what was to end it
				statement.execute("SELECT owner, pg_sleep(0.3) FROM note");
			}
		}

		private static void cancelSoon(Statement statement) {
			Thread thread = new Thread(() -> Awaitility.await()
				.pollInterval(2, TimeUnit.MILLISECONDS)
				.atMost(30, TimeUnit.SECONDS)
				.until(() -> {
					statement.cancel();
					return statement.isClosed();
				}));
			thread.setDaemon(true);
			thread.start();
		}

		private static void execute(Connection connection, String sql) throws SQLException {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
			catch (SQLException ex) {
				if (String.valueOf(ex.getMessage()).contains("LEAK")) {
					throw new AssertionError(ex);
				}
				throw ex;
			}
		}

		private void assertRawConnectionIsEmpty() throws SQLException {
			try (Connection raw = this.dataSource.unwrap(HikariDataSource.class).getConnection();
					Statement statement = raw.createStatement()) {
				if (!raw.getAutoCommit()) {
					this.wrong.add("a connection was left in a transaction");
				}
				try (ResultSet rows = statement.executeQuery(
						"SELECT coalesce(current_setting('app.current_user_id', true), '') || current_setting('role')")) {
					rows.next();
					if (!rows.getString(1).equals("none")) {
						this.wrong.add("a connection was left with " + rows.getString(1));
					}
				}
			}
		}

		void assertNothingIsLeft(int connections) throws SQLException {
			HikariDataSource pool = this.dataSource.unwrap(HikariDataSource.class);
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			List<Connection> borrowed = new ArrayList<>();
			try {
				for (int i = 0; i < connections; i++) {
					borrowed.add(pool.getConnection());
				}
			}
			finally {
				for (Connection connection : borrowed) {
					connection.close();
				}
			}
			assertRawConnectionIsEmpty();
			assertThat(this.wrong).isEmpty();
		}

	}

	/**
	 * Something to do with a statement.
	 */
	@FunctionalInterface
	private interface StatementTask {

		void run(Statement statement) throws SQLException;

	}

}
