package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.appdbs.DatabaseState;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for threads that use or wait for a connection when their database goes down.
 */
class SilentServerTests extends AbstractProxiedDatabaseTests {

	@BeforeAll
	static void createRole() throws SQLException {
		execute("CREATE ROLE few LOGIN CONNECTION LIMIT 2");
	}

	@Test
	void whenTheDatabaseGoesDownThenThreadsThatWaitForAConnectionFailAtOnce() {
		runner("app.dbs.orders.pool.max-size=1", "app.dbs.orders.pool.acquire-timeout=10m").run((context) -> {
			DataSource dataSource = dataSource(context);
			try (Connection held = dataSource.getConnection()) {
				List<Future<Throwable>> waiting = new ArrayList<>();
				for (int i = 0; i < 32; i++) {
					waiting.add(threads().submit(() -> borrow(dataSource)));
				}
				Awaitility.await().until(() -> pool(context).getThreadsAwaitingConnection() == 32);
				proxy().refuse();
				for (Future<Throwable> failure : waiting) {
					assertThat(failure.get()).isInstanceOf(DatabaseDownException.class);
				}
				assertThat(held.isClosed()).isFalse();
			}
			assertThat(pool(context).getThreadsAwaitingConnection()).isZero();
		});
	}

	/** The thread must not stay interrupted, or its next operation would fail. */
	private static Throwable borrow(DataSource dataSource) {
		Throwable failure = catchThrowable(dataSource::getConnection);
		return Thread.currentThread().isInterrupted() ? new IllegalStateException("interrupted", failure) : failure;
	}

	@Test
	void whenTheApplicationInterruptsAWaitingThreadThenItStaysInterrupted() {
		runner("app.dbs.orders.pool.max-size=1", "app.dbs.orders.pool.acquire-timeout=10m").run((context) -> {
			DataSource dataSource = dataSource(context);
			try (Connection held = dataSource.getConnection()) {
				assertThat(held.isValid(1)).isTrue();
				Future<Throwable> waiting = threads().submit(() -> borrow(dataSource));
				Awaitility.await().until(() -> pool(context).getThreadsAwaitingConnection() == 1);
				threads().shutdownNow();
				assertThat(waiting.get()).isInstanceOf(IllegalStateException.class)
					.cause()
					.isInstanceOf(SQLException.class)
					.isNotInstanceOf(DatabaseDownException.class);
			}
		});
	}

	@Test
	void whenTheServerStaysSilentThenRunningStatementsFailAndThePoolIsComplete() {
		runner("app.dbs.orders.pool.max-size=4", "app.dbs.orders.health.abort-after=1s").run((context) -> {
			List<Future<Throwable>> statements = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				statements.add(threads().submit(() -> failure(context, "SELECT pg_sleep(0.5)", 1000)));
			}
			Awaitility.await().until(() -> pool(context).getActiveConnections() == 4);
			proxy().beSilent();
			for (Future<Throwable> statement : statements) {
				assertThat(statement.get()).isInstanceOf(SQLException.class);
			}
			Awaitility.await().until(() -> pool(context).getActiveConnections() == 0);
			proxy().resume();
			Awaitility.await().until(() -> failure(context, "SELECT 1", 1) == null);
			TestDatabases.awaitNoThreads("appdbs-abort");
		});
	}

	@Test
	void whenTheServerIsSilentForAShortTimeThenRunningStatementsSucceed() {
		runner("app.dbs.orders.pool.max-size=1").run((context) -> {
			Future<Throwable> statement = threads().submit(() -> failure(context, "SELECT pg_sleep(4)", 1));
			Awaitility.await().until(() -> pool(context).getActiveConnections() == 1);
			proxy().beSilent();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			proxy().resume();
			assertThat(statement.get()).isNull();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
		});
	}

	@Test
	void whenTheServerAnswersTooLateThenRunningStatementsSucceed() {
		runner("app.dbs.orders.pool.max-size=1", "app.dbs.orders.health.abort-after=4s",
				"app.dbs.orders.health.timeout=300ms")
			.run((context) -> {
				Future<Throwable> statement = threads().submit(() -> failure(context, "SELECT pg_sleep(9)", 1));
				Awaitility.await().until(() -> pool(context).getActiveConnections() == 1);
				proxy().delay(Duration.ofMillis(400));
				Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
				assertThat(statement.get()).isNull();
				assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.DOWN);
				proxy().delay(Duration.ZERO);
				Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			});
	}

	@Test
	void whenTheServerAcceptsNoFurtherConnectionThenExistingOnesContinueToWork() {
		runner("app.dbs.orders.username=few", "app.dbs.orders.pool.max-size=1").run((context) -> {
			Future<Throwable> statement = threads().submit(() -> failure(context, "SELECT pg_sleep(5)", 1));
			Awaitility.await().until(() -> pool(context).getActiveConnections() == 1);
			// terminates the connection of the monitor
			execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'few' AND state = 'idle'");
			try (Connection other = takeTheLast("few")) {
				assertThat(other.isValid(1)).isTrue();
				Awaitility.await()
					.during(3, TimeUnit.SECONDS)
					.until(() -> TestDatabases.state(context) == DatabaseState.UP);
				assertThat(statement.get()).isNull();
			}
		});
	}

	private static Connection takeTheLast(String role) {
		return Awaitility.await()
			.ignoreExceptionsInstanceOf(PSQLException.class)
			.pollInterval(1, TimeUnit.MILLISECONDS)
			.until((Callable<Connection>) () -> {
				execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'few' AND state = 'idle'");
				return connect(role);
			}, (connection) -> true);
	}

	private static Throwable failure(ApplicationContext context, String sql, int times) {
		return catchThrowable(() -> {
			try (Connection connection = dataSource(context).getConnection();
					Statement statement = connection.createStatement()) {
				for (int i = 0; i < times; i++) {
					statement.execute(sql);
				}
			}
		});
	}

	private static HikariPoolMXBean pool(ApplicationContext context) throws SQLException {
		return dataSource(context).unwrap(HikariDataSource.class).getHikariPoolMXBean();
	}

	private static Connection connect(String role) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://" + server() + "/orders?user=" + role);
	}

}
