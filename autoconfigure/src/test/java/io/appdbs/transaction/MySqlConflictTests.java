package io.appdbs.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for conflicts on MySQL: deadlocks (error 1213) and locks that are not granted in
 * time (error 1205). The number of transfers is that of the system property
 * {@code appdbs.transfers}.
 */
@RequiresMySql
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MySqlConflictTests {

	private static final int TRANSFERS = Integer.getInteger("appdbs.transfers", 2000);

	private static final int THREADS = 8;

	private static final int ACCOUNTS = 10;

	private static final int BALANCE = 1000;

	private final AtomicInteger attempts = new AtomicInteger();

	private MySqlServer server;

	private String database;

	@BeforeEach
	void createTables() throws SQLException {
		this.server = RealServers.mySql();
		this.database = this.server.createDatabase("orders");
		this.server.execute(
				"CREATE TABLE %s.account (id INT PRIMARY KEY, balance INT NOT NULL)".formatted(this.database),
				"CREATE TABLE %s.ledger (id INT PRIMARY KEY, source INT, target INT)".formatted(this.database));
		for (int i = 0; i < ACCOUNTS; i++) {
			this.server.execute("INSERT INTO %s.account VALUES (%d, %d)".formatted(this.database, i, BALANCE));
		}
	}

	@Test
	void whenALockIsNotAcquiredInTimeThenTheWholeTransactionIsRetried() {
		runner("app.dbs.orders.lock-timeout=1s").run((context) -> {
			JdbcTemplate jdbc = jdbc(context);
			try (Connection other = begin("UPDATE account SET balance = 0 WHERE id = 2")) {
				transaction(context).executeWithoutResult((status) -> {
					// the server does not roll this back together with the statement that
					// fails
					jdbc.update("UPDATE account SET balance = balance + 1 WHERE id = 1");
					if (this.attempts.incrementAndGet() == 2) {
						commit(other);
					}
					jdbc.update("UPDATE account SET balance = balance + 1 WHERE id = 2");
				});
			}
			assertThat(this.attempts).hasValue(2);
			assertThat(jdbc.queryForList("SELECT balance FROM account WHERE id IN (1, 2) ORDER BY id", Integer.class))
				.containsExactly(BALANCE + 1, 1);
		});
	}

	@Test
	void whenATransactionIsTheVictimOfADeadlockThenItIsRetried() {
		runner().run((context) -> {
			JdbcTemplate jdbc = jdbc(context);
			// the server chooses the transaction that has changed fewer rows
			try (Connection other = begin("UPDATE account SET balance = 0 WHERE id >= 2")) {
				transaction(context).executeWithoutResult((status) -> {
					jdbc.update("UPDATE account SET balance = balance + 1 WHERE id = 1");
					if (this.attempts.incrementAndGet() == 1) {
						SeparateThread.run(() -> {
							execute(other, "UPDATE account SET balance = 0 WHERE id = 1");
							commit(other);
						});
						Awaitility.await()
							.until(() -> this.server.query(
									"SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
								.equals("1"));
					}
					jdbc.update("UPDATE account SET balance = balance + 1 WHERE id = 2");
				});
				assertThat(this.attempts).hasValue(2);
				assertThat(
						jdbc.queryForList("SELECT balance FROM account WHERE id IN (1, 2) ORDER BY id", Integer.class))
					.containsExactly(1, 1);
			}
		});
	}

	@Test
	void contendedTransfersSucceedAndNoneIsLostOrDuplicated() {
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		AtomicInteger next = new AtomicInteger();
		runner("app.dbs.orders.retry.max-attempts=1000", "app.dbs.orders.retry.timeout=5m",
				"app.dbs.orders.pool.max-size=" + THREADS)
			.run((context) -> {
				long start = System.nanoTime();
				ConcurrentTasks.run(THREADS, (thread) -> {
					for (int id = next.getAndIncrement(); id < TRANSFERS; id = next.getAndIncrement()) {
						int transfer = id;
						try {
							transaction(context).executeWithoutResult((status) -> transfer(jdbc(context), transfer));
						}
						catch (RuntimeException ex) {
							failures.add(ex);
						}
					}
					return null;
				});
				System.out.printf("%d transfers from %d threads in %d ms, %d attempts%n", TRANSFERS, THREADS,
						TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), this.attempts.get());
				assertThat(failures).isEmpty();
				assertThat(this.attempts.get()).as("contention").isGreaterThan(TRANSFERS);
				assertThat(jdbc(context).queryForObject("SELECT COUNT(*) FROM ledger", Integer.class))
					.isEqualTo(TRANSFERS);
				assertThat(jdbc(context).queryForObject("""
						SELECT COUNT(*) FROM account a WHERE balance <> ?
						- (SELECT COUNT(*) FROM ledger WHERE source = a.id)
						+ (SELECT COUNT(*) FROM ledger WHERE target = a.id)""", Integer.class, BALANCE)).isZero();
			});
	}

	// locks the accounts in no order
	private void transfer(JdbcTemplate jdbc, int id) {
		this.attempts.incrementAndGet();
		int source = id % ACCOUNTS;
		int target = (source + 1 + id / ACCOUNTS % (ACCOUNTS - 1)) % ACCOUNTS;
		jdbc.update("INSERT INTO ledger VALUES (?, ?, ?)", id, source, target);
		add(jdbc, source, -1);
		add(jdbc, target, 1);
	}

	private static void add(JdbcTemplate jdbc, int account, int amount) {
		Integer balance = jdbc.queryForObject("SELECT balance FROM account WHERE id = ? FOR UPDATE", Integer.class,
				account);
		assertThat(balance).isNotNull();
		jdbc.update("UPDATE account SET balance = ? WHERE id = ?", balance + amount, account);
	}

	private Connection begin(String sql) throws SQLException {
		Connection connection = this.server.connect();
		connection.setCatalog(this.database);
		connection.setAutoCommit(false);
		execute(connection, sql);
		return connection;
	}

	private static void execute(Connection connection, String sql) {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void commit(Connection connection) {
		try {
			connection.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static JdbcTemplate jdbc(ApplicationContext context) {
		return context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
	}

	private static TransactionTemplate transaction(ApplicationContext context) {
		return context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + this.server.getUrl(this.database),
					"app.dbs.orders.username=root", "app.dbs.orders.retry.enabled=true")
			.withPropertyValues(properties);
	}

}
