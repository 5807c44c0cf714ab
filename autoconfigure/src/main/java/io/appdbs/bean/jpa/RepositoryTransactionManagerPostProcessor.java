package io.appdbs.bean.jpa;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.appdbs.bean.DeferredValidationPostProcessor;
import io.appdbs.bean.NamedDataSources;
import io.appdbs.config.source.ConfigurationProblems;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnitTransactionType;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.PropertyValue;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.data.repository.core.support.TransactionalRepositoryFactoryBeanSupport;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * Fails the start if a JPA repository has a transaction manager that does not know its
 * {@link EntityManagerFactory}: saving would write nothing, without an error.
 * Repositories that are created after the start are checked on creation.
 */
final class RepositoryTransactionManagerPostProcessor extends DeferredValidationPostProcessor<String> {

	private final Map<String, String> managers;

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<NamedDataSources> dataSources;

	/**
	 * Creates a new {@link RepositoryTransactionManagerPostProcessor}.
	 * @param managers the names of the transaction managers' beans, by database
	 * @param beanFactory the bean factory with the beans
	 * @param dataSources the data sources of the databases
	 */
	RepositoryTransactionManagerPostProcessor(Map<String, String> managers, ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<NamedDataSources> dataSources) {
		this.managers = managers;
		this.beanFactory = beanFactory;
		this.dataSources = dataSources;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof TransactionalRepositoryFactoryBeanSupport<?, ?, ?>) {
			add(beanName);
		}
		return bean;
	}

	@Override
	protected void validate(List<String> repositories, ConfigurationProblems problems) {
		// the repositories of one @EnableJpaRepositories are one problem
		Map<String, Map<String, List<String>>> wrong = new TreeMap<>();
		for (String beanName : repositories) {
			String manager = (getProperty(beanName, "transactionManager") instanceof String name) ? name : null;
			String database = (manager != null) ? findDatabaseOfAnotherManager(beanName, manager) : null;
			if (manager != null && database != null) {
				wrong.computeIfAbsent(database, (key) -> new TreeMap<>())
					.computeIfAbsent(manager, (key) -> new ArrayList<>())
					.add(beanName);
			}
		}
		wrong.forEach((database, byManager) -> byManager
			.forEach((manager, beanNames) -> report(database, manager, beanNames, problems)));
	}

	private void report(String database, String manager, List<String> beanNames, ConfigurationProblems problems) {
		problems.add(database, null, null,
				"the JPA repositories %s use the database, but their transaction manager '%s' %s"
					.formatted(EntityManagerFactories.quote(beanNames), manager,
							(findManager(manager) != null)
									? "is not for their EntityManagerFactory. Saving an entity would write nothing."
									: "does not exist. Each call would fail."),
				"Set the transactionManagerRef of their @EnableJpaRepositories to a JpaTransactionManager for their EntityManagerFactory%s."
					.formatted(isWrongManager(beanNames.get(0), database) ? ""
							: ", which is '%s'".formatted(managerOf(database))));
	}

	/**
	 * Returns the database of a repository if its transaction manager is for another
	 * factory.
	 */
	private @Nullable String findDatabaseOfAnotherManager(String beanName, String manager) {
		EntityManagerFactory factory = findFactory(beanName);
		if (factory == null || factory.getTransactionType() == PersistenceUnitTransactionType.JTA
				|| isTransactionDeclared(beanName) || isFor(findManager(manager), factory)) {
			return null;
		}
		return new EntityManagerFactories(this.beanFactory, this.dataSources.getObject()).findDatabase(factory);
	}

	private boolean isWrongManager(String beanName, String database) {
		EntityManagerFactory factory = findFactory(beanName);
		TransactionManager manager = this.beanFactory.getBean(managerOf(database), PlatformTransactionManager.class);
		return factory == null || !EntityManagerFactories.isFor(manager, factory);
	}

	private String managerOf(String database) {
		return this.managers.getOrDefault(database, "");
	}

	/**
	 * Returns whether a manager is, or may be, for a factory. A JTA manager may be.
	 */
	private static boolean isFor(@Nullable TransactionManager manager, EntityManagerFactory factory) {
		return manager != null
				&& (!(manager instanceof ResourceTransactionManager) || EntityManagerFactories.isFor(manager, factory));
	}

	/**
	 * Finds a manager as Spring does when a method is called.
	 */
	private @Nullable TransactionManager findManager(String name) {
		try {
			return BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.beanFactory, TransactionManager.class, name);
		}
		catch (NoSuchBeanDefinitionException ex) {
			return null;
		}
	}

	private @Nullable EntityManagerFactory findFactory(String beanName) {
		return (getProperty(beanName, "entityManager") instanceof RuntimeBeanReference reference)
				? this.beanFactory.getBean(reference.getBeanName(), EntityManager.class).getEntityManagerFactory()
				: null;
	}

	/**
	 * Returns whether the repository has no transactions by default, or sets the manager
	 * for some of its methods.
	 */
	private boolean isTransactionDeclared(String beanName) {
		Class<?> repository = this.beanFactory.getType(beanName, false);
		return "false".equals(String.valueOf(getProperty(beanName, "enableDefaultTransactions")))
				|| (repository != null && Stream.concat(Stream.of(repository), Arrays.stream(repository.getMethods()))
					.anyMatch(RepositoryTransactionManagerPostProcessor::hasManager));
	}

	private static boolean hasManager(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY)
			.get(Transactional.class)
			.getValue("transactionManager", String.class)
			.filter((name) -> !name.isEmpty())
			.isPresent();
	}

	/**
	 * Returns a property as {@code @EnableJpaRepositories} has defined it. A factory bean
	 * of the application may have any value.
	 */
	private @Nullable Object getProperty(String beanName, String property) {
		PropertyValue value = this.beanFactory.containsBeanDefinition(beanName)
				? this.beanFactory.getMergedBeanDefinition(beanName).getPropertyValues().getPropertyValue(property)
				: null;
		return (value != null) ? value.getValue() : null;
	}

}
