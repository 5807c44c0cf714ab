package io.appdbs.bean;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.CandidateRoles;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.transaction.ReactiveTransactionManagers;
import io.appdbs.transaction.RepositoryRetryPostProcessor;
import io.appdbs.transaction.TransactionRetries;
import io.appdbs.transaction.TransactionRetry;
import io.appdbs.transaction.TransactionRetryPostProcessor;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;

/**
 * Creates the beans that retry transactions and check the names of their managers.
 */
final class TransactionBeans {

	private TransactionBeans() {
	}

	/**
	 * Creates the retries of all databases, without waiting for any.
	 * @param managers the names of the transaction managers' beans, by database
	 */
	static TransactionRetries retries(Map<String, String> managers, DatabaseLifecycle lifecycle,
			ConfigurableListableBeanFactory beanFactory) {
		Map<String, TransactionRetry> retries = new HashMap<>();
		managers.keySet()
			.forEach((name) -> retries.put(name,
					new TransactionRetry(lifecycle.getDefinition(name), () -> lifecycle.getEngine(name))));
		return new TransactionRetries(retries, managers, (name) -> findRetry(lifecycle, name), beanFactory);
	}

	/**
	 * Finds the retry of a database that has been added at run time.
	 */
	private static @Nullable TransactionRetry findRetry(DatabaseLifecycle lifecycle, String name) {
		try {
			return lifecycle.get(name).getBean(TransactionRetry.class);
		}
		catch (UnknownDatabaseException | IllegalDatabaseOperationException ex) {
			// the transaction cannot begin
			return null;
		}
	}

	/**
	 * Defines the transaction managers of MongoDB databases.
	 * @param databases the databases
	 * @param managers the bean names of the blocking managers, by database
	 */
	static RootBeanDefinition defineReactiveManagers(List<DeclaredDatabase> databases, Map<String, String> managers,
			CandidateRoles roles) {
		Map<String, String> blocking = new LinkedHashMap<>();
		Map<String, String> reactive = new LinkedHashMap<>();
		databases.forEach((database) -> blocking.put(database.name(), managers.get(database.name())));
		databases.stream()
			.filter(DeclaredDatabase::reactive)
			.forEach((database) -> reactive.put(database.name(), database.beanName("ReactiveTransactionManager")));
		String defaultDatabase = databases.stream()
			.filter((database) -> roles.transaction(database) == CandidateRole.PRIMARY)
			.map(DeclaredDatabase::name)
			.findFirst()
			.orElse("");
		return BeanDefinitions.autowired(ReactiveTransactionManagers.class, blocking, reactive, defaultDatabase);
	}

	static TransactionTemplate transactionTemplate(String name, PlatformTransactionManager manager,
			TransactionRetries retries) {
		return retries.get(name).createTemplate(manager);
	}

	static TransactionRetryPostProcessor retryPostProcessor(ConfigurableListableBeanFactory beanFactory,
			ApplicationEventPublisher events, ObjectProvider<TransactionRetries> retries,
			ObjectProvider<ReactiveTransactionManagers> managers) {
		return new TransactionRetryPostProcessor(beanFactory, events, SingletonSupplier.of(retries::getObject),
				SingletonSupplier.ofNullable(managers::getIfAvailable));
	}

	/**
	 * Loaded only if there are repositories, and therefore Spring Data.
	 */
	static final class Repositories {

		private Repositories() {
		}

		static RepositoryRetryPostProcessor retryPostProcessor(ConfigurableListableBeanFactory beanFactory,
				ObjectProvider<TransactionRetries> retries) {
			return new RepositoryRetryPostProcessor(beanFactory, SingletonSupplier.of(retries::getObject));
		}

	}

}
