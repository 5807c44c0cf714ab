package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for faults of a server, or of the network before it, under load from 32 threads.
 * No data is lost, no thread is stuck, nothing remains open, and a database on another
 * server is not affected.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChaosTests {

	private static final Log logger = LogFactory.getLog(ChaosTests.class);

	private static final int THREADS = 32;

	private static final int CONNECTIONS = 10;

	private static final EmbeddedServers neighbours = new EmbeddedServers(null);

	private static RestartablePostgres server;

	private static String neighbour;

	private TcpProxy proxy;

	@BeforeAll
	static void startServers() throws Exception {
		neighbour = neighbours.getUrl("embedded:mariadb", "audit");
		server = RestartablePostgres.create();
	}

	@AfterAll
	static void stopServers() throws Exception {
		neighbours.close();
		server.close();
	}

	@BeforeEach
	void setUp() throws Exception {
		this.proxy = new TcpProxy(server.address());
		server.execute("postgres", "DROP TABLE IF EXISTS entry");
		server.execute("postgres", Load.TABLE);
		try (Connection connection = DriverManager
			.getConnection("jdbc:" + neighbour.replace("root@", "") + "?user=root");
				Statement statement = connection.createStatement()) {
			statement.execute("DROP TABLE IF EXISTS entry");
			statement.execute(Load.TABLE);
		}
	}

	@AfterEach
	void tearDown() {
		this.proxy.close();
	}

	static Stream<Arguments> stops() {
		return Stream.of(stop("kill", server::kill, server::restart), stop("restart", server::stop, server::restart),
				stop("pause", server::pause, server::resume));
	}

	private static Arguments stop(String name, Step begin, Step end) {
		return Arguments.of(Named.of(name, begin), end);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("stops")
	void whenTheServerIsStoppedForAWhileThenNothingIsWrongStuckOrLost(Step begin, Step end) {
		survive("server", server.address(), (chaos) -> {
			begin.run();
			try {
				chaos.assertFailsFast();
			}
			finally {
				end.run();
			}
		});
	}

	@Test
	void whenTheNetworkIsABlackHoleThenNothingIsWrongStuckOrLost() {
		survive("black hole", this.proxy.address(), (chaos) -> {
			this.proxy.swallow();
			chaos.assertFailsFast();
			this.proxy.resume();
		}, "app.dbs.orders.health.abort-after=2s");
	}

	@Test
	void whenConnectionsAreRefusedThenNothingIsWrongStuckOrLost() {
		survive("refuse", this.proxy.address(), (chaos) -> {
			this.proxy.refuse();
			chaos.assertFailsFast();
			this.proxy.resume();
		});
	}

	/**
	 * The database may be down or up in the meantime: its probe gets no answer in time,
	 * but callers that wait for theirs get it.
	 */
	@Test
	void whenEveryAnswerIsTooLateForTheProbeThenNothingIsWrongStuckOrLost() {
		survive("slow", this.proxy.address(), (chaos) -> {
			int before = chaos.load.good();
			this.proxy.delay(Duration.ofSeconds(2));
			TestDatabases.await(() -> chaos.load.good() >= before + CONNECTIONS);
			this.proxy.resume();
		});
	}

	@Test
	void whenTheProbeWaitsLongerThanAnswersTakeThenTheDatabaseStaysUp() {
		survive("slow, patient", this.proxy.address(), (chaos) -> {
			int before = chaos.load.good();
			this.proxy.delay(Duration.ofSeconds(2));
			TestDatabases.await(() -> chaos.load.good() >= before + 2 * CONNECTIONS);
			this.proxy.resume();
			assertThat(chaos.load.failures()).isEmpty();
			assertThat(chaos.load.down()).isZero();
		}, "app.dbs.orders.health.interval=10s", "app.dbs.orders.health.timeout=10s",
				"app.dbs.orders.pool.acquire-timeout=60s");
	}

	private static void survive(String name, String address, Fault fault, String... properties) {
		// other tests can have left some
		Set<Thread> earlier = Thread.getAllStackTraces().keySet();
		runner(address, properties).run((context) -> {
			DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
			Load load = new Load("orders", THREADS, dataSource);
			Load other = new Load("audit", 4, context.getBean("auditDataSource", DataSource.class));
			try (load; other) {
				load.awaitGood(20);
				Meter meter = new Meter(other);
				other.awaitGood(200);
				String before = meter.perSecond();
				List<String> threads = TestDatabases.threads("appdbs-");
				Meter during = new Meter(other);
				fault.happen(new Chaos(context, load));
				String meanwhile = during.perSecond();
				Meter recovery = new Meter(load);
				load.awaitGood(1);
				long millis = recovery.millis();
				load.awaitGood(20);
				logger.info("%s: neighbour %s/s before, %s/s during; all %d threads served again after %d ms"
					.formatted(name, before, meanwhile, THREADS, millis));
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
				// the threads that probe the two databases may not have existed before
				TestDatabases.await(() -> TestDatabases.threads("appdbs-").size() <= threads.size() + 2);
				assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !earlier.contains(thread))
					.extracting(Thread::getName)
					.filteredOn((thread) -> thread.startsWith("orders:"))
					.doesNotHaveDuplicates();
			}
			assertThat(other.failures()).isEmpty();
			assertThat(other.down()).isZero();
			HikariPoolMXBean pool = dataSource.unwrap(HikariDataSource.class).getHikariPoolMXBean();
			assertThat(pool.getActiveConnections()).isZero();
			assertThat(pool.getThreadsAwaitingConnection()).isZero();
			try (Connection connection = server.connect("postgres")) {
				load.verify(connection);
			}
		});
		TestDatabases.awaitNoThreadsSince(earlier, "appdbs-", "orders:", "audit:");
	}

	private static ApplicationContextRunner runner(String address, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + address + "/postgres",
					"app.dbs.orders.username=postgres", "app.dbs.orders.pool.max-size=" + CONNECTIONS,
					"app.dbs.audit.url=" + neighbour,
					// of this database, only the fault of the other one is to be seen
					"app.dbs.audit.health.interval=10s", "app.dbs.audit.health.timeout=10s")
			.withPropertyValues(properties);
	}

	/**
	 * Stops or starts a server.
	 */
	interface Step {

		void run() throws Exception;

	}

	/**
	 * A temporary fault.
	 */
	interface Fault {

		void happen(Chaos chaos) throws Exception;

	}

	/**
	 * An application during a fault.
	 */
	private static final class Chaos {

		private final Database orders;

		private final HikariPoolMXBean pool;

		private final Load load;

		Chaos(AssertableApplicationContext context, Load load) throws SQLException {
			this.orders = TestDatabases.orders(context);
			this.pool = context.getBean("ordersDataSource", DataSource.class)
				.unwrap(HikariDataSource.class)
				.getHikariPoolMXBean();
			this.load = load;
		}

		/**
		 * Asserts that the database goes down, and that no thread waits in the pool from
		 * then on. Threads that hold a connection may still wait for the server.
		 */
		void assertFailsFast() {
			TestDatabases.await(() -> this.orders.getState() == DatabaseState.DOWN);
			TestDatabases.await(() -> this.pool.getThreadsAwaitingConnection() == 0);
			this.load.awaitDown(THREADS - CONNECTIONS, 50);
			assertThat(this.pool.getThreadsAwaitingConnection()).isZero();
			assertThat(this.orders.getState()).isEqualTo(DatabaseState.DOWN);
		}

	}

	/**
	 * Measures the successful operations of a load.
	 */
	private static final class Meter {

		private final Load load;

		private final int good;

		private final long begin = System.nanoTime();

		Meter(Load load) {
			this.load = load;
			this.good = load.good();
		}

		long millis() {
			return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.begin);
		}

		String perSecond() {
			return String.valueOf((this.load.good() - this.good) * 1000L / Math.max(1, millis()));
		}

	}

}
