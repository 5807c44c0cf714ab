package io.appdbs.bean.jpa;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.bean.NamedDataSources;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnitTransactionType;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * Fails the start if an {@link EntityManagerFactory} uses a database whose transaction
 * manager does not know it: saving in its transactions would write nothing, without an
 * error. Also fails if the factory has a cache and the database has row-level security,
 * or if it uses a route and has state that the databases would share.
 */
class EntityManagerFactoryCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(EntityManagerFactoryCheck.class);

	private final Map<String, String> managers;

	private final Set<String> ownManagers;

	private final ConfigurableListableBeanFactory beanFactory;

	private final EntityManagerFactories factories;

	private volatile boolean started;

	/**
	 * Creates a new {@link EntityManagerFactoryCheck}.
	 * @param managers the names of the transaction managers' beans, by database
	 * @param ownManagers the managers that the application defines
	 * @param dataSources the data sources of the databases
	 * @param beanFactory the bean factory with the beans
	 */
	EntityManagerFactoryCheck(Map<String, String> managers, Set<String> ownManagers, NamedDataSources dataSources,
			ConfigurableListableBeanFactory beanFactory) {
		this.managers = managers;
		this.ownManagers = ownManagers;
		this.beanFactory = beanFactory;
		this.factories = new EntityManagerFactories(beanFactory, dataSources);
	}

	Map<String, String> getManagers() {
		return this.managers;
	}

	Set<String> getOwnManagers() {
		return this.ownManagers;
	}

	/**
	 * Checks all factories except lazy ones that have not been created.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		ConfigurationProblems problems = new ConfigurationProblems();
		this.factories.getBeanNames()
			.filter(this.beanFactory::containsSingleton)
			.forEach((beanName) -> check(beanName, this.factories.get(beanName), problems));
		problems.throwIfAny();
		this.started = true;
	}

	/**
	 * Checks the cache of a factory that is created after the start.
	 */
	void created(String beanName, EntityManagerFactory factory) {
		if (this.started) {
			ConfigurationProblems problems = new ConfigurationProblems();
			new RoutedFactoryCheck(beanName, factory, problems).check();
			String qualifier = this.factories.findQualifier(beanName);
			checkCache((qualifier != null) ? qualifier : this.factories.findDatabase(factory), beanName, factory,
					problems);
			problems.throwIfAny();
		}
	}

	private void checkCache(@Nullable String database, String beanName, EntityManagerFactory factory,
			ConfigurationProblems problems) {
		if (database != null) {
			DatabaseDefinition definition = this.beanFactory.getBean(DatabaseLifecycle.class).getDefinition(database);
			String key = this.factories.isOwn(beanName) ? definition.key("jpa.properties") + "."
					: this.factories.isBoots(beanName) ? "spring.jpa.properties." : null;
			new EntityCacheCheck(definition, beanName, factory, key, problems).check();
		}
	}

	private void check(String beanName, EntityManagerFactory factory, ConfigurationProblems problems) {
		new RoutedFactoryCheck(beanName, factory, problems).check();
		String qualifier = this.factories.findQualifier(beanName);
		String used = this.factories.findDatabase(factory);
		String database = (qualifier != null) ? qualifier : used;
		checkCache(database, beanName, factory, problems);
		if (factory.getTransactionType() == PersistenceUnitTransactionType.JTA) {
			return;
		}
		if (database != null && used != null && !database.equals(used)) {
			problems.add(database, null, null,
					"the EntityManagerFactory bean '%s' has the qualifier of the database, but uses the DataSource of database '%s'. It would read and write there."
						.formatted(beanName, used),
					"Give '%s' the DataSource @Qualifier(\"%s\"), or change its qualifier to '%s'.".formatted(beanName,
							database, used));
		}
		else if (database != null) {
			check(database, beanName, factory, problems);
		}
		else if (!isManaged(factory) && hasEntities(factory)) {
			logger.warn(
					"EntityManagerFactory bean '%s' has no JpaTransactionManager, and its DataSource does not lead to a database below 'app.dbs'. If it should, add the @Qualifier of the database to the bean"
						.formatted(beanName));
		}
	}

	private void check(String database, String beanName, EntityManagerFactory factory, ConfigurationProblems problems) {
		String managerName = this.managers.getOrDefault(database, "");
		PlatformTransactionManager manager = this.beanFactory.getBean(managerName, PlatformTransactionManager.class);
		if (!(manager instanceof ResourceTransactionManager resourceManager)
				|| EntityManagerFactories.isFor(manager, factory) || !hasEntities(factory)) {
			return;
		}
		if (!this.beanFactory.containsLocalBean(managerName)) {
			checkOfChild(database, beanName, managerName, factory, problems);
		}
		else if (!(resourceManager.getResourceFactory() instanceof EntityManagerFactory)) {
			problems.add(database, null, null,
					"the EntityManagerFactory bean '%s' uses the database, but the transaction manager '%s' of the database is not a JpaTransactionManager. Saving an entity in its transactions would write nothing."
						.formatted(beanName, managerName),
					this.ownManagers.contains(managerName)
							? "Make '%s' a JpaTransactionManager for '%s', or remove it, so that the database has its own one."
								.formatted(managerName, beanName)
							: "Add @Qualifier(\"%s\") to the bean '%s', whose declared type must be EntityManagerFactory or LocalContainerEntityManagerFactoryBean."
								.formatted(database, beanName));
		}
		else if (!isManaged(factory)) {
			problems.add(database, null, null,
					"the EntityManagerFactory bean '%s' uses the database, but the transaction manager '%s' of the database is for another factory. Saving an entity of '%s' would write nothing."
						.formatted(beanName, managerName, beanName),
					"Define a JpaTransactionManager bean for '%s', or merge the two EntityManagerFactory beans."
						.formatted(beanName));
		}
	}

	/**
	 * Checks a factory of a child context, which the manager in its parent does not know.
	 */
	private void checkOfChild(String database, String beanName, String managerName, EntityManagerFactory factory,
			ConfigurationProblems problems) {
		if (!isManaged(factory)) {
			problems.add(database, null, null,
					"the EntityManagerFactory bean '%s' of a child context uses the database, but the transaction manager '%s' of the database is in the parent context and is not for this factory. Saving an entity in its transactions would write nothing."
						.formatted(beanName, managerName),
					"Move '%s' to the parent context, or define a JpaTransactionManager bean '%s' for it with @Qualifier(\"%s\") in the child context."
						.formatted(beanName, managerName, database));
		}
	}

	/**
	 * Returns whether there are entities to save: Boot creates a factory even without
	 * any.
	 */
	private static boolean hasEntities(EntityManagerFactory factory) {
		return !factory.getMetamodel().getEntities().isEmpty();
	}

	private boolean isManaged(EntityManagerFactory factory) {
		List<String> lazy = List.copyOf(this.managers.values());
		return Stream.of(this.beanFactory.getBeanNamesForType(PlatformTransactionManager.class, true, false))
			.filter((beanName) -> this.beanFactory.containsSingleton(beanName) || !lazy.contains(beanName))
			.anyMatch((beanName) -> EntityManagerFactories
				.isFor(this.beanFactory.getBean(beanName, PlatformTransactionManager.class), factory));
	}

}
