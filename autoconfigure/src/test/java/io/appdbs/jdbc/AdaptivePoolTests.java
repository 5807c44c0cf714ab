package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseOperations;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.rls.WireTap;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for pools whose number of connections in use follows the load.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdaptivePoolTests extends AbstractProxiedDatabaseTests {

	private static final int CLIENTS = 32;

	@BeforeAll
	static void createTable() throws SQLException {
		execute("CREATE TABLE hot (id int PRIMARY KEY, amount bigint)");
		execute("INSERT INTO hot VALUES (1, 0)");
	}

	@Test
	void theLimitRisesWhileTheServerWaitsAndFallsWhereOneRowIsHot() {
		adaptive("app.dbs.orders.pool.max-size=24").run((context) -> {
			assertThat(usage(context).limit()).isEqualTo(10);
			AtomicBoolean hot = new AtomicBoolean();
			AtomicBoolean end = new AtomicBoolean();
			List<Future<?>> clients = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				clients.add(threads().submit(() -> {
					while (!end.get()) {
						work(context, hot.get());
					}
					return null;
				}));
			}
			TestDatabases.await(() -> usage(context).limit() >= 20);
			hot.set(true);
			TestDatabases.await(() -> usage(context).limit() <= 14);
			end.set(true);
			for (Future<?> client : clients) {
				client.get();
			}
			assertThat(usage(context).active()).isZero();
			assertThat(usage(context).waiting()).isZero();
		});
	}

	private static void work(ApplicationContext context, boolean hot) throws SQLException {
		try (Connection connection = dataSource(context).getConnection()) {
			if (!hot) {
				execute(connection, "SELECT pg_sleep(0.03)");
				return;
			}
			connection.setAutoCommit(false);
			execute(connection, "UPDATE hot SET amount = amount + 1 WHERE id = 1");
			execute(connection, "SELECT pg_sleep(0.005)");
			connection.commit();
		}
	}

	@Test
	void whoTimesOutLearnsTheLimit() {
		adaptive("app.dbs.orders.pool.acquire-timeout=300ms").run((context) -> {
			Awaitility.await().until(() -> usage(context).idle() == 20);
			List<Connection> held = borrow(context, 10);
			assertThatExceptionOfType(PoolExhaustedException.class)
				.isThrownBy(() -> dataSource(context).getConnection())
				.withMessage(
						"Timed out after 300 ms waiting for a connection from the pool of database 'orders': active 10, idle 10, waiting 0, maximum 20, limited to 10 by 'app.dbs.orders.pool.adaptive'. Set 'app.dbs.orders.pool.leak-threshold' to see which threads hold the connections.");
			assertThat(context.getBean(DatabaseLifecycle.class)
				.getStatistics("orders")
				.getBorrowFailures(BorrowFailure.EXHAUSTED)).isOne();
			close(held);
			close(borrow(context, 10));
		});
	}

	@Test
	void callersThatWaitAreToldThatTheDatabaseIsDown() {
		adaptive("app.dbs.orders.health.interval=1s", "app.dbs.orders.health.timeout=900ms").run((context) -> {
			List<Connection> held = borrow(context, 10);
			List<Future<Throwable>> waiting = waitFor(context, 20);
			proxy().refuse();
			for (Future<Throwable> caller : waiting) {
				assertThat(caller.get()).isInstanceOf(DatabaseDownException.class);
			}
			proxy().resume();
			close(held);
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			close(borrow(context, 10));
		});
	}

	@Test
	void callersThatWaitAreToldThatTheDatabaseIsSuspended() {
		adaptive().run((context) -> {
			List<Connection> held = borrow(context, 10);
			List<Future<Throwable>> waiting = waitFor(context, 5);
			operations(context).suspend(true, Duration.ZERO);
			for (Future<Throwable> caller : waiting) {
				assertThat(caller.get()).isInstanceOf(DatabaseDownException.class)
					.hasMessageMatching(
							"Database 'orders' has been suspended since \\S+\\. It can be used again after the operation 'resume'\\.");
			}
			operations(context).resume();
			close(held);
			close(borrow(context, 10));
		});
	}

	@Test
	void callersThatWaitGetTheirTurnAfterASuspension() {
		adaptive().run((context) -> {
			List<Connection> held = borrow(context, 10);
			List<Future<Throwable>> waiting = waitFor(context, 5);
			operations(context).suspend(false, Duration.ZERO);
			close(held);
			Awaitility.await().until(() -> usage(context).active() == 0 && usage(context).waiting() == 0);
			assertThat(waiting).noneMatch(Future::isDone);
			operations(context).resume();
			for (Future<Throwable> caller : waiting) {
				assertThat(caller.get()).isNull();
			}
		});
	}

	@Test
	void callersThatWaitFailWhenTheApplicationIsClosed() throws Exception {
		List<Future<Throwable>> waiting = new ArrayList<>();
		adaptive().run((context) -> {
			borrow(context, 10);
			waiting.addAll(waitFor(context, 5));
		});
		for (Future<Throwable> caller : waiting) {
			assertThat(caller.get()).isInstanceOf(DatabaseDownException.class);
		}
	}

	@Test
	void aConnectionThatIsClosedThroughItsStatementFreesItsPlace() {
		adaptive().run((context) -> {
			for (Connection connection : borrow(context, 10)) {
				connection.createStatement().getConnection().close();
			}
			close(borrow(context, 10));
		});
	}

	@Test
	void abortedConnectionsFreeTheirPlaces() {
		adaptive("app.dbs.orders.pool.acquire-timeout=1s").run((context) -> {
			for (Connection connection : borrow(context, 10)) {
				connection.abort(Runnable::run);
				// the driver may report that it is closed
				catchThrowable(connection::close);
				connection.close();
			}
			List<Connection> again = borrow(context, 10);
			assertThatExceptionOfType(PoolExhaustedException.class)
				.isThrownBy(() -> dataSource(context).getConnection());
			close(again);
		});
	}

	@Test
	void theOperatorsMaximumBoundsTheLimit() {
		adaptive("app.dbs.orders.pool.acquire-timeout=1s").run((context) -> {
			operations(context).setMaximumPoolSize(4);
			assertThat(usage(context).limit()).isEqualTo(4);
			List<Connection> held = borrow(context, 4);
			assertThatExceptionOfType(PoolExhaustedException.class)
				.isThrownBy(() -> dataSource(context).getConnection());
			close(held);
			operations(context).setMaximumPoolSize(20);
			close(borrow(context, 4));
		});
	}

	@Test
	void takesNoMoreRoundTrips() throws Exception {
		try (WireTap wire = new WireTap(server())) {
			int[] counts = new int[2];
			for (int i = 0; i < 2; i++) {
				boolean adaptive = i == 1;
				adaptive("app.dbs.orders.url=postgresql://" + wire.address() + "/orders",
						"app.dbs.orders.pool.adaptive=" + adaptive, "app.dbs.orders.health.interval=1h")
					.run((context) -> {
						Awaitility.await().until(() -> usage(context).idle() == 20);
						JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
						int before = wire.getRoundTrips();
						for (int k = 0; k < 20; k++) {
							template.queryForObject("SELECT 1", Integer.class);
						}
						counts[adaptive ? 1 : 0] = wire.getRoundTrips() - before;
					});
			}
			assertThat(counts[1]).isEqualTo(counts[0]).isGreaterThanOrEqualTo(20);
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsWaitForTheirTurn() {
		adaptive().run((context) -> {
			try (AutoCloseable end = virtualThreads()) {
				ExecutorService executor = (ExecutorService) end;
				List<Future<?>> results = new ArrayList<>();
				for (int i = 0; i < 500; i++) {
					results.add(executor.submit(() -> {
						work(context, false);
						return null;
					}));
				}
				for (Future<?> result : results) {
					result.get();
				}
			}
			assertThat(usage(context).active()).isZero();
			close(borrow(context, usage(context).limit()));
		});
	}

	/**
	 * The method is not known to the compiler of the oldest release.
	 */
	private static AutoCloseable virtualThreads() throws ReflectiveOperationException {
		return (AutoCloseable) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
	}

	private List<Future<Throwable>> waitFor(ApplicationContext context, int callers) {
		List<Future<Throwable>> waiting = new ArrayList<>();
		for (int i = 0; i < callers; i++) {
			waiting.add(threads().submit(() -> catchThrowable(() -> {
				try (Connection connection = dataSource(context).getConnection()) {
					execute(connection, "SELECT 1");
				}
			})));
		}
		Awaitility.await().until(() -> usage(context).waiting() == callers);
		assertThat(usage(context).isExhausted()).isTrue();
		return waiting;
	}

	private static List<Connection> borrow(ApplicationContext context, int number) throws SQLException {
		List<Connection> connections = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			connections.add(dataSource(context).getConnection());
		}
		return connections;
	}

	private static void close(List<Connection> connections) throws SQLException {
		for (Connection connection : connections) {
			connection.close();
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.execute();
		}
	}

	private static PoolUsage usage(ApplicationContext context) {
		return TestDatabases.orders(context).getSnapshot().pool();
	}

	private static DatabaseOperations operations(ApplicationContext context) {
		return context.getBean(DatabaseLifecycle.class).getOperations("orders");
	}

	private ApplicationContextRunner adaptive(String... properties) {
		return runner("app.dbs.orders.pool.adaptive=true", "app.dbs.orders.pool.max-size=20",
				"app.dbs.orders.pool.acquire-timeout=20s")
			.withPropertyValues(properties);
	}

}
