package io.appdbs.repositories.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.appdbs.repositories.jdbc.JdbcRepositoriesTests.Item;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.jdbc.repository.support.JdbcRepositoryFactoryBean;
import org.springframework.data.relational.core.mapping.event.BeforeConvertCallback;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for retries of the transactions of repositories.
 */
@ApplicationClassLoader
class RepositoryRetryTests {

	private static int databases;

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withBean(Conflicts.class)
		.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:repository-retry" + ++databases,
				"app.dbs.orders.primary=true", "app.dbs.orders.retry.enabled=true",
				"app.dbs.orders.retry.initial-delay=1ms", "app.dbs.orders.retry.max-attempts=3");

	@Test
	void whenThereIsNoTransactionAroundThenThatOfTheRepositoryIsRetried() {
		run(Application.class, (context, repository, conflicts) -> {
			conflicts.remaining = 2;
			repository.save(new Item(null, "a"));
			assertThat(conflicts.saved).containsExactly("a", "a", "a");
			assertThat(repository.findAll()).extracting(Item::name).containsExactly("a");
			conflicts.remaining = 9;
			assertThatExceptionOfType(CannotAcquireLockException.class)
				.isThrownBy(() -> repository.save(new Item(null, "b")))
				.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(2));
			assertThat(repository.count()).isOne();
		});
	}

	@Test
	void whenTheManagerIsNamedThenItsTransactionIsRetried() {
		run(NamedManager.class, (context, repository, conflicts) -> {
			conflicts.remaining = 1;
			repository.save(new Item(null, "a"));
			assertThat(conflicts.saved).containsExactly("a", "a");
		}, "app.dbs.audit.url=jdbc:h2:mem:retry-other");
	}

	@Test
	void whenTheApplicationCreatesTheRepositoryThenItsManagerIsKept() {
		run(OwnRepository.class, (context, repository, conflicts) -> {
			DataSource orders = context.getBean("ordersDataSource", DataSource.class);
			DataSource audit = context.getBean("auditDataSource", DataSource.class);
			conflicts.meanwhile = () -> conflicts.bound.add(TransactionSynchronizationManager.hasResource(orders) + ","
					+ TransactionSynchronizationManager.hasResource(audit));
			repository.save(new Item(null, "a"));
			assertThat(conflicts.bound).containsExactly("false,true");
		}, "app.dbs.audit.url=jdbc:h2:mem:retry-own");
	}

	@Test
	void whenTheRepositoryIsRetryableThenAttemptsDoNotMultiply() {
		run(RetryableRepository.class, (context, repository, conflicts) -> {
			conflicts.remaining = 99;
			assertThatExceptionOfType(CannotAcquireLockException.class)
				.isThrownBy(() -> repository.save(new Item(null, "a")));
			assertThat(conflicts.saved).hasSize(5);
		});
	}

	@Test
	void whenThereIsATransactionAroundThenItIsRetriedCompletely() {
		run(Application.class, (context, repository, conflicts) -> {
			context.getBean("ordersTransactionTemplate", TransactionTemplate.class).executeWithoutResult((status) -> {
				repository.save(new Item(null, "a"));
				conflicts.remaining = (conflicts.saved.size() < 2) ? 1 : 0;
				repository.save(new Item(null, "b"));
			});
			assertThat(conflicts.saved).containsExactly("a", "b", "a", "b");
			assertThat(repository.findAll()).extracting(Item::name).containsExactly("a", "b");
		});
	}

	@Test
	void whenTheDatabaseDoesNotRetryThenNothingIsRetried() {
		run(Application.class, (context, repository, conflicts) -> {
			conflicts.remaining = 1;
			assertThatExceptionOfType(CannotAcquireLockException.class)
				.isThrownBy(() -> repository.save(new Item(null, "a")));
			assertThat(conflicts.saved).containsExactly("a");
		}, "app.dbs.orders.retry.enabled=false");
	}

	private void run(Class<?> configuration, RetryTest test, String... properties) {
		this.runner.withUserConfiguration(configuration).withPropertyValues(properties).run((context) -> {
			context.getBean("ordersJdbcTemplate", JdbcTemplate.class)
				.execute("CREATE TABLE item (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))");
			@SuppressWarnings("unchecked")
			ListCrudRepository<Item, Integer> repository = context.getBean(ListCrudRepository.class);
			test.run(context, repository, context.getBean(Conflicts.class));
		});
	}

	private interface RetryTest {

		void run(ApplicationContext context, ListCrudRepository<Item, Integer> repository, Conflicts conflicts);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableJdbcRepositories(transactionManagerRef = "ordersTransactionManager")
	static class NamedManager {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableJdbcRepositories(excludeFilters = @Filter(type = FilterType.REGEX, pattern = ".*"))
	static class OwnRepository {

		@Bean
		JdbcRepositoryFactoryBean<ItemRepository, Item, Integer> items(JdbcAggregateOperations operations) {
			JdbcRepositoryFactoryBean<ItemRepository, Item, Integer> items = new JdbcRepositoryFactoryBean<>(
					ItemRepository.class);
			items.setJdbcAggregateOperations(operations);
			items.setTransactionManager("auditTransactionManager");
			return items;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableResilientMethods
	@EnableJdbcRepositories(considerNestedRepositories = true,
			excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = ItemRepository.class))
	static class RetryableRepository {

	}

	@Retryable(maxRetries = 4, delay = 1)
	interface RetryableItems extends ListCrudRepository<Item, Integer> {

	}

	/**
	 * The conflicts with other transactions.
	 */
	static class Conflicts implements BeforeConvertCallback<Item> {

		private final List<String> saved = new ArrayList<>();

		private final List<String> bound = new ArrayList<>();

		private Runnable meanwhile = () -> {
		};

		private int remaining;

		@Override
		public Item onBeforeConvert(Item item) {
			this.saved.add(item.name());
			this.meanwhile.run();
			if (this.remaining-- > 0) {
				throw new CannotAcquireLockException("conflict " + this.remaining, new SQLException("", "40001"));
			}
			return item;
		}

	}

}
