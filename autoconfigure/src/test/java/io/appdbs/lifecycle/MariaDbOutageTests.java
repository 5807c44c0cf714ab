package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for outages of MariaDB.
 */
class MariaDbOutageTests extends OutageContractTests {

	MariaDbOutageTests() {
		super("mariadb", "mariadb", Duration.ofMillis(250));
	}

	/**
	 * The driver reconnects by itself, even if it only validates a connection.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "mariadb:sequential", "mariadb:loadbalance", "mariadb:replication", "mysql:loadbalance" })
	void whenTheDriverReconnectsAndNoServerAnswersThenTheDatabaseIsDownUntilOneDoes(String scheme) {
		// replication has a primary and a replica
		String hosts = scheme.endsWith(":replication") ? proxy().address() + "," + proxy().address()
				: proxy().address();
		runner("app.dbs.orders.url=jdbc:" + scheme + "://" + hosts + "/orders", "app.dbs.orders.pool.max-size=2",
				"app.dbs.orders.health.interval=2s", "app.dbs.orders.health.timeout=1s")
			.run((context) -> {
				assertThat(TestDatabases.answers(context)).isTrue();
				proxy().refuse();
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
				assertThatExceptionOfType(DatabaseDownException.class)
					.isThrownBy(context.getBean("ordersDataSource", DataSource.class)::getConnection);
				proxy().resume();
				TestDatabases.await(() -> TestDatabases.answers(context));
				assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
			});
	}

	@Test
	void whenTheLoginMayHaveOneConnectionThenThePoolUsesItAndTheDatabaseRecovers() throws SQLException {
		runnerWithOneConnection("single").run((context) -> {
			TestDatabases.await(() -> TestDatabases.answers(context));
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
			proxy().refuse();
			TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			proxy().resume();
			TestDatabases.await(() -> TestDatabases.answers(context));
		});
	}

	@Test
	void whenThePoolConnectsBeforeTheProbeThenALoginWithOneConnectionRecovers() throws SQLException {
		runnerWithOneConnection("lone").run((context) -> {
			TestDatabases.await(() -> TestDatabases.answers(context));
			DataSource pool = context.getBean("ordersDataSource", DataSource.class).unwrap(HikariDataSource.class);
			for (int i = 0; i < 5; i++) {
				proxy().refuse();
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
				CompletableFuture<Void> borrower = SeparateThread.run(() -> borrow(pool));
				proxy().resume();
				TestDatabases.await(() -> TestDatabases.answers(context));
				borrower.join();
			}
		});
	}

	private static void borrow(DataSource pool) {
		try (Connection connection = pool.getConnection()) {
			assertThat(connection).isNotNull();
		}
		catch (SQLException ex) {
			// closed to recover
		}
	}

	private ApplicationContextRunner runnerWithOneConnection(String login) throws SQLException {
		for (String host : List.of("%", "localhost")) {
			execute("CREATE USER '%s'@'%s' IDENTIFIED BY '%s' WITH MAX_USER_CONNECTIONS 1".formatted(login, host,
					login), "GRANT ALL ON orders.* TO '%s'@'%s'".formatted(login, host));
		}
		return runner("app.dbs.orders.username=" + login, "app.dbs.orders.password=" + login,
				"app.dbs.orders.pool.max-size=1");
	}

}
