package io.appdbs.jdbc.pool;

import java.sql.Connection;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.PoolUsage;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
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

}
