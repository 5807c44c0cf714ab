package io.appdbs.transaction;

import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.SeparateThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for conflicts of a real MariaDB server, which are recognized by its error codes.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MariaDbConflictTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=embedded:mariadb", "app.dbs.orders.retry.enabled=true");

	private final AtomicInteger attempts = new AtomicInteger();

	@Test
	void whenALockIsNotAcquiredInTimeThenTheWholeTransactionIsRetried() {
		this.runner.withPropertyValues("app.dbs.orders.lock-timeout=1s").run((context) -> {
			JdbcTemplate template = createTable(context);
			Connection other = begin(context, "UPDATE counter SET n = n + 10 WHERE id = 2");
			transaction(context).executeWithoutResult((status) -> {
				// the server does not roll this back together with the statement that
				// fails
				template.update("UPDATE counter SET n = n + 1 WHERE id = 1");
				if (this.attempts.incrementAndGet() == 2) {
					commit(other);
				}
				template.update("UPDATE counter SET n = n + 1 WHERE id = 2");
			});
			assertThat(this.attempts).hasValue(2);
			assertThat(template.queryForList("SELECT n FROM counter ORDER BY id", Integer.class)).startsWith(1, 11);
		});
	}

	@Test
	void whenATransactionIsTheVictimOfADeadlockThenItIsRetried() {
		this.runner.run((context) -> {
			JdbcTemplate template = createTable(context);
			// the server chooses the transaction that has changed fewer rows
			Connection other = begin(context, "UPDATE counter SET n = n + 10 WHERE id >= 2");
			transaction(context).executeWithoutResult((status) -> {
				template.update("UPDATE counter SET n = n + 1 WHERE id = 1");
				if (this.attempts.incrementAndGet() == 1) {
					SeparateThread.run(() -> {
						execute(other, "UPDATE counter SET n = n + 10 WHERE id = 1");
						commit(other);
					});
					// polls on a separate thread, outside of the transaction
					Awaitility.await()
						.until(() -> template.queryForObject("""
								SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'""",
								Integer.class) == 1);
				}
				template.update("UPDATE counter SET n = n + 1 WHERE id = 2");
			});
			assertThat(this.attempts).hasValue(2);
			assertThat(template.queryForList("SELECT n FROM counter WHERE id < 3 ORDER BY id", Integer.class))
				.containsExactly(11, 11);
		});
	}

	@Test
	void whenARowIsNewerThanTheSnapshotThenTheTransactionIsRetried() {
		this.runner
			.withPropertyValues("app.dbs.orders.hikari.connection-init-sql=SET innodb_snapshot_isolation = ON",
					"app.dbs.orders.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ")
			.run((context) -> {
				JdbcTemplate template = createTable(context);
				transaction(context).executeWithoutResult((status) -> {
					Integer n = template.queryForObject("SELECT n FROM counter WHERE id = 1", Integer.class);
					if (this.attempts.incrementAndGet() == 1) {
						commit(begin(context, "UPDATE counter SET n = n + 10 WHERE id = 1"));
					}
					template.update("UPDATE counter SET n = ? WHERE id = 1", n + 1);
				});
				assertThat(this.attempts).hasValue(2);
				assertThat(template.queryForObject("SELECT n FROM counter WHERE id = 1", Integer.class)).isEqualTo(11);
			});
	}

	private static JdbcTemplate createTable(ApplicationContext context) {
		JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		template.execute("CREATE TABLE counter (id INT PRIMARY KEY, n INT NOT NULL)");
		template.execute("INSERT INTO counter SELECT seq, 0 FROM seq_1_to_100");
		return template;
	}

	private static TransactionTemplate transaction(ApplicationContext context) {
		return context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
	}

	private static DataSource dataSource(ApplicationContext context) {
		return context.getBean("ordersDataSource", DataSource.class);
	}

	private static Connection begin(ApplicationContext context, String sql) {
		try {
			Connection connection = dataSource(context).getConnection();
			connection.setAutoCommit(false);
			execute(connection, sql);
			return connection;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void execute(Connection connection, String sql) {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void commit(Connection connection) {
		try (connection) {
			connection.commit();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
