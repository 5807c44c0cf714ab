package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for pools whose login is rejected, whose connections were dropped by the network,
 * and whose maximum is lowered.
 */
class PoolFaultTests extends AbstractProxiedDatabaseTests {

	@BeforeAll
	static void createRole() throws SQLException {
		execute("CREATE ROLE clerk LOGIN");
	}

	@BeforeEach
	void admitRole() throws SQLException {
		execute("ALTER ROLE clerk LOGIN");
	}

	@Test
	void whenThePoolCannotConnectThenTheReasonIsReportedAndCounted() {
		runner("app.dbs.orders.username=clerk", "app.dbs.orders.pool.max-size=4", "app.dbs.orders.pool.min-size=1",
				"app.dbs.orders.pool.acquire-timeout=300ms")
			.run((context) -> {
				List<Connection> held = new ArrayList<>();
				held.add(dataSource(context).getConnection());
				execute("ALTER ROLE clerk NOLOGIN");
				Throwable failure = null;
				while (failure == null) {
					failure = catchThrowable(() -> held.add(dataSource(context).getConnection()));
				}
				assertThat(held).hasSizeLessThan(4);
				assertThat(failure).isInstanceOf(PoolConnectException.class)
					.hasMessage(
							"Timed out after 300 ms because the pool of database 'orders' could not open a connection (active %d, idle 0, waiting 0, maximum 4): the login was refused, username or password is wrong. The driver says: FATAL: role \"clerk\" is not permitted to log in"
								.formatted(held.size()));
				DatabaseStatistics statistics = context.getBean(DatabaseLifecycle.class).getStatistics("orders");
				assertThat(statistics.getBorrowFailures(BorrowFailure.CONNECT)).isOne();
				assertThat(statistics.getBorrowFailures(BorrowFailure.EXHAUSTED)).isZero();
				for (Connection connection : held) {
					connection.close();
				}
			});
	}

	@Test
	void whenTheLoginIsRejectedThenRetriesBackOffUntilAProbeIsRequested() {
		runner("app.dbs.orders.username=clerk").run((context) -> {
			Awaitility.await().until(() -> pool(context).getIdleConnections() == 2);
			execute("ALTER ROLE clerk NOLOGIN");
			int before = proxy().accepted();
			proxy().reset();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			Awaitility.await()
				.during(Duration.ofSeconds(5))
				.atMost(Duration.ofSeconds(20))
				.until(() -> proxy().accepted() <= before + 4);
			execute("ALTER ROLE clerk LOGIN");
			context.getBean(DatabaseLifecycle.class).getOperations("orders").probe();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			dataSource(context).getConnection().close();
		});
	}

	@Test
	void whenIdleConnectionsWereDroppedThenCallersDoNotWaitForEachOfThem() {
		runner("app.dbs.orders.pool.max-size=4", "app.dbs.orders.pool.acquire-timeout=3s",
				"app.dbs.orders.health.interval=1h")
			.run((context) -> {
				HikariPoolMXBean pool = pool(context);
				Awaitility.await().until(() -> pool.getIdleConnections() == 4);
				int before = proxy().accepted();
				proxy().dropOpen();
				// one that was used a moment ago is not validated
				Awaitility.await().pollDelay(Duration.ofMillis(600)).until(() -> true);
				List<Connection> held = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					held.add(dataSource(context).getConnection());
					held.get(i).createStatement().execute("SELECT 1");
				}
				assertThat(proxy().accepted() - before).isBetween(4, 5);
				for (Connection connection : held) {
					connection.close();
				}
			});
	}

	@Test
	void whenTheMaximumIsLoweredThenThePoolShrinks() {
		runner("app.dbs.orders.pool.max-size=6").run((context) -> {
			HikariPoolMXBean pool = pool(context);
			Awaitility.await().until(() -> pool.getIdleConnections() == 6);
			List<Connection> held = List.of(dataSource(context).getConnection(), dataSource(context).getConnection(),
					dataSource(context).getConnection());
			context.getBean(DatabaseLifecycle.class).getOperations("orders").setMaximumPoolSize(2);
			assertThat(usage(context)).isEqualTo(new PoolUsage(3, 0, 0, 2));
			for (Connection connection : held) {
				connection.close();
			}
			AtomicInteger inUse = new AtomicInteger();
			AtomicInteger peak = new AtomicInteger();
			ConcurrentTasks.run(10, (thread) -> use(dataSource(context), inUse, peak));
			assertThat(peak).hasValue(2);
			assertThat(usage(context).active() + usage(context).idle()).isEqualTo(2);
		});
	}

	private static Void use(DataSource dataSource, AtomicInteger inUse, AtomicInteger peak) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			peak.accumulateAndGet(inUse.incrementAndGet(), Math::max);
			statement.execute("SELECT pg_sleep(0.1)");
			inUse.decrementAndGet();
		}
		return null;
	}

	private static PoolUsage usage(ApplicationContext context) {
		return TestDatabases.orders(context).getSnapshot().pool();
	}

	private static HikariPoolMXBean pool(ApplicationContext context) throws SQLException {
		return dataSource(context).unwrap(HikariDataSource.class).getHikariPoolMXBean();
	}

}
