package io.appdbs.transaction;

import java.sql.SQLException;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.ConcurrentTasks;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests transfers between few accounts from many threads under SERIALIZABLE, with retry
 * and without. As many as {@code -Dappdbs.transfers=10000} says.
 */
class ContendedTransfersTests {

	private static final int THREADS = 32;

	private static final int ACCOUNTS = 10;

	private static final int BALANCE = 1000;

	private static final int TRANSFERS = Integer.getInteger("appdbs.transfers", 500);

	@Test
	void withRetryTransfersSucceedAndNoneIsLostOrDuplicated() throws Exception {
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			String url = servers.getUrl("embedded:postgresql", "bank");
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
				.withPropertyValues("app.dbs.retried.url=" + url, "app.dbs.plain.url=" + url,
						"app.dbs.retried.retry.enabled=true", "app.dbs-defaults.pool.max-size=" + THREADS)
				.run((context) -> {
					double plain = transfer(context, "plain");
					double retried = transfer(context, "retried");
					assertThat(plain).as("contention").isLessThan(0.999);
					assertThat(retried).isGreaterThanOrEqualTo(0.999);
				});
		}
	}

	private static double transfer(ApplicationContext context, String database) throws Exception {
		Bank bank = new Bank(context.getBean(database + "JdbcTemplate", JdbcTemplate.class),
				context.getBean(database + "TransactionTemplate", TransactionTemplate.class));
		bank.open();
		long start = System.nanoTime();
		ConcurrentTasks.run(THREADS, (thread) -> {
			bank.work();
			return null;
		});
		long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
		bank.verify();
		double share = (double) bank.done.size() / TRANSFERS;
		System.out.printf("%s: %d of %d transfers succeeded (%.2f %%) from %d threads in %d ms, %d attempts%n",
				database, bank.done.size(), TRANSFERS, 100 * share, THREADS, millis, bank.attempts.get());
		return share;
	}

	private static final class Bank {

		private final JdbcTemplate template;

		private final TransactionTemplate transaction;

		private final AtomicInteger next = new AtomicInteger();

		private final AtomicInteger attempts = new AtomicInteger();

		private final Set<Integer> done = new ConcurrentSkipListSet<>();

		private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();

		private Bank(JdbcTemplate template, TransactionTemplate transaction) {
			this.template = template;
			this.transaction = transaction;
			transaction.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		}

		void open() {
			this.template.execute("DROP TABLE IF EXISTS account, ledger");
			this.template.execute("CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)");
			this.template.execute("CREATE TABLE ledger (id INT PRIMARY KEY, source INT, target INT, amount INT)");
			this.template.update("INSERT INTO account SELECT id, ? FROM generate_series(1, ?) id", BALANCE, ACCOUNTS);
		}

		void work() {
			for (int id = this.next.getAndIncrement(); id < TRANSFERS; id = this.next.getAndIncrement()) {
				int transfer = id;
				try {
					this.transaction.executeWithoutResult((status) -> transfer(transfer));
					this.done.add(transfer);
				}
				catch (RuntimeException ex) {
					if (!(rootOf(ex) instanceof SQLException root)
							|| !Set.of("40001", "40P01").contains(root.getSQLState())) {
						this.unexpected.add(ex);
					}
				}
			}
		}

		/**
		 * Locks the rows in order, as deadlocks would be detected only after a second.
		 */
		private void transfer(int id) {
			this.attempts.incrementAndGet();
			int source = 1 + id % ACCOUNTS;
			int target = 1 + (source + id / ACCOUNTS % (ACCOUNTS - 1)) % ACCOUNTS;
			int amount = 1 + id % 7;
			this.template.update("INSERT INTO ledger VALUES (?, ?, ?, ?)", id, source, target, amount);
			add(Math.min(source, target), (source < target) ? -amount : amount);
			add(Math.max(source, target), (source < target) ? amount : -amount);
		}

		private void add(int account, int amount) {
			int balance = balance(account);
			this.template.update("UPDATE account SET balance = ? WHERE id = ?", balance + amount, account);
		}

		private int balance(int account) {
			Integer balance = this.template.queryForObject("SELECT balance FROM account WHERE id = ?", Integer.class,
					account);
			assertThat(balance).isNotNull();
			return balance;
		}

		void verify() {
			assertThat(this.unexpected).isEmpty();
			assertThat(this.template.queryForObject("SELECT sum(balance) FROM account", Integer.class))
				.isEqualTo(ACCOUNTS * BALANCE);
			assertThat(new TreeSet<>(this.template.queryForList("SELECT id FROM ledger", Integer.class)))
				.isEqualTo(this.done);
			assertThat(this.template.queryForObject("""
					SELECT count(*) FROM account a WHERE balance <> ?
						- (SELECT coalesce(sum(amount), 0) FROM ledger WHERE source = a.id)
						+ (SELECT coalesce(sum(amount), 0) FROM ledger WHERE target = a.id)""", Integer.class, BALANCE))
				.isZero();
		}

		private static Throwable rootOf(Throwable failure) {
			return (failure.getCause() != null) ? rootOf(failure.getCause()) : failure;
		}

	}

}
