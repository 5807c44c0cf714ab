package io.appdbs.lifecycle;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.Waits;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What holds in an outage whatever the engine and its driver.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OutageContractTests {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	private final String scheme;

	private final String address;

	private final String username;

	/** Makes connecting, with all its round trips, take about 1.5 s. */
	private final Duration slowAnswer;

	private TcpProxy proxy;

	OutageContractTests(String scheme, String embedded, Duration slowAnswer) {
		this.slowAnswer = slowAnswer;
		String url = this.servers.getUrl("embedded:" + embedded, "orders");
		this.scheme = scheme;
		this.address = url.substring(url.indexOf('@') + 1, url.lastIndexOf('/'));
		this.username = url.substring(url.indexOf("//") + 2, url.indexOf('@'));
	}

	@AfterAll
	void stopServers() {
		this.servers.close();
	}

	/**
	 * Execute statements as the administrator.
	 */
	void execute(String... statements) throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:%s://%s/?user=%s".formatted(this.scheme, this.address, this.username));
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	TcpProxy proxy() {
		return this.proxy;
	}

	@BeforeEach
	void startProxy() throws IOException {
		this.proxy = new TcpProxy(this.address);
	}

	@AfterEach
	void stopProxy() {
		this.proxy.close();
	}

	@Test
	void whenTheServerAcceptsAndNeverAnswersThenTheDatabaseIsDownUntilNewConnectionsAreAnswered() {
		runner().run((context) -> {
			assertThat(answers(context)).isTrue();
			this.proxy.swallow();
			assertGoesDown(context);
			this.proxy.resume();
			await(() -> answers(context));
			assertThat(orders(context).getState()).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenTheServerIsGoneThenTheDatabaseIsDownUntilItIsBack() {
		runner().run((context) -> {
			assertThat(answers(context)).isTrue();
			this.proxy.refuse();
			assertGoesDown(context);
			assertThatExceptionOfType(DatabaseDownException.class)
				.isThrownBy(context.getBean("ordersDataSource", DataSource.class)::getConnection)
				.withMessageContaining(": the connection was refused, no server listens there. The driver says: ");
			this.proxy.resume();
			await(() -> answers(context));
			assertThat(orders(context).getState()).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenAnOptionalDatabaseNeverAnswersAtTheStartThenTheApplicationStartsAndItComesUp() {
		this.proxy.beSilent();
		runner("app.dbs.orders.required=false", "app.dbs.orders.startup.timeout=1h",
				"app.dbs.orders.pool.connect-timeout=1s")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertGoesDown(context);
				this.proxy.resume();
				await(() -> orders(context).getState() == DatabaseState.UP);
				assertThat(answers(context)).isTrue();
			});
	}

	@Test
	void whenConnectingTakesLongerThanAnAnswerMayThenDatabasesComeUpAndComeBack() {
		this.proxy.delay(this.slowAnswer);
		runner("app.dbs.orders.health.interval=1s", "app.dbs.orders.health.timeout=1s",
				"app.dbs.orders.pool.max-size=1",
				"app.dbs.audit.url=" + this.scheme + "://" + this.proxy.address() + "/orders",
				"app.dbs.audit.username=" + this.username, "app.dbs.audit.required=false",
				"app.dbs.audit.pool.max-size=1")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Databases databases = context.getBean(Databases.class);
				await(() -> databases.getCounts().up() == 2);
				assertThat(databases).noneMatch((database) -> database.getSnapshot().failedAtStart());
				this.proxy.refuse();
				await(() -> databases.getCounts().down() == 2);
				this.proxy.resume(this.slowAnswer);
				await(() -> databases.getCounts().up() == 2);
				await(() -> answers(context));
			});
	}

	private static void assertGoesDown(AssertableApplicationContext context) {
		await(() -> orders(context).getState() == DatabaseState.DOWN);
		DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
		Waits.assertNone(
				() -> assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource::getConnection));
		// the monitor's, one that connects, one that does so again, and perhaps one of
		// the
		// pool, but none per probe
		await(() -> threads().size() <= 4);
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("appdbs-") && !name.startsWith("appdbs-embedded"))
			.toList();
	}

	static Database orders(AssertableApplicationContext context) {
		return context.getBean(Databases.class).get("orders");
	}

	static boolean answers(AssertableApplicationContext context) {
		try {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			return Integer.valueOf(1).equals(template.queryForObject("select 1", Integer.class));
		}
		catch (DataAccessException ex) {
			return false;
		}
	}

	static void await(Callable<Boolean> condition) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60))
			.until(condition);
	}

	ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + this.scheme + "://" + this.proxy.address() + "/orders",
					"app.dbs.orders.username=" + this.username, "app.dbs.orders.health.interval=300ms",
					"app.dbs.orders.health.timeout=300ms")
			.withPropertyValues(properties);
	}

}
