package io.appdbs.routing;

import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the retry of routed transactions. A duplicate key stands for a conflict.
 */
class RouteRetryTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false",
				"app.dbs.tenant-acme.url=jdbc:h2:mem:retry-acme", "app.dbs.tenant-acme.retry.enabled=true",
				"app.dbs.tenant-acme.retry.on-sql-states=23505", "app.dbs.tenant-acme.retry.initial-delay=1ms",
				"app.dbs.tenant-globex.url=jdbc:h2:mem:retry-globex", "app.dbs-routes.tenants.engine=h2",
				"app.dbs-routes.tenants.databases=tenant-*");

	@Test
	void aTransactionIsRetriedAsItsDatabaseIsConfiguredTo() {
		this.runner.run((context) -> {
			createTables(context);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			Inserts inserts = context.getBean(Inserts.class);
			AtomicInteger attempts = new AtomicInteger();
			ScopedSelection.run("tenant-acme",
					() -> transactions.executeWithoutResult((status) -> inserts.insert(attempts)));
			assertThat(attempts).hasValue(3);
			ScopedSelection.run("tenant-acme", () -> inserts.insertDeclared(attempts));
			assertThat(attempts).hasValue(4);
			AtomicInteger others = new AtomicInteger();
			assertThatExceptionOfType(DuplicateKeyException.class)
				.isThrownBy(() -> ScopedSelection.run("tenant-globex", () -> inserts.insertDeclared(others)));
			assertThat(others).hasValue(1);
		});
	}

	@Test
	void aFailedSelectionIsNotRetried() {
		this.runner.run((context) -> {
			createTables(context);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			Inserts inserts = context.getBean(Inserts.class);
			AtomicInteger attempts = new AtomicInteger();
			assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> ScopedSelection.run("tenant-acme",
						() -> transactions.executeWithoutResult((status) -> ScopedSelection.run("tenant-globex", () -> {
							attempts.incrementAndGet();
							inserts.insert(new AtomicInteger());
						}))));
			assertThat(attempts).hasValue(1);
			assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> inserts.insertDeclared(attempts));
			assertThat(attempts).hasValue(1);
		});
	}

	private static void createTables(ApplicationContext context) {
		for (String name : new String[] { "tenant-acme", "tenant-globex" }) {
			JdbcClient client = context.getBean(Databases.class).get(name).getBean(JdbcClient.class);
			client.sql("CREATE TABLE item (id INT PRIMARY KEY)").update();
			client.sql("INSERT INTO item VALUES (1), (2)").update();
		}
	}

	public static class Inserts {

		private final JdbcClient client;

		Inserts(JdbcClient client) {
			this.client = client;
		}

		void insert(AtomicInteger attempts) {
			this.client.sql("INSERT INTO item VALUES (?)").param(attempts.incrementAndGet()).update();
		}

		@Transactional("tenants")
		public void insertDeclared(AtomicInteger attempts) {
			insert(attempts);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Inserts inserts(@Qualifier("tenants") JdbcClient client) {
			return new Inserts(client);
		}

	}

}
