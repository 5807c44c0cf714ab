package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.PoolUsage;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionPool}.
 */
class ConnectionPoolTests {

	/**
	 * Without a minimum size, the pool opens no connection on its own initiative.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "embedded:h2", "embedded:postgresql", "embedded:mariadb" })
	void theFirstBorrowGetsTheConnectionThatTheStartHasVerified(String url) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.pool.min-size=0")
			.run((context) -> {
				DataSource dataSource = context.getBean(DataSource.class);
				Database orders = context.getBean(Databases.class).get("orders");
				assertThat(orders.getSnapshot().pool()).isEqualTo(new PoolUsage(0, 1, 0, 10));
				try (Connection connection = dataSource.getConnection()) {
					assertThat(orders.getSnapshot().pool()).isEqualTo(new PoolUsage(1, 0, 0, 10));
				}
			});
	}

	/**
	 * The thread that opens a database is interrupted if the application ends meanwhile.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenTheThreadThatClosesItIsInterruptedThenNothingIsLeft(boolean before) throws Exception {
		ConnectionPool pool = open("interrupted");
		pool.getConnection(System.nanoTime(), false).close();
		AtomicBoolean interrupted = new AtomicBoolean();
		Thread closing = new Thread(() -> {
			if (before) {
				Thread.currentThread().interrupt();
			}
			pool.close();
			interrupted.set(Thread.interrupted());
		});
		closing.start();
		while (closing.isAlive()) {
			closing.interrupt();
			closing.join(1);
		}
		assertThat(interrupted).isTrue();
		TestDatabases.awaitNoThreads("interrupted:");
	}

	private static ConnectionPool open(String name) {
		DatabaseDefinition definition = Definitions.of(name, "jdbc:h2:mem:" + name);
		DatabaseConnectionDetails details = definition.connectionDetails().get();
		FailedLogins logins = new FailedLogins();
		return new ConnectionPool(definition, new DriverDataSource(definition, details, logins, () -> {
		}, false), List.of(), new JdbcProbe(definition, details, logins));
	}

}
