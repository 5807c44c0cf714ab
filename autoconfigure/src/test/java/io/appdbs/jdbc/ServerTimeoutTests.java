package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.testsupport.SeparateThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for limits that real servers keep.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTimeoutTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "embedded:postgresql, org.springframework.dao.CannotAcquireLockException",
			"embedded:mariadb, org.springframework.dao.CannotAcquireLockException",
			"embedded:h2, org.springframework.dao.QueryTimeoutException" })
	void whenALockIsHeldThenAStatementThatWaitsForItEnds(String url, Class<? extends DataAccessException> type,
			CapturedOutput output) {
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.lock-timeout=300ms",
					"app.dbs.orders.statement-timeout=1m")
			.run((context) -> {
				assertThat(output).doesNotContain("not in effect");
				JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				TransactionTemplate transaction = context.getBean("ordersTransactionTemplate",
						TransactionTemplate.class);
				jdbc.execute("CREATE TABLE item (id INT PRIMARY KEY, version INT)");
				jdbc.update("INSERT INTO item VALUES (1, 0)");
				CompletableFuture<Void> locked = new CompletableFuture<>();
				CompletableFuture<Void> done = new CompletableFuture<>();
				CompletableFuture<Void> holder = SeparateThread.run(() -> transaction.executeWithoutResult((status) -> {
					jdbc.update("UPDATE item SET version = 1 WHERE id = 1");
					locked.complete(null);
					done.join();
				}));
				locked.join();
				assertThatExceptionOfType(type)
					.isThrownBy(() -> jdbc.update("UPDATE item SET version = 2 WHERE id = 1"));
				done.complete(null);
				holder.join();
				assertThat(jdbc.queryForObject("SELECT version FROM item", Integer.class)).isOne();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "embedded:postgresql", "embedded:mariadb" })
	void limitsThatASessionDoesNotHaveAreFound(String url) {
		Map<ServerTimeout, Duration> limits = new EnumMap<>(Map.of(ServerTimeout.STATEMENT, Duration.ofMinutes(1),
				ServerTimeout.LOCK, Duration.ofSeconds(5), ServerTimeout.IDLE_IN_TRANSACTION, Duration.ofSeconds(30)));
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.lock-timeout=5s",
					"app.dbs.orders.statement-timeout=1m")
			.run((context) -> {
				try (Connection connection = context.getBean("ordersDataSource", DataSource.class).getConnection()) {
					JdbcEngine engine = (JdbcEngine) Engines.load(null).findByUrl(connection.getMetaData().getURL());
					assertThat(engine.findDroppedSettings(connection, limits, false))
						.containsExactly("idle-in-transaction-timeout");
					limits.replaceAll((timeout, limit) -> limit.plusSeconds(1));
					assertThat(engine.findDroppedSettings(connection, limits, false))
						.containsExactly("statement-timeout", "lock-timeout", "idle-in-transaction-timeout");
				}
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "embedded:postgresql", "embedded:mariadb" })
	void whenATransactionDoesNothingThenTheServerEndsIt(String url, CapturedOutput output) {
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.idle-in-transaction-timeout=500ms",
					"app.dbs.orders.pool.max-size=1")
			.run((context) -> {
				assertThat(output).doesNotContain("not in effect");
				DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
				new JdbcTemplate(dataSource).execute("CREATE TABLE item (id INT PRIMARY KEY)");
				try (Connection connection = dataSource.getConnection()) {
					connection.setAutoCommit(false);
					connection.createStatement().execute("INSERT INTO item VALUES (1)");
					Awaitility.await()
						.pollInterval(Duration.ofSeconds(3))
						.until(() -> catchThrowable(
								() -> connection.createStatement().execute("SELECT 1")) instanceof SQLException);
				}
				assertThat(new JdbcTemplate(dataSource).queryForObject("SELECT count(*) FROM item", Integer.class))
					.isZero();
			});
	}

	@ParameterizedTest
	@CsvSource({ "embedded:postgresql, SELECT pg_sleep(60)",
			"embedded:mariadb, SELECT SLEEP(60) FROM information_schema.tables" })
	void whenAStatementTakesTooLongThenItIsAQueryTimeout(String url, String sleep) {
		this.runner.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.statement-timeout=300ms")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> jdbc.execute(sleep))
					.withMessageStartingWith("Database 'orders': ");
			});
	}

	@ParameterizedTest
	@CsvSource({ "embedded:postgresql, SELECT pg_sleep(60)", "embedded:mariadb, SELECT SLEEP(60)" })
	void whenSpringsTransactionHasLessTimeThanTheServerThenThatEndsAStatement(String url, String sleep) {
		this.runner.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.statement-timeout=50s")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				TransactionTemplate transaction = new TransactionTemplate(
						context.getBean("ordersTransactionTemplate", TransactionTemplate.class)
							.getTransactionManager());
				transaction.setTimeout(1);
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(() -> transaction.executeWithoutResult((status) -> jdbc.execute(sleep)));
			});
	}

	@Test
	void whenACallerHasChangedTheConnectionThenTheNextCallerGetsTheOriginalLimits() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:postgresql", "app.dbs.orders.pool.max-size=1")
			.run((context) -> {
				DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
				String schema;
				try (Connection connection = dataSource.getConnection()) {
					schema = connection.getSchema();
					connection.createStatement().execute("CREATE SCHEMA other");
					connection.setAutoCommit(false);
					connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
					connection.setReadOnly(true);
					connection.setSchema("other");
					connection.setNetworkTimeout(Runnable::run, 12345);
					connection.createStatement().execute("SET LOCAL statement_timeout = 12345");
				}
				try (Connection connection = dataSource.getConnection()) {
					assertThat(connection.getAutoCommit()).isTrue();
					assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
					assertThat(connection.isReadOnly()).isFalse();
					assertThat(connection.getSchema()).isEqualTo(schema);
					assertThat(connection.getNetworkTimeout()).isZero();
					assertThat(new JdbcTemplate(new SingleConnectionDataSource(connection, true))
						.queryForObject("SHOW statement_timeout", String.class)).isEqualTo("0");
				}
			});
	}

}
