package io.appdbs.config;

import java.sql.Connection;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for read-only databases, in and outside of a transaction.
 */
class ReadOnlyTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "embedded:postgresql", "embedded:mariadb" })
	void nothingIsWritten(String url) {
		this.runner.withPropertyValues("app.dbs.orders.url=" + url).run((writable) -> {
			DataSource dataSource = writable.getBean("ordersDataSource", DataSource.class);
			new JdbcTemplate(dataSource).execute("CREATE TABLE item (id INT PRIMARY KEY)");
			this.runner
				.withPropertyValues("app.dbs.orders.url=" + jdbcUrl(dataSource), "app.dbs.orders.username=" + user(url),
						"app.dbs.orders.read-only=true")
				.run(this::assertNothingIsWritten);
		});
	}

	private void assertNothingIsWritten(ApplicationContext context) {
		JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> template.update("INSERT INTO item VALUES (1)"));
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> transaction.execute((status) -> template.update("INSERT INTO item VALUES (2)")));
		assertThat(template.queryForObject("SELECT count(*) FROM item", Integer.class)).isZero();
	}

	private static String jdbcUrl(DataSource dataSource) throws Exception {
		try (Connection connection = dataSource.getConnection()) {
			return connection.getMetaData().getURL();
		}
	}

	private static String user(String url) {
		return url.endsWith("mariadb") ? "root" : "postgres";
	}

}
