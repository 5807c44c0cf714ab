package io.appdbs.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.tenant.jpa.Invoice;
import io.appdbs.tenant.jpa.InvoiceRepository;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for routes over databases that are added and removed at run time.
 */
class RuntimeRoutesTests {

	private static final int TENANTS = 12;

	private static final int CHANGES = Integer.getInteger("appdbs.routed-changes", 15);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false", "spring.liquibase.enabled=false",
				"app.dbs-runtime.max-databases=100", "app.dbs-routes.tenants.engine=h2",
				"app.dbs-routes.tenants.databases=tenant-*");

	private final LongAdder wrong = new LongAdder();

	private final LongAdder done = new LongAdder();

	private final LongAdder rejected = new LongAdder();

	@Test
	void aDatabaseCanBeSelectedFromItsAdditionToItsRemoval() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			Databases databases = context.getBean(Databases.class);
			JdbcClient client = context.getBean("tenantsJdbcClient", JdbcClient.class);
			assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> ScopedSelection.run("tenant-0", () -> marker(client)))
				.withMessage(
						"Route 'tenants': 'tenant-0' was selected, but cannot be used. No database named 'tenant-0'. Known: none. Select another one, configure it below 'app.dbs', or add it with Databases.add before it is selected.");
			add(databases, 0);
			assertThat(ScopedSelection.<String>supply("tenant-0", () -> marker(client))).isEqualTo("tenant-0");
			databases.remove("tenant-0");
			assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> ScopedSelection.run("tenant-0", () -> marker(client)));
		});
	}

	@Test
	void noDatabaseCanBeAddedWithTheNameOfARoute() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
				.isThrownBy(() -> databases.add("tenants", RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:tenants")))
				.withMessage("Database 'tenants': a route has this name.")
				.satisfies((ex) -> assertThat(ex.getAction())
					.isEqualTo("Add the database with another name, or rename 'app.dbs-routes.tenants'."));
			assertThat(databases.getNames()).isEmpty();
		});
	}

	@Test
	void transactionsAreRetriedAsTheAddedDatabaseIsConfiguredTo() {
		this.runner
			.withPropertyValues("app.dbs-runtime.template.retry.enabled=true",
					"app.dbs-runtime.template.retry.on-sql-states=23505",
					"app.dbs-runtime.template.retry.initial-delay=1ms")
			.run((context) -> {
				add(context.getBean(Databases.class), 1);
				JdbcClient client = context.getBean("tenantsJdbcClient", JdbcClient.class);
				TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate",
						TransactionTemplate.class);
				int[] attempts = new int[1];
				ScopedSelection.run("tenant-1", () -> transactions.executeWithoutResult((status) -> {
					if (++attempts[0] < 3) {
						throw new DuplicateKeyException("conflict", new java.sql.SQLException("conflict", "23505"));
					}
					assertThat(marker(client)).isEqualTo("tenant-1");
				}));
				assertThat(attempts[0]).isEqualTo(3);
			});
	}

	@Test
	void noUnitOfWorkUsesAnotherDatabaseWhileDatabasesAreAddedAndRemoved() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			for (int i = 0; i < TENANTS; i++) {
				add(databases, i);
			}
			JdbcClient client = context.getBean("tenantsJdbcClient", JdbcClient.class);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			AtomicBoolean stopped = new AtomicBoolean();
			ExecutorService threads = Executors.newFixedThreadPool(4);
			try {
				List<Future<?>> workers = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					Random random = new Random(i);
					workers.add(threads.submit((Callable<Void>) () -> {
						while (!stopped.get()) {
							unit("tenant-" + random.nextInt(TENANTS), client, transactions);
						}
						return null;
					}));
				}
				Random random = new Random(42);
				for (int i = 0; i < CHANGES; i++) {
					int tenant = random.nextInt(TENANTS);
					assertThat(databases.remove("tenant-" + tenant, Duration.ofSeconds(20)).aborted()).isZero();
					add(databases, tenant);
				}
				stopped.set(true);
				for (Future<?> worker : workers) {
					worker.get();
				}
			}
			finally {
				stopped.set(true);
				threads.shutdown();
			}
			assertThat(this.wrong.sum()).as("units in the wrong database").isZero();
			assertThat(this.done.sum()).isPositive();
			for (int i = 0; i < TENANTS; i++) {
				assertThat(databases.get("tenant-" + i)
					.getBean(JdbcClient.class)
					.sql("SELECT DISTINCT writer FROM entry")
					.query(String.class)
					.list()).allMatch(("tenant-" + i)::equals);
			}
		});
	}

	@Test
	void aDatabaseThatIsAddedAgainSharesNoIdentifiersWithItsPredecessor() {
		this.runner
			.withPropertyValues("spring.data.jpa.repositories.enabled=true",
					"app.dbs-routes.tenants.packages=io.appdbs.tenant.jpa")
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				InvoiceRepository invoices = context.getBean(InvoiceRepository.class);
				for (String url : List.of("jdbc:h2:mem:before-restore", "jdbc:h2:mem:after-restore")) {
					Database database = databases.add("tenant-acme", RuntimeDatabaseSettings.ofUrl(url));
					assertThat(database.awaitUp(Duration.ofSeconds(20))).isTrue();
					JdbcClient client = database.getBean(JdbcClient.class);
					client.sql("CREATE TABLE invoice (id BIGINT PRIMARY KEY, marker VARCHAR(20))").update();
					client.sql("CREATE SEQUENCE invoice_seq INCREMENT BY 50").update();
					Invoice saved = ScopedSelection.supply("tenant-acme", () -> invoices.save(new Invoice("acme")));
					assertThat(saved.getId()).as(url).isOne();
					databases.remove("tenant-acme");
				}
			});
	}

	@Test
	void aTransactionOfADatabaseThatWasRemovedDoesNotReachItsSuccessor() {
		this.runner
			.withPropertyValues("spring.data.jpa.repositories.enabled=true",
					"app.dbs-routes.tenants.packages=io.appdbs.tenant.jpa")
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				EntityManagerFactory factory = context.getBean("tenantsEntityManagerFactory",
						EntityManagerFactory.class);
				add(databases, 1);
				ScopedSelection.run("tenant-1", () -> {
					try (EntityManager entityManager = factory.createEntityManager()) {
						databases.remove("tenant-1");
						databases.add("tenant-1", RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:successor"));
						assertThatExceptionOfType(DatabaseSelectionException.class)
							.isThrownBy(() -> entityManager.createNativeQuery("SELECT 1").getSingleResult())
							.withMessage(
									"Route 'tenants': 'tenant-1' was removed after the EntityManager had been created, and added again. Begin another transaction.");
					}
				});
			});
	}

	private void unit(String name, JdbcClient client, TransactionTemplate transactions) {
		try {
			ScopedSelection.run(name, () -> transactions.executeWithoutResult((status) -> {
				client.sql("INSERT INTO entry VALUES (?)").param(name).update();
				if (!name.equals(marker(client))) {
					this.wrong.increment();
				}
			}));
			this.done.increment();
		}
		catch (DatabaseSelectionException | CannotCreateTransactionException ex) {
			// it is being removed, or not up yet
			this.rejected.increment();
		}
	}

	private static String marker(JdbcClient client) {
		return client.sql("SELECT name FROM marker").query(String.class).single();
	}

	/**
	 * Adds a database, whose content a former removal has not deleted.
	 */
	private static void add(Databases databases, int tenant) throws InterruptedException {
		String name = "tenant-" + tenant;
		Database database = databases.add(name,
				RuntimeDatabaseSettings.of(Map.of("url", "jdbc:h2:mem:runtime-%d;DB_CLOSE_DELAY=-1".formatted(tenant),
						"sql-init.schema-locations", "classpath:io/appdbs/routing/tenant.sql")));
		assertThat(database.awaitUp(Duration.ofSeconds(20))).isTrue();
		database.getBean(JdbcClient.class).sql("MERGE INTO marker KEY (name) VALUES (?)").param(name).update();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
