package io.appdbs.routing;

import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.Databases;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.tenant.jpa.Invoice;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;
import org.mockito.Mockito;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Tests for routes together with Spring Boot and with beans of the application.
 */
class RouteCoexistenceTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false",
				"app.dbs.tenant-acme.url=jdbc:h2:mem:coexistence-acme",
				"app.dbs.tenant-globex.url=jdbc:h2:mem:coexistence-globex", "app.dbs-routes.tenants.engine=h2",
				"app.dbs-routes.tenants.databases=tenant-*");

	@Test
	void healthAndMetersHaveNoRoute() {
		this.runner.withUserConfiguration(Meters.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("tenantsDataSource")).isNotNull();
			HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
			assertThat(registry.getContributor("db")).isNull();
			assertThat((CompositeHealthContributor) registry.getContributor("dbs")).extracting((entry) -> entry.name())
				.containsExactlyInAnyOrder("tenant-acme", "tenant-globex");
			assertThat(context.getBean(MeterRegistry.class).getMeters())
				.flatExtracting((meter) -> meter.getId().getTags())
				.noneMatch((tag) -> tag.getValue().equals("tenants") || tag.getValue().equals("tenantsDataSource"));
		});
	}

	@Test
	void theDatabaseOfSpringBootStaysTheDefaultOne() {
		this.runner
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:coexistence-boot", "spring.liquibase.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(JdbcClient.class).sql("SELECT DATABASE()").query(String.class).single())
					.isEqualTo("COEXISTENCE-BOOT");
				String selected = ScopedSelection.supply("tenant-acme",
						() -> context.getBean("tenantsJdbcClient", JdbcClient.class)
							.sql("SELECT DATABASE()")
							.query(String.class)
							.single());
				assertThat(selected).isEqualTo("COEXISTENCE-ACME");
			});
	}

	@Test
	void aBeanOfTheApplicationReplacesTheOneOfTheRoute() {
		this.runner.withUserConfiguration(OwnDataSource.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("tenantsDataSource")).isSameAs(context.getBean("mine"));
			assertThat(context.getBean("tenantsJdbcClient", JdbcClient.class)
				.sql("SELECT DATABASE()")
				.query(String.class)
				.single()).isEqualTo("MINE");
		});
	}

	@Test
	void aFactoryOfTheApplicationHasTheSelectedDatabaseAsTenant() {
		this.runner.withUserConfiguration(OwnFactory.class).run((context) -> {
			assertThat(context).hasNotFailed();
			EntityManager entityManager = SharedEntityManagerCreator
				.createSharedEntityManager(context.getBean("tenantsEntityManagerFactory", EntityManagerFactory.class));
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			for (String tenant : new String[] { "tenant-acme", "tenant-globex" }) {
				JdbcClient client = context.getBean(Databases.class).get(tenant).getBean(JdbcClient.class);
				client.sql("CREATE TABLE invoice (id BIGINT PRIMARY KEY, marker VARCHAR(20))").update();
				client.sql("CREATE SEQUENCE invoice_seq INCREMENT BY 50").update();
				ScopedSelection.run(tenant, () -> transactions
					.executeWithoutResult((status) -> entityManager.persist(new Invoice(tenant))));
				assertThat(client.sql("SELECT id || marker FROM invoice").query(String.class).list())
					.containsExactly("1" + tenant);
			}
		});
	}

	@Test
	void aFactoryOfAnotherProviderIsRejected() {
		this.runner.withUserConfiguration(OtherProvider.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Route 'tenants': the EntityManagerFactory bean 'mine' uses it, but without tenants of Hibernate. Its databases would share the values that identifier generators have in memory, and entities in caches.

							Use Hibernate: set 'app.dbs-routes.tenants.packages' to the packages of the entities, or make the bean a LocalContainerEntityManagerFactoryBean with a HibernateJpaVendorAdapter.""");
		});
	}

	@Test
	void routesWithoutAnyDatabaseAreAnError() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("app.dbs-routes.tenants.engine=h2", "app.dbs-routes.tenants.databases=tenant-*")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
						"""
								'app.dbs-routes' has routes, but there is no database below 'app.dbs', and 'app.dbs-runtime' is not set.

								Add the databases of the routes below 'app.dbs', set 'app.dbs-runtime.max-databases' if they are added at run time, or remove 'app.dbs-routes'.""");
			});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Meters {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		@Qualifier("tenants")
		DataSource mine() {
			return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:mine");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		@Qualifier("tenants")
		LocalContainerEntityManagerFactoryBean tenantsEntityManagerFactory(
				@Qualifier("tenants") DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes.of(Invoice.class.getName()));
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherProvider {

		@Bean
		@Qualifier("tenants")
		EntityManagerFactory mine(@Qualifier("tenants") DataSource dataSource) {
			EntityManagerFactory factory = Mockito.mock(EntityManagerFactory.class, Answers.RETURNS_DEEP_STUBS);
			given(factory.getProperties()).willReturn(Map.of("jakarta.persistence.nonJtaDataSource", dataSource));
			given(factory.unwrap(any())).willThrow(new PersistenceException());
			return factory;
		}

	}

}
