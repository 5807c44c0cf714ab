package io.appdbs.lifecycle;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.jdbc.PoolExhaustedException;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for suspending a database, for example for a switch-over.
 */
class SuspensionTests extends AbstractProxiedDatabaseTests {

	@Test
	void callersWaitDuringASwitchOverAndNoneFails() {
		runner().run((context) -> {
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			assertThat(lifecycle.getOperations("orders").suspend(false, Duration.ofSeconds(30))).isTrue();
			List<Future<Boolean>> callers = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				callers.add(threads().submit(() -> TestDatabases.answers(context)));
			}
			proxy().refuse();
			Awaitility.await().until(() -> lifecycle.get("orders").getState() == DatabaseState.DOWN);
			proxy().resume();
			Awaitility.await().until(() -> lifecycle.get("orders").getState() == DatabaseState.UP);
			assertThat(lifecycle.get("orders").getSnapshot().suspended()).isTrue();
			assertThat(callers).noneMatch(Future::isDone);
			lifecycle.getOperations("orders").resume();
			for (Future<Boolean> caller : callers) {
				assertThat(caller.get()).isTrue();
			}
			assertThat(lifecycle.get("orders").getSnapshot().suspended()).isFalse();
		});
	}

	@Test
	void aCallerThatWaitedDuringASuspensionWaitsOnlyForItsRemainingTime() {
		runner("app.dbs.orders.pool.max-size=1", "app.dbs.orders.pool.acquire-timeout=2s").run((context) -> {
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			try (Connection held = dataSource(context).getConnection()) {
				lifecycle.getOperations("orders").suspend(false, Duration.ZERO);
				long begin = System.nanoTime();
				Future<Connection> caller = threads().submit((Callable<Connection>) dataSource(context)::getConnection);
				Awaitility.await().until(() -> System.nanoTime() - begin > Duration.ofMillis(1500).toNanos());
				lifecycle.getOperations("orders").resume();
				assertThat(catchThrowable(caller::get)).hasRootCauseInstanceOf(PoolExhaustedException.class);
				assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
				assertThat(held.isValid(1)).isTrue();
			}
		});
	}

	@Test
	void hikarisConnectionTimeoutLimitsTheWaitOfACaller() {
		runner("app.dbs.orders.hikari.connection-timeout=300").run((context) -> {
			context.getBean(DatabaseLifecycle.class).getOperations("orders").suspend(false, Duration.ZERO);
			long begin = System.nanoTime();
			assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource(context)::getConnection)
				.withMessageMatching(
						"Database 'orders' has been suspended since \\S+\\. It can be used again after the operation 'resume'\\.");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
		});
	}

	@Test
	void whenAConnectionIsNotReturnedThenDrainingEndsAtItsDeadline() {
		runner().run((context) -> {
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			try (Connection held = dataSource(context).getConnection()) {
				assertThat(lifecycle.getOperations("orders").suspend(true, Duration.ofMillis(100))).isFalse();
				assertThat(held.isValid(1)).isTrue();
			}
			lifecycle.getOperations("orders").resume();
			assertThat(TestDatabases.answers(context)).isTrue();
		});
	}

	@Test
	void whenAPoolIsResizedThenItsMinimumFollowsUnlessItWasSet() {
		runner().run((context) -> {
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			HikariDataSource pool = dataSource(context).unwrap(HikariDataSource.class);
			lifecycle.getOperations("orders").setMaximumPoolSize(4);
			assertThat(pool.getMaximumPoolSize()).isEqualTo(4);
			assertThat(pool.getMinimumIdle()).isEqualTo(4);
			assertThat(lifecycle.get("orders").getSnapshot().pool()).isNotNull()
				.satisfies((usage) -> assertThat(usage.maximum()).isEqualTo(4));
			lifecycle.getOperations("orders").setMaximumPoolSize(1);
			assertThat(pool.getMinimumIdle()).isOne();
		});
	}

	@Test
	void whenAProbeIsRequestedThenItIsMadeAtOnce() {
		runner("app.dbs.orders.health.interval=1h").run((context) -> {
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			assertThat(lifecycle.getOperations("orders").probe().responseTime()).isNotNull();
			long before = lifecycle.getStatistics("orders").getProbes();
			proxy().refuse();
			assertThat(lifecycle.getOperations("orders").probe().state()).isEqualTo(DatabaseState.DOWN);
			assertThat(lifecycle.getStatistics("orders").getProbes()).isGreaterThan(before);
		});
	}

}
