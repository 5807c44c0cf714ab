package io.appdbs.repositories.jpa;

import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.repository.config.BootstrapMode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for transaction managers of JPA repositories on databases other than the primary
 * one.
 */
@ApplicationClassLoader
class RepositoryTransactionManagerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.audit.url=embedded:h2",
				"spring.jpa.open-in-view=false");

	@ParameterizedTest
	@ValueSource(classes = { ManagerOfTheDatabase.class, ManagerByAnnotation.class })
	void anEntityIsSavedInTheDatabaseOfTheRepository(Class<?> repositories) {
		this.runner.withPropertyValues("app.dbs.orders.primary=true")
			.withUserConfiguration(repositories)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				saveItem(context);
				assertThat(context.getBean("auditJdbcClient", JdbcClient.class)
					.sql("SELECT id FROM item")
					.query(String.class)
					.single()).isEqualTo("one");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					DefaultManager | true | transactionManager | is not for their EntityManagerFactory. Saving an entity would \
					write nothing.
					OtherManager | false | ordersTransactionManager | is not for their EntityManagerFactory. Saving an entity would \
					write nothing.
					DefaultManager | false | transactionManager | does not exist. Each call would fail.
					""")
	void aManagerThatIsNotForTheFactoryIsRejected(String repositories, boolean primary, String manager,
			String problem) {
		this.runner.withPropertyValues("app.dbs.orders.primary=" + primary)
			.withUserConfiguration(ClassUtils.resolveClassName(getClass().getName() + "$" + repositories, null))
			.run((context) -> assertFails(context.getStartupFailure(),
					"Database 'audit': the JPA repositories 'itemRepository' use the database, but their transaction manager '%s' %s"
						.formatted(manager, problem)));
	}

	@Test
	void aLazyRepositoryIsCheckedWhenItIsCreated() {
		this.runner.withUserConfiguration(LazyRepositories.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> saveItem(context))
				.satisfies((failure) -> assertFails(failure,
						"Database 'audit': the JPA repositories 'itemRepository' use the database, but their transaction manager 'ordersTransactionManager' is not for their EntityManagerFactory. Saving an entity would write nothing."));
		});
	}

	private static void saveItem(AssertableApplicationContext context) {
		context.getBean(JpaRepository.class).save(new JpaRepositoriesTests.Item("one"));
	}

	private static void assertFails(Throwable failure, String message) {
		assertThat(NestedExceptionUtils.getMostSpecificCause(failure))
			.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (cause) -> {
				assertThat(cause).hasMessage(message);
				assertThat(cause.getAction()).isEqualTo(
						"Set the transactionManagerRef of their @EnableJpaRepositories to a JpaTransactionManager for their EntityManagerFactory, which is 'auditTransactionManager'.");
			});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@Qualifier("audit")
		LocalContainerEntityManagerFactoryBean auditFactory(@Qualifier("audit") DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes.of(JpaRepositoriesTests.Item.class.getName()));
			factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(entityManagerFactoryRef = "auditFactory", transactionManagerRef = "auditTransactionManager")
	static class ManagerOfTheDatabase {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(entityManagerFactoryRef = "auditFactory")
	static class DefaultManager {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(entityManagerFactoryRef = "auditFactory", transactionManagerRef = "ordersTransactionManager")
	static class OtherManager {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(entityManagerFactoryRef = "auditFactory", transactionManagerRef = "ordersTransactionManager",
			bootstrapMode = BootstrapMode.LAZY)
	static class LazyRepositories {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(considerNestedRepositories = true, entityManagerFactoryRef = "auditFactory",
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = AuditItems.class),
			excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = ItemRepository.class))
	static class ManagerByAnnotation {

	}

	@Transactional("audit")
	interface AuditItems extends JpaRepository<JpaRepositoriesTests.Item, String> {

		@Override
		<S extends JpaRepositoriesTests.Item> S save(S item);

	}

}
