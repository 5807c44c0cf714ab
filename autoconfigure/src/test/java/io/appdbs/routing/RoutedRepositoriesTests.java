package io.appdbs.routing;

import java.util.List;
import java.util.stream.Stream;

import io.appdbs.Databases;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.tenant.jdbc.Payment;
import io.appdbs.tenant.jdbc.PaymentRepository;
import io.appdbs.tenant.jpa.Invoice;
import io.appdbs.tenant.jpa.InvoiceRepository;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the repositories of a route.
 */
class RoutedRepositoriesTests {

	private static final List<String> TENANTS = List.of("tenant-acme", "tenant-globex");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.tenant-acme.url=jdbc:h2:mem:repositories-acme",
				"app.dbs.tenant-globex.url=jdbc:h2:mem:repositories-globex", "app.dbs-routes.tenants.engine=h2",
				"app.dbs-routes.tenants.databases=tenant-*");

	@Test
	void repositoriesOfSpringDataJdbcUseTheSelectedDatabase() {
		this.runner.withPropertyValues("app.dbs-routes.tenants.packages=io.appdbs.tenant.jdbc").run((context) -> {
			assertThat(context).hasNotFailed();
			execute(context,
					"CREATE TABLE \"payment\" (\"ID\" BIGINT AUTO_INCREMENT PRIMARY KEY, \"MARKER\" VARCHAR(20))");
			PaymentRepository payments = context.getBean(PaymentRepository.class);
			TENANTS.forEach((tenant) -> ScopedSelection.run(tenant, () -> payments.save(new Payment(null, tenant))));
			for (String tenant : TENANTS) {
				List<Payment> found = ScopedSelection.supply(tenant, payments::findAll);
				assertThat(found).extracting(Payment::marker).containsExactly(tenant);
			}
			assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(payments::findAll);
		});
	}

	@Test
	void repositoriesOfSpringDataJpaUseTheSelectedDatabase() {
		runJpa((context) -> {
			InvoiceRepository invoices = context.getBean(InvoiceRepository.class);
			for (int i = 0; i < 3; i++) {
				TENANTS.forEach((tenant) -> ScopedSelection.run(tenant, () -> invoices.save(new Invoice(tenant))));
			}
			for (String tenant : TENANTS) {
				List<Invoice> found = ScopedSelection.supply(tenant, invoices::findAll);
				assertThat(found).extracting(Invoice::getMarker).containsExactly(tenant, tenant, tenant);
				// a generator of identifiers per database
				assertThat(found).extracting(Invoice::getId).containsExactly(1L, 2L, 3L);
			}
			assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(invoices::findAll);
		});
	}

	@Test
	void anEntityThatATransactionHasLoadedIsNotFoundAfterAnotherSelection() {
		runJpa((context) -> {
			InvoiceRepository invoices = context.getBean(InvoiceRepository.class);
			EntityManager entityManager = SharedEntityManagerCreator
				.createSharedEntityManager(context.getBean("tenantsEntityManagerFactory", EntityManagerFactory.class));
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			TENANTS.forEach((tenant) -> ScopedSelection.run(tenant, () -> invoices.save(new Invoice(tenant))));
			ScopedSelection.run("tenant-acme", () -> transactions.executeWithoutResult((status) -> {
				Invoice own = entityManager.find(Invoice.class, 1L);
				assertThat(own.getMarker()).isEqualTo("tenant-acme");
				assertThatExceptionOfType(DatabaseSelectionException.class)
					.isThrownBy(() -> ScopedSelection.run("tenant-globex", () -> entityManager.find(Invoice.class, 1L)))
					.withMessage(
							"Route 'tenants': The transaction uses database 'tenant-acme', and 'tenant-globex' was selected within it. One transaction has one database.");
				assertThat(entityManager.find(Invoice.class, 1L)).isSameAs(own);
			}));
		});
	}

	@Test
	void loadingAfterTheTransactionIsRejected() {
		this.runner
			.withPropertyValues("app.dbs-routes.tenants.packages=io.appdbs.tenant.jpa",
					"spring.jpa.properties.hibernate.enable_lazy_load_no_trans=true")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
						"""
								Route 'tenants': the EntityManagerFactory bean 'tenantsEntityManagerFactory' has 'hibernate.enable_lazy_load_no_trans'. An entity of one database would load its associations from the database that is selected later.

								Remove 'spring.jpa.properties.hibernate.enable_lazy_load_no_trans', or set it to 'false' in the properties of 'tenantsEntityManagerFactory'. Load associations within the transaction, for example with JOIN FETCH.""");
			});
	}

	@Test
	void plainJdbcTakesPartInTheTransactionsOfTheUnit() {
		runJpa((context) -> {
			InvoiceRepository invoices = context.getBean(InvoiceRepository.class);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			JdbcClient client = context.getBean("tenantsJdbcClient", JdbcClient.class);
			ScopedSelection.run("tenant-globex", () -> transactions.executeWithoutResult((status) -> {
				invoices.saveAndFlush(new Invoice("rolled back"));
				assertThat(client.sql("SELECT COUNT(*) FROM invoice").query(Integer.class).single()).isEqualTo(1);
				status.setRollbackOnly();
			}));
			long count = ScopedSelection.supply("tenant-globex", invoices::count);
			assertThat(count).isZero();
		});
	}

	@Test
	void aTransactionWhoseSelectionHasEndedIsRolledBack() {
		runJpa((context) -> {
			InvoiceRepository invoices = context.getBean(InvoiceRepository.class);
			PlatformTransactionManager manager = context.getBean("tenantsTransactionManager",
					PlatformTransactionManager.class);
			TransactionStatus status = ScopedSelection.supply("tenant-acme", () -> {
				TransactionStatus begun = manager.getTransaction(TransactionDefinition.withDefaults());
				invoices.saveAndFlush(new Invoice("flushed"));
				return begun;
			});
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> ScopedSelection.run("tenant-globex", () -> manager.commit(status)))
				.satisfies((ex) -> assertThat(ex).hasRootCauseInstanceOf(DatabaseSelectionException.class));
			for (String tenant : TENANTS) {
				long count = ScopedSelection.supply(tenant, invoices::count);
				assertThat(count).as(tenant).isZero();
			}
		});
	}

	private void runJpa(java.util.function.Consumer<ApplicationContext> test) {
		this.runner.withPropertyValues("app.dbs-routes.tenants.packages=io.appdbs.tenant.jpa").run((context) -> {
			assertThat(context).hasNotFailed();
			execute(context, "CREATE TABLE invoice (id BIGINT PRIMARY KEY, marker VARCHAR(20))");
			execute(context, "CREATE SEQUENCE invoice_seq INCREMENT BY 50");
			test.accept(context);
		});
	}

	private static void execute(ApplicationContext context, String sql) {
		Databases databases = context.getBean(Databases.class);
		Stream.of("tenant-acme", "tenant-globex")
			.forEach((name) -> databases.get(name).getBean(JdbcClient.class).sql(sql).update());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
