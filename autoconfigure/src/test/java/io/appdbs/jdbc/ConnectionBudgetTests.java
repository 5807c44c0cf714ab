package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.jdbc.BudgetedDatabases.Member;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.jdbc.budget.ConnectionBudgetException;
import io.appdbs.jdbc.budget.ConnectionUsage;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.TcpProxy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;

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
			assertThat(peak.get()).isLessThanOrEqualTo(limit + limit / 2);
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

	@Test
	void whenNothingIsOpenedThenEveryPermitIsGivenBack() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 4, 4, Duration.ZERO);
				TcpProxy refusing = new TcpProxy(serverAddress());
				TcpProxy silent = new TcpProxy(serverAddress())) {
			refusing.refuse();
			silent.beSilent();
			assertThatThrownBy(() -> databases.define("refused", refusing.address()).connect())
				.isInstanceOf(SQLException.class);
			assertThatThrownBy(() -> databases.define("hung", silent.address(), "pool.connect-timeout", "1s").connect())
				.isInstanceOf(SQLException.class);
			assertThatThrownBy(() -> databases.define("rejected", null, "username", "nobody").connect())
				.isInstanceOf(SQLException.class);
			Awaitility.await().untilAsserted(() -> assertThat(databases.budget().getConnections()).isEmpty());
			assertThat(databases.budget().getUsage().connecting()).isZero();
			silent.resume();
		}
	}

	@Test
	void whenThePoolCannotConnectAnyLongerThenEveryPermitIsGivenBack() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 4, 4, Duration.ZERO);
				TcpProxy proxy = new TcpProxy(serverAddress())) {
			Member member = databases.define("member", proxy.address(), "pool.connect-timeout", "1s",
					"pool.acquire-timeout", "1500ms");
			member.connect();
			proxy.refuse();
			// the pool does not validate a connection that was used a moment ago
			Awaitility.await()
				.untilAsserted(() -> assertThatThrownBy(() -> nameOf(member)).isInstanceOf(PoolConnectException.class));
			Awaitility.await()
				.untilAsserted(() -> assertThatThrownBy(() -> member.connector().probe(null, Duration.ofSeconds(1)))
					.isInstanceOf(SQLException.class));
			Awaitility.await().untilAsserted(() -> assertThat(databases.budget().getConnections()).isEmpty());
			proxy.resume();
			assertThat(nameOf(member)).isEqualTo("member");
		}
	}

	@Test
	void whenAnAttemptToConnectIsAbandonedThenItsPermitIsGivenBack() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 6, 4, Duration.ZERO);
				TcpProxy proxy = new TcpProxy(serverAddress())) {
			Member member = databases.define("member", proxy.address());
			member.connect();
			try (Connection held = member.borrow()) {
				proxy.beSilent();
				CompletableFuture<Connection> borrowed = async(member::borrow);
				Awaitility.await().until(() -> databases.budget().getUsage().connecting() == 1);
				proxy.resume(Duration.ofMillis(50));
				member.connector().recover();
				borrowed.get(20, TimeUnit.SECONDS).close();
				assertThat(held.isValid(5)).isTrue();
			}
			member.close();
			Awaitility.await().untilAsserted(() -> assertThat(databases.budget().getConnections()).isEmpty());
		}
	}

	@Test
	void whenADatabaseIsRemovedThenItsPermitsAreGivenBackAndItsWaitingCallersFail() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 4, 2, Duration.ZERO);
				Connection administrator = databases.administrator()) {
			Member acme = databases.open("rm-acme");
			Member globex = databases.open("rm-globex");
			List<Connection> held = List.of(acme.borrow(), acme.borrow(), acme.borrow(), globex.borrow());
			CompletableFuture<Connection> waiting = async(globex::borrow);
			Awaitility.await().until(() -> databases.budget().getUsage().waiting() == 1);
			globex.close();
			assertThat(waiting).failsWithin(Duration.ofSeconds(10));
			Awaitility.await()
				.untilAsserted(() -> assertThat(databases.budget().getConnections()).isEqualTo(Map.of("rm-acme", 3)));
			acme.connector().abort();
			Awaitility.await().untilAsserted(() -> assertThat(databases.budget().getConnections()).isEmpty());
			for (Connection each : held) {
				assertThat(each.isValid(1)).isFalse();
			}
			Awaitility.await().until(() -> BudgetedDatabases.count(administrator, "rm-") == 0);
			assertThatThrownBy(globex::connect).isInstanceOf(SQLException.class)
				.hasMessage("Database 'rm-globex' is being removed.");
			assertThat(databases.budget().getUsage().waiting()).isZero();
		}
	}

	@Test
	void whenTheDriverClosesAConnectionByItselfThenItsPermitIsGivenBack() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 2, 2, Duration.ofHours(1))) {
			Member acme = databases.open("acme", "pool.max-size", "1");
			Member globex = databases.open("globex");
			Connection raw = acme.borrow();
			globex.borrow().unwrap(PGConnection.class);
			// past every layer
			raw.unwrap(PgConnection.class).close();
			assertThat(databases.budget().getUsage().open()).isEqualTo(2);
			assertThat(nameOf(globex)).isEqualTo("globex");
		}
	}

	@Test
	void databasesTakeTurns() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 2, 2, Duration.ZERO)) {
			Member greedy = databases.open("greedy");
			List<Member> others = List.of(databases.open("b"), databases.open("c"), databases.open("d"));
			AtomicBoolean ended = new AtomicBoolean();
			ExecutorService threads = Executors.newFixedThreadPool(6);
			List<Future<Integer>> loops = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				loops.add(threads.submit(() -> {
					int units = 0;
					for (; !ended.get(); units++) {
						nameOf(greedy);
					}
					return units;
				}));
			}
			for (int i = 0; i < 20; i++) {
				for (Member other : others) {
					assertThat(nameOf(other)).isEqualTo(other.definition().name());
				}
			}
			ended.set(true);
			for (Future<Integer> loop : loops) {
				assertThat(loop.get(30, TimeUnit.SECONDS)).isPositive();
			}
			threads.shutdown();
			assertThat(databases.budget().getUsage().rejected()).isZero();
		}
	}

	@Test
	void threadsThatHoldOneConnectionAndWaitForAnotherFailByTheirTimeout() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 2, 2, Duration.ZERO)) {
			Member a = databases.open("a", "pool.acquire-timeout", "1s");
			Member b = databases.open("b", "pool.acquire-timeout", "1s");
			CyclicBarrier bothHold = new CyclicBarrier(2);
			CompletableFuture<Connection> first = async(() -> both(a, b, bothHold));
			CompletableFuture<Connection> second = async(() -> both(b, a, bothHold));
			List<CompletableFuture<Connection>> both = List.of(first, second);
			Awaitility.await().until(() -> both.stream().allMatch(CompletableFuture::isDone));
			assertThat(both).anyMatch(CompletableFuture::isCompletedExceptionally);
			both.stream()
				.filter(CompletableFuture::isCompletedExceptionally)
				.forEach((failed) -> assertThat(failed).failsWithin(Duration.ZERO)
					.withThrowableOfType(ExecutionException.class)
					.havingCause()
					// the second one if it gets the connection of the first one too late
					.isInstanceOfAny(PoolExhaustedException.class, PoolConnectException.class));
			assertThat(nameOf(a)).isEqualTo("a");
			assertThat(nameOf(b)).isEqualTo("b");
		}
	}

	private static Connection both(Member held, Member wanted, CyclicBarrier bothHold) throws Exception {
		try (Connection first = held.borrow()) {
			bothHold.await();
			try (Connection second = wanted.borrow()) {
				return second;
			}
		}
	}

	@Test
	void probesAndMigrationsGetConnectionsWhileEveryPoolWaits() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 4, 2, Duration.ofMillis(20))) {
			List<Member> members = openAll(databases, 8, "busy");
			AtomicBoolean ended = new AtomicBoolean();
			ExecutorService threads = Executors.newFixedThreadPool(16);
			List<Future<Integer>> loops = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				Member member = members.get(i % members.size());
				loops.add(threads.submit(() -> {
					int units = 0;
					for (; !ended.get(); units++) {
						nameOf(member);
					}
					return units;
				}));
			}
			for (Member member : members) {
				DatabaseDefinition definition = member.definition();
				try (Connection migration = JdbcConnections.openForPreparation(definition,
						definition.connectionDetails().get())) {
					assertThat(migration.isValid(5)).isTrue();
				}
				member.connector().probe(null, Duration.ofSeconds(20));
				databases.open("late-" + definition.name());
			}
			ended.set(true);
			for (Future<Integer> loop : loops) {
				assertThat(loop.get(30, TimeUnit.SECONDS)).isPositive();
			}
			threads.shutdown();
			assertThat(databases.budget().getUsage().rejected()).isZero();
		}
	}

	@Test
	void callersAreNotStarvedByServices() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 4, 2, Duration.ZERO)) {
			Member member = databases.open("member");
			DatabaseDefinition definition = databases.define("services", null, "pool.acquire-timeout", "300ms")
				.definition();
			List<Connection> services = new ArrayList<>();
			assertThatThrownBy(() -> {
				while (true) {
					services.add(JdbcConnections.openForPreparation(definition, definition.connectionDetails().get()));
				}
			}).isInstanceOf(ConnectionBudgetException.class);
			assertThat(services).hasSize(2);
			assertThat(nameOf(member)).isEqualTo("member");
			for (Connection service : services) {
				service.close();
			}
		}
	}

	@Test
	void aServerThatDoesNotAnswerLeavesTheRestToOthers() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 30, 4, Duration.ZERO);
				TcpProxy silent = new TcpProxy(serverAddress())) {
			silent.beSilent();
			List<CompletableFuture<Object>> hung = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				Member member = databases.define("hung" + i, silent.address());
				hung.add(async(() -> {
					member.connect();
					return member;
				}));
			}
			Awaitility.await().until(() -> databases.budget().getUsage().waiting() == 10);
			assertThat(databases.budget().getUsage().connecting()).isEqualTo(2);
			Member well = databases.open("well");
			assertThat(nameOf(well)).isEqualTo("well");
			assertThat(databases.budget().getUsage().waiting()).isEqualTo(10);
			assertThat(hung).noneMatch(CompletableFuture::isDone);
			silent.resume();
			hung.forEach((each) -> assertThat(each).succeedsWithin(Duration.ofSeconds(30)));
		}
	}

	@Test
	void onlySomeConnectAtTheSameTime() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 60, 5, Duration.ZERO);
				TcpProxy slow = new TcpProxy(serverAddress())) {
			slow.resume(Duration.ofMillis(20));
			Set<Integer> connecting = ConcurrentHashMap.newKeySet();
			List<CompletableFuture<Object>> opened = new ArrayList<>();
			for (int i = 0; i < 30; i++) {
				Member member = databases.define("herd" + i, slow.address());
				opened.add(async(() -> {
					member.connect();
					return member;
				}));
			}
			CompletableFuture<Void> all = CompletableFuture.allOf(opened.toArray(CompletableFuture<?>[]::new));
			while (!all.isDone()) {
				connecting.add(databases.budget().getUsage().connecting());
				Thread.onSpinWait();
			}
			all.get();
			assertThat(connecting).allMatch((number) -> number <= 5).anyMatch((number) -> number > 1);
		}
	}

	@Test
	void aShortestStayLimitsHowManyConnectionsAreOpened() throws Exception {
		long without = openedFor(Duration.ZERO);
		long with = openedFor(Duration.ofSeconds(2));
		System.out.printf(
				"6 databases in use all the time, 3 connections, 360 units: %d opened, %d with a shortest stay%n",
				without, with);
		assertThat(with).isLessThan(without);
	}

	private static long openedFor(Duration stay) throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, 3, 3, stay)) {
			List<Member> members = openAll(databases, 6, "t");
			long before = databases.budget().getUsage().opened();
			List<CompletableFuture<Member>> callers = members.stream().map((member) -> async(() -> {
				for (int i = 0; i < 60; i++) {
					try (Connection connection = member.borrow(); Statement statement = connection.createStatement()) {
						statement.execute("select pg_sleep(0.02)");
					}
				}
				return member;
			})).toList();
			callers.forEach((each) -> assertThat(each).succeedsWithin(Duration.ofSeconds(60)));
			return databases.budget().getUsage().opened() - before;
		}
	}

	private static <T> CompletableFuture<T> async(Callable<? extends T> task) {
		CompletableFuture<T> future = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				future.complete(task.call());
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return future;
	}

	private static String serverAddress() {
		return servers.address("postgresql", "test").replaceFirst("/.*", "");
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
