package io.appdbs.bean;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.PriorityOrdered;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionInterceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the check of the names of transaction managers in {@code @Transactional}.
 */
@ApplicationClassLoader
class TransactionManagerNameTests {

	private static final String PREFIX = TransactionManagerNameTests.class.getName() + "$";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:names-orders", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=jdbc:h2:mem:names-audit");

	@Test
	void anUnknownNameIsAnErrorAtStart() {
		assertThat(failureOf(Misspelt.class)).isEqualTo("""
				@Transactional names 'ordres', but no transaction manager has this qualifier or bean name. It is \
				used by:

				    %sMisspelt.save

				Correct the name, or define a TransactionManager bean with the qualifier 'ordres'. Did you mean \
				'orders'? Known names: orders, audit.""".formatted(PREFIX));
	}

	@Test
	void theQualifierOfAManagerThatTheApplicationAddsIsAccepted() {
		this.runner.withUserConfiguration(Misspelt.class, OwnManager.class).run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(Misspelt.class).save();
		});
	}

	@Test
	void allUnknownNamesAreReportedTogether() {
		assertThat(failureOf(Misspelt.class, MisspeltClass.class, Implementation.class, Annotated.class)).isEqualTo("""
				2 problems in the configuration of databases:

				1. @Transactional names 'ordres', but no transaction manager has this qualifier or bean name. It \
				is used by:

				    %1$sMisspelt.save
				    %1$sMisspeltClass
				    %1$sMisspeltInterface.save

				2. @Transactional names 'nothing-like-it', but no transaction manager has this qualifier or bean \
				name. It is used by:

				    %1$sAnnotated.save

				1. Correct the name, or define a TransactionManager bean with the qualifier 'ordres'. Did you mean \
				'orders'? Known names: orders, audit.

				2. Correct the name, or define a TransactionManager bean with the qualifier 'nothing-like-it'. Known \
				names: orders, audit.""".formatted(PREFIX));
	}

	@Test
	void managersOfTheApplicationAreKnownByTheirBeanNames() {
		assertThat(failureOf(Annotated.class, OwnManager.class)).endsWith("Known names: orders, audit, own.");
	}

	@Test
	void aNameInARepositoryIsChecked() {
		assertThat(failureOf(Repositories.class)).contains("'ordres'", "%n%n    %sItems.count%n".formatted(PREFIX));
	}

	@Test
	void namesThatSpringFindsAreAccepted() {
		this.runner.withUserConfiguration(Known.class).withPropertyValues("transactions=audit").run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(Known.class).save();
		});
	}

	@Test
	void aPlaceholderIsResolvedBeforeItIsChecked() {
		this.runner.withUserConfiguration(Known.class)
			.withPropertyValues("transactions=audti")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageStartingWith("@Transactional names 'audti', but"));
	}

	@ParameterizedTest
	@ValueSource(classes = { LazyMisspelt.class, PrototypeMisspelt.class })
	void aBeanThatIsCreatedLaterIsCheckedOnCreation(Class<?> component) {
		this.runner.withUserConfiguration(component).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> context.getBean(component))
				.havingRootCause()
				.withMessageStartingWith("@Transactional names 'ordres', but");
		});
	}

	@Test
	void aDatabaseThatIsExcludedIsKnown() {
		this.runner.withUserConfiguration(Excluded.class)
			.withPropertyValues("app.dbs-include=orders")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void theNameOfADisabledDatabaseIsAnError() {
		this.runner.withUserConfiguration(Excluded.class)
			.withPropertyValues("app.dbs.audit.enabled=false")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class,
						(ex) -> assertThat(ex.getMessage() + "\n\n" + ex.getAction()).isEqualToNormalizingNewlines("""
								@Transactional names the database 'audit', which is disabled: \
								'app.dbs.audit.enabled' is 'false' \
								("app.dbs.audit.enabled" from property source "test"). It is used by:

								    %sExcluded.save

								Set 'app.dbs.audit.enabled' to 'true', or remove the annotation."""
							.formatted(PREFIX))));
	}

	@Test
	void theCheckCreatesNoTransactionManager() {
		this.runner.withUserConfiguration(Excluded.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(
					context.getSourceApplicationContext().getBeanFactory().containsSingleton("auditTransactionManager"))
				.isFalse();
		});
	}

	@Test
	void namesThatAnInterceptorOfTheApplicationResolvesAreNotChecked() {
		this.runner.withUserConfiguration(Misspelt.class)
			.withBean(OwnInterceptor.class, OwnInterceptor::new)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(Misspelt.class).save();
			});
	}

	@Test
	void namesInAChildContextAreChecked() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withUserConfiguration(Misspelt.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageStartingWith("@Transactional names 'ordres', but")));
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withUserConfiguration(Known.class)
			.withPropertyValues("transactions=audit")
			.run((context) -> assertThat(context).hasNotFailed()));
	}

	private String failureOf(Class<?>... components) {
		StringBuilder text = new StringBuilder();
		this.runner.withUserConfiguration(components).run((context) -> {
			assertThat(context).hasFailed();
			InvalidDatabaseConfigurationException failure = (InvalidDatabaseConfigurationException) context
				.getStartupFailure();
			text.append(failure.getMessage()).append("\n\n").append(failure.getAction());
		});
		return text.toString();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, TransactionAutoConfiguration.class,
			DatabaseTransactionAutoConfiguration.class })
	static class Application {

	}

	static class Misspelt {

		@Transactional("ordres")
		void save() {
		}

		void load() {
		}

	}

	static class Excluded {

		@Transactional("audit")
		void save() {
		}

	}

	@Transactional(transactionManager = "ordres")
	static class MisspeltClass {

		void save() {
		}

		void load() {
		}

	}

	interface MisspeltInterface {

		@Transactional("ordres")
		void save();

	}

	static class Implementation implements MisspeltInterface {

		@Override
		public void save() {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Transactional("nothing-like-it")
	@interface Unlike {

	}

	static class Annotated {

		@Unlike
		void save() {
		}

	}

	@Qualifier("unlike")
	static class Known {

		@Transactional("orders")
		void save() {
		}

		@Transactional("auditTransactionManager")
		void saveByBeanName() {
		}

		@Transactional("auditPlatformTransactionManager")
		void saveByAlias() {
		}

		@Transactional("${transactions}")
		void saveByPlaceholder() {
		}

		@Transactional
		void saveByDefault() {
		}

	}

	@Lazy
	static class LazyMisspelt extends Misspelt {

	}

	@Scope("prototype")
	static class PrototypeMisspelt extends Misspelt {

	}

	/**
	 * Corrects the names of transaction managers.
	 */
	static class OwnInterceptor implements BeanPostProcessor, PriorityOrdered, BeanFactoryAware {

		private BeanFactory beanFactory;

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			this.beanFactory = beanFactory;
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!(bean instanceof TransactionInterceptor interceptor)) {
				return bean;
			}
			TransactionInterceptor own = new TransactionInterceptor() {

				@Override
				protected TransactionManager determineTransactionManager(TransactionAttribute attribute,
						Class<?> targetClass) {
					return OwnInterceptor.this.beanFactory.getBean("ordersTransactionManager",
							TransactionManager.class);
				}

			};
			own.setTransactionAttributeSource(interceptor.getTransactionAttributeSource());
			return own;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManager {

		@Bean
		@Qualifier("ordres")
		PlatformTransactionManager own(@Qualifier("orders") DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(DataJdbcRepositoriesAutoConfiguration.class)
	@EnableJdbcRepositories(considerNestedRepositories = true,
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Items.class))
	static class Repositories {

		@Bean
		Object user(Items items) {
			return items;
		}

	}

	interface Items extends ListCrudRepository<Item, Integer> {

		@Override
		@Transactional("ordres")
		long count();

	}

	record Item(@Id Integer id) {

	}

}
