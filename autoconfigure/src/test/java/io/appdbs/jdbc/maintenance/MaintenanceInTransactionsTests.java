package io.appdbs.jdbc.maintenance;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.maintenance.MaintenanceTask.State;
import io.appdbs.shop.ShopApplication;
import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.shop.audit.AuditEntryRepository;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that maintenance is not started for a caller with a transaction of the database.
 */
class MaintenanceInTransactionsTests {

	private static final String AUDIT = """
			app.dbs.audit.url: embedded:h2
			app.dbs.audit.maintenance.operations: analyze
			""";

	private static final String ORDERS = """
			app.dbs.orders.url: embedded:h2
			""";

	private static final String UNIT = """
			app.dbs.orders.packages: io.appdbs.shop.orders
			spring.jpa.hibernate.ddl-auto: create
			""";

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.audit.packages: io.appdbs.shop.audit",
			"app.dbs: { audit.packages: io.appdbs.shop.audit, audit.query-log: true }" })
	void transactionsOfPersistenceUnitsAreFound(String persistence) {
		run(ShopApplication.class, ORDERS + UNIT + AUDIT + persistence, (context) -> {
			Maintenance maintenance = maintenance(context);
			new TransactionTemplate(context.getBean("auditTransactionManager", JpaTransactionManager.class))
				.executeWithoutResult((status) -> {
					context.getBean(AuditEntryRepository.class).saveAndFlush(new AuditEntry("Ada"));
					assertRejected(maintenance);
				});
			assertStarted(maintenance);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.audit.query-log: false", "app.dbs.audit.query-log: true" })
	void transactionsOfJdbcAreFound(String queryLog) {
		run(Application.class, ORDERS + AUDIT + queryLog, (context) -> {
			context.getBean("auditJdbcTemplate", JdbcTemplate.class).execute("create table audit_entry (id int)");
			Maintenance maintenance = maintenance(context);
			TransactionTemplate template = new TransactionTemplate(
					context.getBean("auditTransactionManager", PlatformTransactionManager.class));
			template.executeWithoutResult((status) -> {
				assertRejected(maintenance);
				TransactionTemplate outside = new TransactionTemplate(template.getTransactionManager());
				outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
				outside
					.executeWithoutResult((suspended) -> assertThat(end(maintenance).getState()).isEqualTo(State.DONE));
			});
		});
	}

	/**
	 * The connection is bound to the transaction of the other database, and has none.
	 */
	@Test
	void aTransactionOfAnotherDatabaseIsNone() {
		run(Application.class, ORDERS + AUDIT, (context) -> {
			JdbcTemplate audit = context.getBean("auditJdbcTemplate", JdbcTemplate.class);
			audit.execute("create table audit_entry (id int)");
			new TransactionTemplate(context.getBean("ordersTransactionManager", PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					audit.update("insert into audit_entry values (1)");
					assertStarted(maintenance(context));
				});
		});
	}

	private static void assertRejected(Maintenance maintenance) {
		assertThatExceptionOfType(IllegalDatabaseOperationException.class).isThrownBy(() -> start(maintenance))
			.withMessage("The calling thread has a transaction of database 'audit', for which 'analyze' could wait. "
					+ "Start it outside of transactions.");
	}

	private static void assertStarted(Maintenance maintenance) {
		assertThat(end(maintenance).getState()).isEqualTo(State.DONE);
	}

	private static MaintenanceTask end(Maintenance maintenance) {
		return start(maintenance).toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

	private static MaintenanceTask start(Maintenance maintenance) {
		return maintenance.start(MaintenanceRequest.analyze("audit_entry"));
	}

	private static Maintenance maintenance(ConfigurableApplicationContext context) {
		return context.getBean(Databases.class).get("audit").getMaintenance();
	}

	private static void run(Class<?> application, String properties, Consumer<ConfigurableApplicationContext> test) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
			.environment(EnvironmentBuilder.yaml(properties).build())
			.web(WebApplicationType.NONE)
			.run()) {
			test.accept(context);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(DatabasesAutoConfiguration.class)
	static class Application {

	}

}
