package io.appdbs.bean.data;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.annotated.AnnotatedApplication;
import io.appdbs.annotated.audit.Entry;
import io.appdbs.annotated.orders.Receipt;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.shop.ShopApplication;
import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.shop.audit.AuditEntryRepository;
import io.appdbs.shop.catalog.Product;
import io.appdbs.shop.catalog.ProductRepository;
import io.appdbs.shop.ledger.LedgerEntry;
import io.appdbs.shop.ledger.LedgerEntryRepository;
import io.appdbs.shop.orders.CustomerOrder;
import io.appdbs.shop.orders.CustomerOrderRepository;
import io.appdbs.testsupport.EnvironmentBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaAuditing;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for persistence by packages.
 */
class DatabasePersistenceTests {

	private static final String ORDERS = "app.dbs.orders.url: embedded:h2\n";

	private static final String AUDIT = """
			app.dbs.audit.url: embedded:h2
			app.dbs.audit.packages: io.appdbs.shop.audit
			""";

	private static final String YAML = ORDERS + AUDIT + """
			app.dbs.orders.primary: true
			app.dbs.orders.packages: io.appdbs.shop.orders
			app.dbs.ledger.url: embedded:h2
			app.dbs.ledger.packages: io.appdbs.shop.ledger
			app.dbs.catalog.url: embedded:mongodb
			app.dbs.catalog.packages: io.appdbs.shop.catalog
			""";

	@Test
	void eachDatabaseHasItsEntitiesAndRepositories() {
		try (ConfigurableApplicationContext context = run(YAML, ShopApplication.class, Injected.class)) {
			client(context, "ledger")
				.sql("create table \"LEDGER_ENTRY\" (id bigint auto_increment primary key, text varchar(50))")
				.update();
			context.getBean(CustomerOrderRepository.class).save(new CustomerOrder("Ada"));
			context.getBean(AuditEntryRepository.class).save(new AuditEntry("Ada"));
			context.getBean(LedgerEntryRepository.class).save(new LedgerEntry(null, "paid"));
			context.getBean(ProductRepository.class).save(new Product(null, "book"));
			assertThat(context.getBean(CustomerOrderRepository.class).findByCustomerName("Ada")).hasSize(1);
			assertThat(count(context, "orders", "customer_order")).isOne();
			assertThat(count(context, "audit", "audit_entry")).isOne();
			assertThat(count(context, "ledger", "ledger_entry")).isOne();
			assertThat(context.getBean(ProductRepository.class).findByName("book")).hasSize(1);
			context.getBean(Injected.class).verify();
		}
	}

	@Test
	void plainJdbcTakesPartInTheTransactionsOfAUnit() {
		try (ConfigurableApplicationContext context = run(YAML, ShopApplication.class)) {
			AuditEntryRepository repository = context.getBean(AuditEntryRepository.class);
			PlatformTransactionManager manager = context.getBean("auditTransactionManager",
					JpaTransactionManager.class);
			new TransactionTemplate(manager).executeWithoutResult((status) -> {
				repository.saveAndFlush(new AuditEntry("Ada"));
				assertThat(count(context, "audit", "audit_entry")).isOne();
				client(context, "audit").sql("insert into audit_entry (who_did_it) values ('Bob')").update();
				assertThat(repository.findAll()).hasSize(2);
				status.setRollbackOnly();
			});
			assertThat(repository.count()).isZero();
		}
	}

	@Test
	void aPackageBelongsToTheMostSpecificDatabase() {
		try (ConfigurableApplicationContext context = run(ORDERS + AUDIT + "app.dbs.orders.packages: io.appdbs.shop",
				ShopApplication.class)) {
			assertThat(entities(context, "ordersEntityManagerFactory")).containsExactly("CustomerOrder");
			assertThat(entities(context, "auditEntityManagerFactory")).containsExactly("AuditEntry");
			context.getBean(AuditEntryRepository.class).save(new AuditEntry("Ada"));
			assertThat(count(context, "audit", "audit_entry")).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					app.dbs.orders.url: embedded:h2 | app.dbs.orders.primary: true
					spring.datasource.url: jdbc:h2:mem:default | spring: { jpa.hibernate.ddl-auto: create-drop, liquibase.enabled: false }
					""")
	void whatNoPackageContainsBelongsToTheDefaultDatabase(String first, String second) {
		try (ConfigurableApplicationContext context = run("%s\n%s\n%s".formatted(first, second, AUDIT),
				ShopApplication.class)) {
			assertThat(entities(context, "entityManagerFactory")).containsExactly("CustomerOrder");
			assertThat(entities(context, "auditEntityManagerFactory")).containsExactly("AuditEntry");
			CustomerOrderRepository orders = context.getBean(CustomerOrderRepository.class);
			orders.save(new CustomerOrder("Ada"));
			context.getBean(AuditEntryRepository.class).save(new AuditEntry("Ada"));
			assertThat(orders.findAll()).hasSize(1);
			assertThat(context.getBean(JdbcClient.class)
				.sql("select count(*) from customer_order")
				.query(Long.class)
				.single()).isOne();
			assertThat(count(context, "audit", "audit_entry")).isOne();
		}
	}

	@Test
	void packagesAndClassesDeclareTheirDatabase() {
		try (ConfigurableApplicationContext context = run(ORDERS + "app.dbs.audit.url: embedded:h2",
				AnnotatedApplication.class)) {
			assertThat(entities(context, "ordersEntityManagerFactory")).containsExactly("Receipt");
			assertThat(entities(context, "auditEntityManagerFactory")).containsExactly("Entry");
			// two repositories have the same simple name
			assertThat(context.getBean(io.appdbs.annotated.orders.EntryRepository.class).count()).isZero();
			assertThat(context.getBean(io.appdbs.annotated.audit.EntryRepository.class).count()).isZero();
		}
	}

	@Test
	void auditingAppliesToAllUnits() {
		try (ConfigurableApplicationContext context = run(ORDERS + "app.dbs.audit.url: embedded:h2",
				AnnotatedApplication.class, Auditing.class)) {
			assertThat(
					context.getBean(io.appdbs.annotated.orders.EntryRepository.class).save(new Receipt()).getCreated())
				.isNotNull();
			assertThat(context.getBean(io.appdbs.annotated.audit.EntryRepository.class).save(new Entry()).getCreated())
				.isNotNull();
		}
	}

	@Test
	void whenAnAnnotationNamesNoDatabaseThenTheStartFails() {
		Throwable failure = catchThrowable(() -> run(ORDERS, AnnotatedApplication.class).close());
		assertThat(FailureText.describe(failure)).isEqualTo("""
				@DatabasePackage("audit") on 'io.appdbs.annotated.audit.Entry' names a database that does not exist.

				Known databases: orders.""");
	}

	@Test
	void repositoriesThatTheApplicationEnablesItselfAreKept() {
		try (ConfigurableApplicationContext context = run(
				ORDERS + AUDIT + "app.dbs.orders.packages: io.appdbs.shop.orders", ShopApplication.class,
				AuditRepositories.class)) {
			assertThat(context.getBeanNamesForType(AuditEntryRepository.class)).hasSize(1);
			context.getBean(AuditEntryRepository.class).save(new AuditEntry("Ada"));
			assertThat(count(context, "audit", "audit_entry")).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					app.dbs-include: orders | which is not in 'app.dbs-include'. | Add 'audit' to 'app.dbs-include', or remove the injection point.
					app.dbs.audit.enabled: false | but the database is disabled: 'app.dbs.audit.enabled' is 'false' (Byte array resource [application.yml] - 5:24). | Set 'app.dbs.audit.enabled' to 'true', or remove the injection point.
					""")
	@ExtendWith(OutputCaptureExtension.class)
	void whenARepositoryOfADatabaseIsInjectedThatIsNotUsedThenItIsNamed(String key, String reason, String advice,
			CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run(ORDERS + AUDIT + "app.dbs.orders.packages: io.appdbs.shop.orders\n" + key,
					ShopApplication.class, AuditEntries.class));
		assertThat(output).contains("""
				required a bean of type 'io.appdbs.shop.audit.AuditEntryRepository', which belongs to the database \
				'audit' ('app.dbs.audit.packages'), %s

				Action:

				%s
				""".formatted(reason, advice));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					app.dbs.orders.jpa.ddl-auto: create | 'app.dbs.orders.jpa.ddl-auto' is 'create'
					app.dbs-defaults.jpa.ddl-auto: create-drop | 'app.dbs-defaults.jpa.ddl-auto' is 'create-drop'
					app.dbs.orders.jpa.properties.hibernate.hbm2ddl.auto: create-only | 'app.dbs.orders.jpa.properties.hibernate.hbm2ddl.auto' is 'create-only'
					spring.jpa.hibernate.ddl-auto: create-drop | 'spring.jpa.hibernate.ddl-auto' is 'create-drop'
					spring.jpa.properties.jakarta.persistence.schema-generation.database.action: drop-and-create | 'spring.jpa.properties.jakarta.persistence.schema-generation.database.action' is 'drop-and-create'
					""")
	void whenHibernateWouldOverwriteMigrationsThenTheStartFails(String key, String expected) {
		Throwable failure = catchThrowable(() -> run(ORDERS + """
				app.dbs.orders.packages: io.appdbs.shop
				app.dbs.orders.flyway.locations: classpath:db/migration/orders
				""" + key, ShopApplication.class).close());
		assertThat(FailureText.describe(failure))
			.startsWith("Database 'orders': " + expected
					+ ", but the schema of the database is managed by migrations, which Hibernate would overwrite.\n\n")
			.contains(
					"to 'none' or 'validate', or disable the migrations with 'app.dbs.orders.flyway.enabled' or 'app.dbs.orders.liquibase.enabled'.");
	}

	private static ConfigurableApplicationContext run(String properties, Class<?>... sources) {
		return new SpringApplicationBuilder(sources).environment(EnvironmentBuilder.yaml(properties).build())
			.web(WebApplicationType.NONE)
			.run();
	}

	private static List<String> entities(ConfigurableApplicationContext context, String factory) {
		return context.getBean(factory, EntityManagerFactory.class)
			.getMetamodel()
			.getEntities()
			.stream()
			.map((entity) -> entity.getName())
			.toList();
	}

	private static JdbcClient client(ConfigurableApplicationContext context, String database) {
		return context.getBean(database + "JdbcClient", JdbcClient.class);
	}

	private static long count(ConfigurableApplicationContext context, String database, String table) {
		return client(context, database).sql("select count(*) from " + table).query(Long.class).single();
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Autowired
		@Qualifier("audit")
		EntityManager qualified;

		@PersistenceContext(unitName = "audit")
		EntityManager ofUnit;

		@Autowired
		EntityManager primary;

		@Autowired
		EntityManagerFactory auditEntityManagerFactory;

		@Autowired
		@Qualifier("orders")
		EntityManagerFactory factory;

		void verify() {
			assertThat(Set.of(this.qualified, this.ofUnit)
				.stream()
				.map((entityManager) -> entityManager.createQuery("select count(e) from AuditEntry e", Long.class)
					.getSingleResult())
				.collect(Collectors.toSet())).containsExactly(1L);
			assertThat(this.primary.createQuery("select o from CustomerOrder o").getResultList()).hasSize(1);
			assertThat(this.auditEntityManagerFactory.getMetamodel().entity(AuditEntry.class)).isNotNull();
			assertThat(this.factory.getMetamodel().entity(CustomerOrder.class)).isNotNull();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaAuditing
	static class Auditing {

	}

	@Configuration(proxyBeanMethods = false)
	static class AuditEntries {

		AuditEntries(AuditEntryRepository repository) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(basePackageClasses = AuditEntryRepository.class,
			entityManagerFactoryRef = "auditEntityManagerFactory", transactionManagerRef = "auditTransactionManager")
	static class AuditRepositories {

	}

}
