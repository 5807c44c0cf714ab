package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.testsupport.TcpProxy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real server, or the network before it, does to a database under load from 32
 * threads, and to its neighbour on another server: nothing wrong, nothing stuck, nothing
 * left behind.
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

	@Test
	void whenTheServerIsKilledThenNothingIsWrongStuckOrLost() {
		survive("kill", server.address(), (chaos) -> {
			server.kill();
			try {
				chaos.assertFailsFast();
			}
			finally {
				server.restart();
			}
		});
	}

	@Test
	void whenTheServerIsRestartedInOrderThenNothingIsWrongStuckOrLost() {
		survive("restart", server.address(), (chaos) -> {
			server.stop();
			try {
				chaos.assertFailsFast();
			}
			finally {
				server.restart();
			}
		});
	}

	@Test
	void whenTheServerIsPausedThenNothingIsWrongStuckOrLost() {
		survive("pause", server.address(), (chaos) -> {
			server.pause();
			try {
				chaos.assertFailsFast();
			}
			finally {
				server.resume();
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
	 * Whether the database counts as down meanwhile is left open: its probe gets no
	 * answer in time, but those who wait for theirs get it.
	 */
	@Test
	void whenEveryAnswerIsTooLateForTheProbeThenNothingIsWrongStuckOrLost() {
		survive("slow", this.proxy.address(), (chaos) -> {
			int before = chaos.load.good();
			this.proxy.delay(Duration.ofSeconds(2));
			await(() -> chaos.load.good() >= before + CONNECTIONS);
			this.proxy.resume();
		});
	}

	@Test
	void whenTheProbeMayTakeLongerThanEveryAnswerDoesThenNobodyIsToldThatTheDatabaseIsDown() {
		survive("slow, patient", this.proxy.address(), (chaos) -> {
			int before = chaos.load.good();
			this.proxy.delay(Duration.ofSeconds(2));
			await(() -> chaos.load.good() >= before + 2 * CONNECTIONS);
			this.proxy.resume();
			assertThat(chaos.load.failures()).isEmpty();
			assertThat(chaos.load.down()).isZero();
		}, "app.dbs.orders.health.interval=10s", "app.dbs.orders.health.timeout=10s",
				"app.dbs.orders.pool.acquire-timeout=60s");
	}

	private static void survive(String name, String address, Fault fault, String... properties) {
		runner(address, properties).run((context) -> {
			DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
			Load load = new Load("orders", THREADS, dataSource);
			Load other = new Load("audit", 4, context.getBean("auditDataSource", DataSource.class));
			try (load; other) {
				load.awaitGood(20);
				Meter meter = new Meter(other);
				other.awaitGood(200);
				String before = meter.perSecond();
				List<String> threads = threads("appdbs-");
				Meter during = new Meter(other);
				fault.happen(new Chaos(context, load));
				String meanwhile = during.perSecond();
				Meter recovery = new Meter(load);
				load.awaitGood(1);
				long millis = recovery.millis();
				load.awaitGood(20);
				logger.info("%s: neighbour %s/s before, %s/s during; all %d threads served again after %d ms"
					.formatted(name, before, meanwhile, THREADS, millis));
				await(() -> orders(context).getState() == DatabaseState.UP);
				// those that probe the two databases may not have begun before
				await(() -> threads("appdbs-").size() <= threads.size() + 2);
				assertThat(threads("orders:")).doesNotHaveDuplicates();
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
		await(() -> threads("appdbs-").isEmpty() && threads("orders:").isEmpty() && threads("audit:").isEmpty());
	}

	private static Database orders(AssertableApplicationContext context) {
		return context.getBean(Databases.class).get("orders");
	}

	private static List<String> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix) && !name.startsWith("appdbs-embedded"))
			.toList();
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60))
			.until(condition);
	}

	private static ApplicationContextRunner runner(String address, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + address + "/postgres",
					"app.dbs.orders.username=postgres", "app.dbs.orders.pool.max-size=" + CONNECTIONS,
					"app.dbs.audit.url=" + neighbour)
			.withPropertyValues(properties);
	}

	/**
	 * Something bad that passes.
	 */
	interface Fault {

		void happen(Chaos chaos) throws Exception;

	}

	/**
	 * An application in trouble.
	 */
	private static final class Chaos {

		private final Database orders;

		private final HikariPoolMXBean pool;

		private final Load load;

		Chaos(AssertableApplicationContext context, Load load) throws SQLException {
			this.orders = orders(context);
			this.pool = context.getBean("ordersDataSource", DataSource.class)
				.unwrap(HikariDataSource.class)
				.getHikariPoolMXBean();
			this.load = load;
		}

		/**
		 * The database goes down, and from then on nobody waits in the pool. Threads that
		 * hold a connection may still wait for the server.
		 */
		void assertFailsFast() {
			await(() -> this.orders.getState() == DatabaseState.DOWN);
			await(() -> this.pool.getThreadsAwaitingConnection() == 0);
			this.load.awaitDown(THREADS - CONNECTIONS, 50);
			assertThat(this.pool.getThreadsAwaitingConnection()).isZero();
			assertThat(this.orders.getState()).isEqualTo(DatabaseState.DOWN);
		}

	}

	/**
	 * Measures the good answers to a load.
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
