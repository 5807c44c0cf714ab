package io.appdbs.transaction;

import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class TransactionRetryTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=embedded:postgresql", "app.dbs.orders.retry.enabled=true");

	@Test
	void whenATransactionOfTheTemplateConflictsThenItIsRunAgain() {
		this.runner.run((context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			template.execute("CREATE TABLE counter (id INT PRIMARY KEY, n INT)");
			template.update("INSERT INTO counter VALUES (1, 0)");
			TransactionTemplate serializable = context.getBean(TransactionTemplate.class);
			serializable.setIsolationLevelName("ISOLATION_SERIALIZABLE");
			AtomicInteger attempts = new AtomicInteger();
			serializable.executeWithoutResult((status) -> increment(template, attempts));
			assertThat(attempts).hasValue(2);
			assertThat(template.queryForObject("SELECT n FROM counter", Integer.class)).isEqualTo(11);
		});
	}

	@Test
	void whenATransactionalMethodConflictsThenItIsRunAgain() {
		this.runner.withBean(Counter.class).run((context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			template.execute("CREATE TABLE counter (id INT PRIMARY KEY, n INT)");
			template.update("INSERT INTO counter VALUES (1, 0)");
			Counter counter = context.getBean(Counter.class);
			counter.increment();
			assertThat(counter.getAttempts()).hasValue(2);
			assertThat(template.queryForObject("SELECT n FROM counter", Integer.class)).isEqualTo(11);
		});
	}

	/**
	 * Read, let somebody else write at the first attempt, and write.
	 */
	private static void increment(JdbcTemplate template, AtomicInteger attempts) {
		int n = template.queryForObject("SELECT n FROM counter", Integer.class);
		if (attempts.incrementAndGet() == 1) {
			Thread other = new Thread(() -> template.update("UPDATE counter SET n = n + 10"));
			other.start();
			try {
				other.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
		template.update("UPDATE counter SET n = ?", n + 1);
	}

	static class Counter {

		private final AtomicInteger attempts = new AtomicInteger();

		private final JdbcTemplate template;

		Counter(@Qualifier("orders") JdbcTemplate template) {
			this.template = template;
		}

		public AtomicInteger getAttempts() {
			return this.attempts;
		}

		@Transactional(transactionManager = "orders", isolation = Isolation.SERIALIZABLE)
		public void increment() {
			TransactionRetryTests.increment(this.template, this.attempts);
		}

	}

}
