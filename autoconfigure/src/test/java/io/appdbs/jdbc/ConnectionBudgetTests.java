package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.jdbc.BudgetedDatabases.Member;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.jdbc.budget.ConnectionUsage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link ConnectionBudget} with the pools of databases on a real server.
 */
class ConnectionBudgetTests {

	private static final int POOLS = Integer.getInteger("appdbs.test.budget.pools", 60);

	private static final int UNITS = Integer.getInteger("appdbs.test.budget.units", 1500);

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	@Test
	void manyPoolsStayWithinTheLimit() throws Exception {
		int limit = Math.max(8, POOLS / 10);
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, limit, 5, Duration.ofMillis(50));
				Connection administrator = databases.administrator()) {
			List<Member> members = openAll(databases, POOLS, "m");
			long before = databases.budget().getUsage().opened();
			AtomicInteger wrong = new AtomicInteger();
			AtomicInteger peak = new AtomicInteger();
			ExecutorService threads = Executors.newFixedThreadPool(17);
			Future<?> watch = threads.submit(() -> {
				while (!Thread.currentThread().isInterrupted()) {
					peak.accumulateAndGet(BudgetedDatabases.count(administrator, "m"), Math::max);
				}
				return null;
			});
			List<Future<?>> units = new ArrayList<>();
			Random random = new Random(1);
			for (int i = 0; i < UNITS; i++) {
				Member member = members.get((int) Math.min(POOLS - 1, Math.abs(random.nextGaussian()) * POOLS / 6));
				units.add(threads.submit(() -> {
					if (!nameOf(member).equals(member.definition().name())) {
						wrong.incrementAndGet();
					}
					return null;
				}));
			}
			int mostThreads = 0;
			for (Future<?> unit : units) {
				unit.get();
				mostThreads = Math.max(mostThreads, Thread.activeCount());
			}
			watch.cancel(true);
			threads.shutdown();
			ConnectionUsage usage = databases.budget().getUsage();
			System.out.printf("%d pools, %d units, limit %d: at the server at most %d, threads at most %d, %s%n", POOLS,
					UNITS, limit, peak.get(), mostThreads, usage);
			assertThat(wrong).hasValue(0);
			assertThat(usage.opened() - before).isPositive();
			assertThat(usage.rejected()).isZero();
			// the server needs a moment to end a connection that was closed
			assertThat(peak.get()).isLessThanOrEqualTo(limit + 5);
			Awaitility.await()
				.untilAsserted(() -> assertThat(BudgetedDatabases.count(administrator, "m"))
					.isEqualTo(databases.budget().getUsage().open()));
		}
	}

	@Test
	void whenAllConnectionsAreInUseThenTheBorrowerLearnsWho() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 4, 2, Duration.ZERO)) {
			Member acme = databases.open("acme");
			Member globex = databases.open("globex");
			Member initech = databases.open("initech", "pool.acquire-timeout", "500ms");
			try (Connection a1 = acme.borrow();
					Connection a2 = acme.borrow();
					Connection a3 = acme.borrow();
					Connection g1 = globex.borrow()) {
				assertThatThrownBy(initech::borrow).isInstanceOf(PoolExhaustedException.class)
					.hasMessage("Timed out after 500 ms waiting for a connection from the pool of database 'initech':"
							+ " active 0, idle 0, waiting 0, maximum 3. All 4 connections for databases added at run time"
							+ " are in use (app.dbs-runtime.max-connections): acme 3, globex 1. Close connections sooner,"
							+ " lower 'app.dbs.initech.pool.max-size' of databases that do not need as many, or increase"
							+ " the limit if the servers accept more connections.");
			}
			assertThat(nameOf(initech)).isEqualTo("initech");
		}
	}

	private static List<Member> openAll(BudgetedDatabases databases, int number, String prefix) throws Exception {
		List<Member> members = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			members.add(databases.open(prefix + i));
		}
		return members;
	}

	private static String nameOf(Member member) throws Exception {
		try (Connection connection = member.borrow();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select current_setting('application_name')")) {
			rows.next();
			return rows.getString(1);
		}
	}

}
