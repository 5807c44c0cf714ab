package io.appdbs.transaction;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ConcurrentTasks;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a typical service with two databases on a real server that are configured by
 * defaults and variables of the environment, under contention.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContendedServiceTests {

	private static final int TRANSFERS = 200;

	private static final Map<String, Object> VARIABLES = Map.of("APP_DBSDEFAULTS_RETRY_ENABLED", "true",
			"APP_DBSDEFAULTS_RETRY_MAXATTEMPTS", "1000", "APP_DBSDEFAULTS_RETRY_TIMEOUT", "100s",
			"APP_DBSDEFAULTS_HIKARI_TRANSACTIONISOLATION", "TRANSACTION_SERIALIZABLE");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", VARIABLES)))
		.withBean(Transfers.class)
		.withBean(Audit.class)
		.withBean(Listener.class);

	@ParameterizedTest
	@CsvSource({ "embedded:postgresql, true", "embedded:postgresql, false", "embedded:mariadb, true",
			"embedded:mariadb, false" })
	void eachTransferIsExecutedAndPublishedOnce(String url, boolean autoCommit) {
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.audit.url=" + url,
					"app.dbs-defaults.hikari.auto-commit=" + autoCommit)
			.run((context) -> {
				List.of("orders", "audit").forEach((name) -> createAccounts(context, name));
				ConcurrentTasks.run(16, (thread) -> {
					for (int i = thread; i < TRANSFERS; i += 16) {
						context.getBean(Transfers.class).transfer();
					}
					return null;
				});
				assertThat(context.getBean(Transfers.class).attempts()).isGreaterThan(TRANSFERS);
				assertThat(balances(context, "orders")).containsExactly(-TRANSFERS, TRANSFERS);
				assertThat(balances(context, "audit")).containsExactly(context.getBean(Transfers.class).audited(), 0);
				assertThat(context.getBean(Listener.class).events).hasValue(TRANSFERS);
			});
	}

	private static void createAccounts(ApplicationContext context, String name) {
		JdbcTemplate template = context.getBean(name + "JdbcTemplate", JdbcTemplate.class);
		context.getBean(name + "TransactionTemplate", TransactionTemplate.class).executeWithoutResult((status) -> {
			template.execute("CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)");
			template.update("INSERT INTO account VALUES (1, 0), (2, 0)");
		});
	}

	private static List<Integer> balances(ApplicationContext context, String name) {
		return context.getBean(name + "JdbcTemplate", JdbcTemplate.class)
			.queryForList("SELECT balance FROM account ORDER BY id", Integer.class);
	}

	private static void add(JdbcTemplate template, int id, int amount) {
		int balance = template.queryForObject("SELECT balance FROM account WHERE id = " + id, Integer.class);
		template.update("UPDATE account SET balance = ? WHERE id = ?", balance + amount, id);
	}

	@Transactional("orders")
	static class Transfers {

		private final AtomicInteger attempts = new AtomicInteger();

		private final AtomicInteger audited = new AtomicInteger();

		@Autowired
		@Qualifier("orders")
		private JdbcTemplate template;

		@Autowired
		private Audit audit;

		@Autowired
		private ApplicationEventPublisher events;

		void transfer() {
			this.attempts.incrementAndGet();
			this.events.publishEvent("transfer");
			add(this.template, 1, -1);
			add(this.template, 2, 1);
			this.audit.write();
			// is kept even if the outer transaction conflicts at its commit
			this.audited.incrementAndGet();
		}

		int attempts() {
			return this.attempts.get();
		}

		int audited() {
			return this.audited.get();
		}

	}

	static class Audit {

		@Autowired
		@Qualifier("audit")
		private JdbcTemplate template;

		@Transactional(transactionManager = "audit", propagation = Propagation.REQUIRES_NEW)
		void write() {
			add(this.template, 1, 1);
		}

	}

	static class Listener {

		private final AtomicInteger events = new AtomicInteger();

		@TransactionalEventListener
		void on(String event) {
			this.events.incrementAndGet();
		}

	}

}
