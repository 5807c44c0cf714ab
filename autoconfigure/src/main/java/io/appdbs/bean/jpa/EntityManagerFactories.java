package io.appdbs.bean.jpa;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.bean.NamedDataSources;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.CandidateRoles;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DeclaredDatabase;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * The {@link EntityManagerFactory} beans of an application, and their databases.
 *
 * @param beanFactory the bean factory with the beans
 * @param dataSources the data sources of the databases
 */
public record EntityManagerFactories(ConfigurableListableBeanFactory beanFactory, NamedDataSources dataSources) {

	private static final List<String> DATA_SOURCE_PROPERTIES = List.of("jakarta.persistence.nonJtaDataSource",
			"hibernate.connection.datasource");

	/**
	 * Gives each factory under the qualifier of a database the role of the database,
	 * unless the application has set one. Otherwise, the factory would replace Boot's own
	 * one, or would have to be declared with {@code defaultCandidate = false}.
	 * @param beanFactory the bean factory with the definitions
	 * @param databases all databases
	 * @param roles the roles of the databases
	 * @return the names of the factories that have been given a role
	 */
	public static Set<String> assignRoles(ConfigurableListableBeanFactory beanFactory, List<DeclaredDatabase> databases,
			CandidateRoles roles) {
		List<String> beanNames = names(beanFactory).filter(beanFactory::containsBeanDefinition).toList();
		boolean primaryDeclared = beanNames.stream()
			.map(beanFactory::getBeanDefinition)
			.anyMatch(BeanDefinition::isPrimary);
		Set<String> assigned = new LinkedHashSet<>();
		for (DeclaredDatabase database : databases) {
			CandidateRole role = roles.derived(database);
			if (database.isRelational() && !(primaryDeclared && role == CandidateRole.PRIMARY)) {
				beanNames.stream()
					.filter((beanName) -> UserBeans.isQualified(beanFactory, beanName, database.name()::equals))
					.filter((beanName) -> assignRole(beanFactory.getBeanDefinition(beanName), role))
					.forEach(assigned::add);
			}
		}
		return assigned;
	}

	private static boolean assignRole(BeanDefinition definition, CandidateRole role) {
		boolean assignable = definition instanceof AbstractBeanDefinition candidate && !candidate.isPrimary()
				&& candidate.isDefaultCandidate();
		if (assignable) {
			role.applyTo((AbstractBeanDefinition) definition);
		}
		return assignable;
	}

	private static Stream<String> names(ConfigurableListableBeanFactory beanFactory) {
		return Stream.of(beanFactory.getBeanNamesForType(EntityManagerFactory.class, true, false));
	}

	Stream<String> getBeanNames() {
		return names(this.beanFactory);
	}

	EntityManagerFactory get(String beanName) {
		return this.beanFactory.getBean(beanName, EntityManagerFactory.class);
	}

	/**
	 * Finds the factory of a database: the one under its qualifier or, if there is none,
	 * the one whose {@link DataSource} leads to the database.
	 * @param database the name of the database
	 * @param primary whether an injection without qualifier gets the database
	 * @return the factory or {@code null} if there is none
	 * @throws InvalidDatabaseConfigurationException if several factories match
	 */
	@Nullable EntityManagerFactory find(String database, boolean primary) {
		List<String> qualified = getBeanNames().filter((beanName) -> isQualified(beanName, database::equals)).toList();
		if (qualified.size() > 1) {
			throw UserBeans.several(database, qualified, EntityManagerFactory.class);
		}
		List<String> found = !qualified.isEmpty() ? qualified : findByDataSource(database, primary);
		return found.isEmpty() ? null : get(found.get(0));
	}

	private List<String> findByDataSource(String database, boolean primary) {
		List<String> found = getBeanNames().filter((beanName) -> findQualifier(beanName) == null)
			.filter((beanName) -> primary || !isBoots(beanName))
			// a factory in creation may need the transaction manager; it is checked after
			// all beans have been created
			.filter((beanName) -> !this.beanFactory.isCurrentlyInCreation(beanName))
			.filter((beanName) -> database.equals(findDatabase(get(beanName))))
			.toList();
		List<String> declaredPrimary = found.stream().filter(this::isPrimary).toList();
		if (found.size() > 1 && declaredPrimary.size() != 1) {
			throw new InvalidDatabaseConfigurationException(database, null,
					"Database '%s': the EntityManagerFactory beans %s use the database, but none of them has its qualifier."
						.formatted(database, quote(found)),
					"Add @Qualifier(\"%s\") to the one for the transaction manager of the database, and define a JpaTransactionManager bean for each of the others."
						.formatted(database),
					null);
		}
		return (found.size() > 1) ? declaredPrimary : found;
	}

	/**
	 * Returns whether a factory is Boot's own, which uses the default database. The bean
	 * is not created for that, since this would wait for the database.
	 */
	boolean isBoots(String beanName) {
		return this.beanFactory.containsBeanDefinition(beanName)
				&& String.valueOf(this.beanFactory.getBeanDefinition(beanName).getFactoryBeanName())
					.startsWith("org.springframework.boot.");
	}

	/**
	 * Returns whether a factory is the one of a database with packages, which the keys of
	 * the database configure.
	 */
	boolean isOwn(String beanName) {
		return this.beanFactory.containsBeanDefinition(beanName) && PersistenceUnitBeans.class.getName()
			.equals(this.beanFactory.getBeanDefinition(beanName).getBeanClassName());
	}

	private boolean isPrimary(String beanName) {
		return this.beanFactory.containsBeanDefinition(beanName)
				&& this.beanFactory.getBeanDefinition(beanName).isPrimary();
	}

	private boolean isQualified(String beanName, Predicate<String> qualifier) {
		return UserBeans.isQualified(this.beanFactory, beanName, qualifier);
	}

	/**
	 * Finds the database whose qualifier a factory has.
	 * @param beanName the name of the factory's bean
	 * @return the name of the database or {@code null}
	 */
	@Nullable String findQualifier(String beanName) {
		return this.dataSources.getDatabases()
			.stream()
			.filter((database) -> isQualified(beanName, database::equals))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Finds the database that the {@link DataSource} of a factory leads to.
	 * @param factory the factory
	 * @return the name of the database or {@code null}
	 */
	@Nullable String findDatabase(EntityManagerFactory factory) {
		DataSource dataSource = getDataSource(factory);
		return (dataSource != null) ? this.dataSources.findDatabase(dataSource) : null;
	}

	static @Nullable DataSource getDataSource(EntityManagerFactory factory) {
		DataSource dataSource = (factory instanceof EntityManagerFactoryInfo info) ? info.getDataSource() : null;
		return (dataSource != null) ? dataSource
				: DATA_SOURCE_PROPERTIES.stream()
					.map(factory.getProperties()::get)
					.filter(DataSource.class::isInstance)
					.map(DataSource.class::cast)
					.findFirst()
					.orElse(null);
	}

	/**
	 * Returns whether a transaction manager manages the transactions of a factory.
	 */
	static boolean isFor(TransactionManager manager, EntityManagerFactory factory) {
		return manager instanceof ResourceTransactionManager resourceManager
				&& resourceManager.getResourceFactory() instanceof EntityManagerFactory managed
				&& nativeFactory(managed).equals(nativeFactory(factory));
	}

	/**
	 * Returns the provider's factory, which is the same behind all proxies.
	 */
	private static EntityManagerFactory nativeFactory(EntityManagerFactory factory) {
		return (factory instanceof EntityManagerFactoryInfo info) ? info.getNativeEntityManagerFactory() : factory;
	}

	static String quote(List<String> beanNames) {
		return beanNames.stream().map((beanName) -> "'" + beanName + "'").collect(Collectors.joining(", "));
	}

}
