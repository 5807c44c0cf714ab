package io.appdbs.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.TcpProxy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for URLs whose driver connects again by itself, also where it only validates a
 * connection.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralServersTests {

	private static EmbeddedServers servers;

	private static String address;

	private TcpProxy proxy;

	@BeforeAll
	static void startServer() {
		servers = new EmbeddedServers(null);
		String url = servers.getUrl("embedded:mariadb", "orders");
		address = url.substring(url.indexOf('@') + 1, url.lastIndexOf('/'));
	}

	@AfterAll
	static void stopServer() {
		servers.close();
	}

	@BeforeEach
	void startProxy() throws IOException {
		this.proxy = new TcpProxy(address);
	}

	@AfterEach
	void stopProxy() {
		this.proxy.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb:sequential", "mariadb:loadbalance", "mariadb:replication", "mysql:loadbalance" })
	void whenNoServerAnswersThenTheDatabaseIsDownUntilOneDoes(String scheme) {
		runner("app.dbs.orders.url=jdbc:" + scheme + "://" + hosts(scheme) + "/orders").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(answers(context)).isTrue();
			this.proxy.refuse();
			await(() -> orders(context).getState() == DatabaseState.DOWN);
			assertThatExceptionOfType(DatabaseDownException.class)
				.isThrownBy(context.getBean("ordersDataSource", DataSource.class)::getConnection);
			this.proxy.resume();
			await(() -> answers(context));
			assertThat(orders(context).getState()).isEqualTo(DatabaseState.UP);
		});
	}

	/** The mode has a primary and a replica. */
	private String hosts(String scheme) {
		return scheme.endsWith(":replication") ? this.proxy.address() + "," + this.proxy.address()
				: this.proxy.address();
	}

	private static Database orders(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders");
	}

	private static boolean answers(ApplicationContext context) {
		try {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			return Integer.valueOf(1).equals(template.queryForObject("select 1", Integer.class));
		}
		catch (DataAccessException ex) {
			return false;
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
	}

	private static ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.username=root", "app.dbs.orders.pool.max-size=2")
			.withPropertyValues(properties);
	}

}
