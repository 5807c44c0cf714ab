package io.appdbs.credentials;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.Database;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for replacing the password of a database on MariaDB, with the drivers of MariaDB
 * and MySQL.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MariaDbCredentialsTests {

	private static EmbeddedServers servers;

	private static String url;

	@BeforeAll
	static void startServer() {
		servers = new EmbeddedServers(null);
		url = servers.getUrl("embedded:mariadb", "orders");
	}

	@AfterAll
	static void stopServer() {
		servers.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void thePasswordIsReplaced(String scheme) throws Exception {
		execute("CREATE OR REPLACE USER anna IDENTIFIED BY 's3cr3t-0'", "GRANT ALL ON orders.* TO anna");
		AtomicReference<DatabaseCredentials> current = new AtomicReference<>(
				new DatabaseCredentials("anna", "s3cr3t-0"));
		runner(scheme, (name) -> current.get()).run((context) -> {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			List<Long> former = connections(template);
			execute("ALTER USER anna IDENTIFIED BY 's3cr3t-1'");
			current.set(new DatabaseCredentials("anna", "s3cr3t-1"));
			context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
			Awaitility.await()
				.untilAsserted(() -> assertThat(connections(template)).doesNotContainAnyElementsOf(former));
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(url(scheme), "anna", "s3cr3t-0"));
			assertThat(template.queryForObject("SELECT CURRENT_USER()", String.class)).startsWith("anna@");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void whenThePasswordIsChangedOnTheServerThenItDoesNotLockTheLogin(String scheme) throws Exception {
		execute("CREATE OR REPLACE USER bert IDENTIFIED BY 's3cr3t-0'", "GRANT ALL ON orders.* TO bert",
				"SET GLOBAL max_password_errors = 8");
		AtomicReference<DatabaseCredentials> current = new AtomicReference<>(
				new DatabaseCredentials("bert", "s3cr3t-0"));
		runner(scheme, (name) -> current.get()).run((context) -> {
			execute("ALTER USER bert IDENTIFIED BY 's3cr3t-1'");
			context.getBean("ordersDataSource", DataSource.class)
				.unwrap(HikariDataSource.class)
				.getHikariPoolMXBean()
				.softEvictConnections();
			Database orders = context.getBean(Databases.class).get("orders");
			Awaitility.await().until(() -> orders.getState() == DatabaseState.DOWN);
			assertThat(orders.getSnapshot().outage().reason())
				.startsWith("the login was refused, username or password is wrong. The driver says: ");
			Awaitility.await()
				.during(Duration.ofSeconds(5))
				.atMost(Duration.ofSeconds(10))
				.until(() -> orders.getState() == DatabaseState.DOWN);
			current.set(new DatabaseCredentials("bert", "s3cr3t-1"));
			context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
			Awaitility.await().until(() -> orders.getState() == DatabaseState.UP);
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			assertThat(template.queryForObject("SELECT CURRENT_USER()", String.class)).startsWith("bert@");
		});
	}

	private static List<Long> connections(JdbcTemplate template) {
		return template.queryForList("SELECT ID FROM INFORMATION_SCHEMA.PROCESSLIST WHERE USER = 'anna'", Long.class);
	}

	private static void execute(String... statements) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url("mariadb"), "root", "");
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private static String url(String scheme) {
		return "jdbc:" + scheme + "://" + url.substring(url.indexOf('@') + 1);
	}

	private static ApplicationContextRunner runner(String scheme, DatabaseCredentialsProvider provider) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withBean(DatabaseCredentialsProvider.class, () -> provider)
			.withPropertyValues("app.dbs.orders.url=" + url(scheme), "app.dbs.orders.pool.max-size=4",
					"app.dbs.orders.credentials.refresh-interval=1h");
	}

}
