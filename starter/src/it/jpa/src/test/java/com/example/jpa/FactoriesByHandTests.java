package com.example.jpa;

import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.example.jpa.audit.AuditEntry;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Two entity manager factories by hand, in all the ways in which applications have them.
 */
class FactoriesByHandTests {

	@ParameterizedTest
	@ValueSource(classes = { Qualified.class, Unqualified.class, Wrapped.class, OwnManager.class })
	void oneRowIsInEachDatabase(Class<?> variant) throws Exception {
		Tables tables = new Tables();
		try (ConfigurableApplicationContext context = run(tables, variant)) {
			Entries entries = context.getBean(Entries.class);
			entries.saveOrder("order");
			entries.saveAudit("audit");
			assertThat(tables.select("orders", "message", "audit_entry")).containsExactly("order");
			assertThat(tables.select("audit", "message", "audit_entry")).containsExactly("audit");
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whatCannotBeDecidedIsAskedFor(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(new Tables(), Undecided.class));
		assertThat(output).contains("""
				Description:

				Database 'audit': the EntityManagerFactory beans 'audit1', 'audit2' use the database, but none of them has its qualifier.

				Action:

				Add @Qualifier("audit") to the one for the transaction manager of the database, and define a JpaTransactionManager bean for each of the others.
				""");
	}

	private static ConfigurableApplicationContext run(Tables tables, Class<?> variant) {
		return new SpringApplication(Base.class, variant)
			.run(Stream.concat(Stream.of(tables.arguments()), Stream.of("--spring.data.jpa.repositories.enabled=false"))
				.toArray(String[]::new));
	}

	private static LocalContainerEntityManagerFactoryBean factory(String unit, DataSource dataSource) {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setPersistenceUnitName(unit);
		factory.setDataSource(dataSource);
		factory.setPackagesToScan(AuditEntry.class.getPackageName());
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
		return factory;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Entries.class)
	static class Base {

	}

	static class Entries {

		@PersistenceContext(unitName = "orders")
		private EntityManager orders;

		@PersistenceContext(unitName = "audit")
		private EntityManager audit;

		@Transactional("orders")
		public void saveOrder(String text) {
			this.orders.persist(new AuditEntry(text));
		}

		@Transactional("audit")
		public void saveAudit(String text) {
			this.audit.persist(new AuditEntry(text));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Qualified {

		@Bean
		@Qualifier("orders")
		LocalContainerEntityManagerFactoryBean first(@Qualifier("orders") DataSource dataSource) {
			return factory("orders", dataSource);
		}

		@Bean
		@Qualifier("audit")
		LocalContainerEntityManagerFactoryBean second(@Qualifier("audit") DataSource dataSource) {
			return factory("audit", dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unqualified {

		@Bean
		@Qualifier("orders")
		LocalContainerEntityManagerFactoryBean ordersEntityManagerFactory(@Qualifier("orders") DataSource dataSource) {
			return factory("orders", dataSource);
		}

		@Bean
		LocalContainerEntityManagerFactoryBean auditEntityManagerFactory(@Qualifier("audit") DataSource dataSource) {
			return factory("audit", dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Wrapped {

		@Bean
		LocalContainerEntityManagerFactoryBean first(@Qualifier("orders") DataSource dataSource) {
			return factory("orders", new LazyConnectionDataSourceProxy(dataSource));
		}

		@Bean
		LocalContainerEntityManagerFactoryBean second(@Qualifier("audit") DataSource dataSource) {
			return factory("audit", new LazyConnectionDataSourceProxy(dataSource));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Qualified.class)
	static class OwnManager {

		@Bean
		@Qualifier("audit")
		PlatformTransactionManager own(@Qualifier("audit") EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Undecided {

		@Bean
		LocalContainerEntityManagerFactoryBean ordersFactory(@Qualifier("orders") DataSource dataSource) {
			return factory("orders", dataSource);
		}

		@Bean
		LocalContainerEntityManagerFactoryBean audit1(@Qualifier("audit") DataSource dataSource) {
			return factory("audit", dataSource);
		}

		@Bean
		LocalContainerEntityManagerFactoryBean audit2(@Qualifier("audit") DataSource dataSource) {
			return factory("audit-2", dataSource);
		}

	}

}
