package io.appdbs.lifecycle;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.Waits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Contract for outages, independent of the engine and its driver.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OutageContractTests {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	private final String scheme;

	private final String address;

	private final String username;

	/** Delay of an answer with which connecting takes about 1.5 s. */
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
	 * Executes statements as the administrator.
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
	void whenTheServerAcceptsConnectionsButNeverAnswersThenTheDatabaseIsDownUntilItAnswers() {
		runner().run((context) -> {
			assertThat(TestDatabases.answers(context)).isTrue();
			this.proxy.swallow();
			assertGoesDown(context);
			this.proxy.resume();
			TestDatabases.await(() -> TestDatabases.answers(context));
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenTheServerIsStoppedThenTheDatabaseIsDownUntilItIsStarted() {
		runner().run((context) -> {
			assertThat(TestDatabases.answers(context)).isTrue();
			this.proxy.refuse();
			assertGoesDown(context);
			assertThatExceptionOfType(DatabaseDownException.class)
				.isThrownBy(context.getBean("ordersDataSource", DataSource.class)::getConnection)
				.withMessageContaining(": the connection was refused, no server listens there. The driver says: ");
			this.proxy.resume();
			TestDatabases.await(() -> TestDatabases.answers(context));
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenAnOptionalDatabaseDoesNotAnswerAtTheStartThenTheApplicationStartsAndItComesUp() {
		this.proxy.beSilent();
		runner("app.dbs.orders.required=false", "app.dbs.orders.startup.timeout=1h",
				"app.dbs.orders.pool.connect-timeout=1s")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertGoesDown(context);
				this.proxy.resume();
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
				assertThat(TestDatabases.answers(context)).isTrue();
			});
	}

	@Test
	void whenConnectingTakesLongerThanTheLimitOfAnAnswerThenDatabasesComeUpAndRecover() {
		this.proxy.delay(this.slowAnswer);
		runner("app.dbs.orders.health.interval=1s", "app.dbs.orders.health.timeout=1s",
				"app.dbs.orders.pool.max-size=1",
				"app.dbs.audit.url=" + this.scheme + "://" + this.proxy.address() + "/orders",
				"app.dbs.audit.username=" + this.username, "app.dbs.audit.required=false",
				"app.dbs.audit.pool.max-size=1")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Databases databases = context.getBean(Databases.class);
				TestDatabases.await(() -> databases.getCounts().up() == 2);
				assertThat(databases).noneMatch((database) -> database.getSnapshot().failedAtStart());
				this.proxy.refuse();
				TestDatabases.await(() -> databases.getCounts().down() == 2);
				this.proxy.resume(this.slowAnswer);
				TestDatabases.await(() -> databases.getCounts().up() == 2);
				TestDatabases.await(() -> TestDatabases.answers(context));
			});
	}

	private static void assertGoesDown(AssertableApplicationContext context) {
		TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
		DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
		Waits.assertNone(
				() -> assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource::getConnection));
		// a monitor thread, two that connect, and perhaps one of the pool, but none per
		// probe
		TestDatabases.await(() -> TestDatabases.threads("appdbs-").size() <= 4);
	}

	ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + this.scheme + "://" + this.proxy.address() + "/orders",
					"app.dbs.orders.username=" + this.username, "app.dbs.orders.health.interval=300ms",
					"app.dbs.orders.health.timeout=300ms")
			.withPropertyValues(properties);
	}

}
