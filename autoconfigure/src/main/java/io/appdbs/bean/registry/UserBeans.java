package io.appdbs.bean.registry;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.RouteSettingsBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * The beans that an application defines under the qualifier of a database. They replace
 * the beans of the starter.
 */
public final class UserBeans {

	/** Types of which Boot uses every bean that does not require a qualifier. */
	private static final List<String> ADDITIONS = List.of("org.flywaydb.core.api.migration.JavaMigration",
			"org.flywaydb.core.api.callback.Callback",
			"org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer",
			"liquibase.integration.spring.Customizer", "org.jooq.ExecuteListenerProvider", "org.jooq.conf.Settings",
			"org.springframework.boot.jooq.autoconfigure.DefaultConfigurationCustomizer",
			"org.springframework.boot.jooq.autoconfigure.ExceptionTranslatorExecuteListener");

	/** Types of which Boot uses the bean, or every one, for the default database. */
	private static final List<String> MAPPINGS = List.of("org.hibernate.boot.model.naming.ImplicitNamingStrategy",
			"org.hibernate.boot.model.naming.PhysicalNamingStrategy",
			"org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer",
			"org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer",
			"org.springframework.data.jdbc.core.convert.JdbcCustomConversions",
			"org.springframework.data.jdbc.core.convert.QueryMappingConfiguration",
			"org.springframework.data.mongodb.MongoManagedTypes",
			"org.springframework.data.relational.core.dialect.Dialect",
			"org.springframework.data.relational.core.mapping.NamingStrategy",
			"org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes");

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Found once per type: the bean factory would search all definitions again after each
	 * registration, which grows with the square of the number of databases.
	 */
	private final Map<Class<?>, String[]> namesByType = new HashMap<>();

	public UserBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Finds the application's bean.
	 * @param database the database
	 * @param type the type of the bean
	 * @param beanName the name of the starter's bean
	 * @return the name of the application's bean or {@code null} if there is none
	 * @throws InvalidDatabaseConfigurationException if several beans match, if the bean
	 * requires the one that it replaces, or if a bean that does not match has the name of
	 * the starter's bean
	 */
	@Nullable String find(DeclaredDatabase database, Class<?> type, String beanName) {
		List<String> found = Stream.of(getNames(type))
			.filter((candidate) -> isAutowireCandidate(this.beanFactory, candidate)
					&& isQualified(this.beanFactory, candidate, database.name()::equals))
			.toList();
		if (found.size() > 1) {
			throw several(database.name(), found, type);
		}
		if (found.isEmpty() && this.beanFactory.containsBeanDefinition(beanName)) {
			throw new InvalidDatabaseConfigurationException(database.name(), null,
					"Database '%s': the application defines a bean '%s' without the qualifier of the database, but this is the name of the database's own %s."
						.formatted(database.name(), beanName, type.getSimpleName()),
					"Add @Qualifier(\"%s\") to the bean, so that it replaces the database's own, or give it another name."
						.formatted(database.name()),
					null);
		}
		found.forEach((candidate) -> rejectSelfReference(database.name(), candidate, type));
		return found.isEmpty() ? null : found.get(0);
	}

	private String[] getNames(Class<?> type) {
		return this.namesByType.computeIfAbsent(type,
				(each) -> this.beanFactory.getBeanNamesForType(each, true, false));
	}

	/**
	 * A bean cannot be built on the bean that it replaces. Without this check, Spring
	 * reports a cycle.
	 */
	private void rejectSelfReference(String database, String beanName, Class<?> type) {
		Method factoryMethod = (this.beanFactory.containsBeanDefinition(beanName)
				&& this.beanFactory.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition)
						? definition.getResolvedFactoryMethod() : null;
		if (factoryMethod != null && Stream.of(factoryMethod.getParameters())
			.anyMatch((parameter) -> type.isAssignableFrom(parameter.getType())
					&& database.equals(MergedAnnotations.from(parameter)
						.get(Qualifier.class)
						.getValue(MergedAnnotation.VALUE, String.class)
						.orElse(null)))) {
			throw new InvalidDatabaseConfigurationException(database, null,
					"Database '%s': the bean '%s' has the qualifier of the database and therefore replaces the database's own %s, but it requires that bean itself."
						.formatted(database, beanName, type.getSimpleName()),
					"Remove the qualifier '%s' from the bean, which can have that of a library, and keep it at the parameter. If the name of the bean is '%s', rename it."
						.formatted(database, database),
					null);
		}
	}

	/**
	 * Creates the exception for several beans of one type under the qualifier of a
	 * database.
	 * @param database the name of the database
	 * @param beanNames the names of the beans
	 * @param type the type of the beans
	 * @return the exception
	 */
	public static InvalidDatabaseConfigurationException several(String database, List<String> beanNames,
			Class<?> type) {
		return new InvalidDatabaseConfigurationException(database, null,
				"Database '%s': the beans %s are all of type %s under its qualifier.".formatted(database,
						String.join(", ", beanNames), type.getName()),
				"Keep the qualifier '%s' on one of them.".formatted(database), null);
	}

	/**
	 * Hides the application's additions to one of the databases, even an excluded one,
	 * from Boot's own configurations.
	 * @param beanFactory the bean factory
	 * @param databases the names of the databases
	 */
	public static void hideAdditions(ConfigurableListableBeanFactory beanFactory, Collection<String> databases) {
		hide(beanFactory, ADDITIONS, databases);
	}

	/**
	 * Hides beans for the mapping of a database that is not the default one from Boot's
	 * mapping, which is for the default one.
	 * @param beanFactory the bean factory
	 * @param databases the names of the databases that are not the default one
	 */
	public static void hideMappings(ConfigurableListableBeanFactory beanFactory, Collection<String> databases) {
		hide(beanFactory, MAPPINGS, databases);
	}

	private static void hide(ConfigurableListableBeanFactory beanFactory, List<String> types,
			Collection<String> databases) {
		types.stream()
			.flatMap((type) -> getNames(beanFactory, type, databases::contains))
			.forEach((beanName) -> hide(beanFactory, beanName));
	}

	/**
	 * Hides a bean from injection points without qualifier, and therefore from Boot's
	 * conditions.
	 */
	void hide(String beanName) {
		hide(this.beanFactory, beanName);
	}

	private static void hide(ConfigurableListableBeanFactory beanFactory, String beanName) {
		if (beanFactory.containsBeanDefinition(beanName)
				&& beanFactory.getBeanDefinition(beanName) instanceof AbstractBeanDefinition definition) {
			definition.setDefaultCandidate(false);
		}
	}

	/**
	 * Returns the bean of a type with the qualifier of a database.
	 * @param <T> the type of the bean
	 * @param beanFactory the bean factory
	 * @param type the type of the bean
	 * @param database the database
	 * @return the bean or {@code null} if there is none
	 * @throws InvalidDatabaseConfigurationException if there are several
	 */
	public static <T> @Nullable T findQualified(ConfigurableListableBeanFactory beanFactory, Class<T> type,
			String database) {
		List<String> names = getNames(beanFactory, type.getName(), database::equals)
			.filter((beanName) -> isAutowireCandidate(beanFactory, beanName))
			.toList();
		if (names.size() > 1) {
			throw several(database, names, type);
		}
		return names.isEmpty() ? null : beanFactory.getBean(names.get(0), type);
	}

	/**
	 * Returns the bean of a type for all databases.
	 * @param <T> the type of the bean
	 * @param beanFactory the bean factory
	 * @param type the type of the bean
	 * @param databases the names of all databases
	 * @return the bean or {@code null} if there is none
	 * @throws NoUniqueBeanDefinitionException if there are several and none is primary
	 */
	public static <T> @Nullable T findCommon(ConfigurableListableBeanFactory beanFactory, Class<T> type,
			Set<String> databases) {
		Predicate<String> all = configured(beanFactory, databases);
		List<String> names = Stream.of(beanFactory.getBeanNamesForType(type))
			.filter((beanName) -> isAutowireCandidate(beanFactory, beanName)
					&& !isQualified(beanFactory, beanName, all))
			.toList();
		return names.isEmpty() ? null
				: (names.size() > 1) ? beanFactory.getBean(type) : beanFactory.getBean(names.get(0), type);
	}

	/**
	 * Returns the ordered beans of a type for a database. A bean without the qualifier of
	 * a database is for all of them.
	 * @param <T> the type of the beans
	 * @param beanFactory the bean factory
	 * @param type the type of the beans
	 * @param database the name of the database
	 * @param databases the names of all databases
	 * @return the beans
	 */
	public static <T> List<T> getAllFor(ConfigurableListableBeanFactory beanFactory, Class<T> type, String database,
			Set<String> databases) {
		return getAll(beanFactory, type, isFor(beanFactory, database, databases));
	}

	/**
	 * Returns the ordered beans of a type for a database, except for all that have the
	 * qualifier of something else. Unlike {@link #getAllFor}, which names databases have
	 * when it is called does not matter, as others can be added later.
	 * @param <T> the type of the beans
	 * @param beanFactory the bean factory
	 * @param type the type of the beans
	 * @param database the name of the database
	 * @return the beans
	 */
	public static <T> List<T> getAllOnlyFor(ConfigurableListableBeanFactory beanFactory, Class<T> type,
			String database) {
		return getAll(beanFactory, type, isOnlyFor(beanFactory, database));
	}

	private static Predicate<String> isOnlyFor(ConfigurableListableBeanFactory beanFactory, String database) {
		Predicate<String> all = configured(beanFactory, Set.of());
		return (beanName) -> isQualified(beanFactory, beanName, database::equals)
				|| (!isQualified(beanFactory, beanName, all) && !hasQualifier(beanFactory, beanName));
	}

	/**
	 * Returns the names of the beans that {@link #getAllFor} returns, without an order
	 * and without creating the beans.
	 * @param beanFactory the bean factory
	 * @param type the type of the beans
	 * @param database the name of the database
	 * @param databases the names of all databases
	 * @return the names of the beans
	 */
	public static Stream<String> getAllNamesFor(ConfigurableListableBeanFactory beanFactory, Class<?> type,
			String database, Set<String> databases) {
		return Stream.of(beanFactory.getBeanNamesForType(type))
			.filter((beanName) -> isAutowireCandidate(beanFactory, beanName))
			.filter(isFor(beanFactory, database, databases));
	}

	private static Predicate<String> isFor(ConfigurableListableBeanFactory beanFactory, String database,
			Set<String> databases) {
		Predicate<String> all = configured(beanFactory, databases);
		if (!configured(beanFactory, Set.of()).test(database)) {
			// added at run time, as others are that have no name yet
			return isOnlyFor(beanFactory, database);
		}
		return (beanName) -> isQualified(beanFactory, beanName, database::equals)
				|| !isQualified(beanFactory, beanName, all);
	}

	/**
	 * Matches the names of all databases, including those that the application does not
	 * use at present: a bean for one of them is not for the others.
	 */
	private static Predicate<String> configured(ConfigurableListableBeanFactory beanFactory, Set<String> databases) {
		Set<String> names = new HashSet<>(databases);
		if (beanFactory.containsBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME)) {
			Environment environment = beanFactory.getBean(Environment.class);
			names.addAll(DatabaseNames.getAll(environment));
			names.addAll(RouteSettingsBinder.getNames(environment));
		}
		return names::contains;
	}

	/**
	 * Finds the bean of a type for a database: the one under its qualifier or, if there
	 * is none, the one for all databases.
	 * @param <T> the type of the bean
	 * @param beanFactory the bean factory
	 * @param type the type of the bean
	 * @param database the name of the database
	 * @param databases the names of all databases
	 * @return the bean or {@code null} if there is none
	 * @throws InvalidDatabaseConfigurationException if several beans match
	 */
	public static <T> @Nullable T findFor(ConfigurableListableBeanFactory beanFactory, Class<T> type, String database,
			Set<String> databases) {
		String beanName = findNameFor(beanFactory, type, database, databases);
		return (beanName != null) ? beanFactory.getBean(beanName, type) : null;
	}

	/**
	 * Finds the bean that {@link #findFor} returns, without creating it.
	 * @param beanFactory the bean factory
	 * @param type the type of the bean
	 * @param database the name of the database
	 * @param databases the names of all databases
	 * @return the name of the bean or {@code null} if there is none
	 * @throws InvalidDatabaseConfigurationException if several beans match
	 */
	public static @Nullable String findNameFor(ConfigurableListableBeanFactory beanFactory, Class<?> type,
			String database, Set<String> databases) {
		return findNameFor(beanFactory, type, List.of(beanFactory.getBeanNamesForType(type)), database,
				configured(beanFactory, databases));
	}

	/**
	 * Finds the application's bean for a database: the one under its qualifier or, if
	 * there is none, the one without the qualifier of a database.
	 * @param database the database
	 * @param type the type of the bean
	 * @param included matches the beans to consider
	 * @return the name of the bean or {@code null} if there is none
	 * @throws InvalidDatabaseConfigurationException if several beans match
	 */
	@Nullable String findFor(DeclaredDatabase database, Class<?> type, Predicate<String> included) {
		return findNameFor(this.beanFactory, type, Stream.of(getNames(type)).filter(included).toList(), database.name(),
				configured(this.beanFactory, Set.of()));
	}

	private static @Nullable String findNameFor(ConfigurableListableBeanFactory beanFactory, Class<?> type,
			List<String> beanNames, String database, Predicate<String> databases) {
		List<String> candidates = beanNames.stream()
			.filter((beanName) -> isAutowireCandidate(beanFactory, beanName))
			.toList();
		List<String> own = candidates.stream()
			.filter((beanName) -> isQualified(beanFactory, beanName, database::equals))
			.toList();
		if (own.size() > 1) {
			throw several(database, own, type);
		}
		if (!own.isEmpty()) {
			return own.get(0);
		}
		List<String> shared = candidates.stream()
			.filter((beanName) -> !isQualified(beanFactory, beanName, databases))
			.toList();
		return (shared.size() > 1) ? PreferredBean.find(beanFactory, type, shared, database)
				: shared.stream().findFirst().orElse(null);
	}

	/**
	 * Returns the ordered beans of a type whose names match.
	 * @param <T> the type of the bean
	 * @param beanFactory the bean factory
	 * @param type the type of the bean
	 * @param beanName matches the names of the beans
	 * @return the beans
	 */
	public static <T> List<T> getAll(ConfigurableListableBeanFactory beanFactory, Class<T> type,
			Predicate<String> beanName) {
		Set<T> own = Stream.of(beanFactory.getBeanNamesForType(type))
			.filter((each) -> isAutowireCandidate(beanFactory, each) && beanName.test(each))
			.map((each) -> beanFactory.getBean(each, type))
			.collect(Collectors.toCollection(LinkedHashSet::new));
		// the order may be declared at the method of a bean, which its instance does not
		// know
		Stream<T> ordered = beanFactory.getBeanProvider(type).orderedStream().filter(own::contains);
		// these do not include beans that require a qualifier
		return Stream.concat(ordered, own.stream().sorted(AnnotationAwareOrderComparator.INSTANCE)).distinct().toList();
	}

	/**
	 * Returns the names of the beans of a type that may be missing on the class path.
	 * @param beanFactory the bean factory
	 * @param className the name of the type
	 * @param qualifier matches the qualifier
	 * @return the names
	 */
	public static Stream<String> getNames(ConfigurableListableBeanFactory beanFactory, String className,
			Predicate<String> qualifier) {
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		if (!ClassUtils.isPresent(className, classLoader)) {
			return Stream.empty();
		}
		Class<?> type = ClassUtils.resolveClassName(className, classLoader);
		return Stream.of(beanFactory.getBeanNamesForType(type, true, false))
			.filter((beanName) -> isQualified(beanFactory, beanName, qualifier));
	}

	/**
	 * Returns whether a bean has a qualifier. A scoped proxy has the qualifier of its
	 * target, which Spring considers at injection points only.
	 * @param beanFactory the bean factory
	 * @param beanName the bean name
	 * @param qualifier the qualifier
	 * @return whether a bean has a qualifier
	 */
	public static boolean isQualified(ConfigurableListableBeanFactory beanFactory, String beanName,
			Predicate<String> qualifier) {
		if (BeanFactoryAnnotationUtils.isQualifierMatch(qualifier, beanName, beanFactory)) {
			return true;
		}
		BeanDefinitionHolder target = (beanFactory.containsBeanDefinition(beanName)
				&& beanFactory.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition)
						? definition.getDecoratedDefinition() : null;
		return target != null
				&& BeanFactoryAnnotationUtils.isQualifierMatch(qualifier, target.getBeanName(), beanFactory);
	}

	/**
	 * Returns whether a bean has a qualifier besides its name.
	 * @param beanFactory the bean factory
	 * @param beanName the bean name
	 * @return whether it has one
	 */
	public static boolean hasQualifier(ConfigurableListableBeanFactory beanFactory, String beanName) {
		Set<String> names = new HashSet<>(List.of(beanFactory.getAliases(beanName)));
		names.add(beanName);
		names.add(ScopedProxyUtils.getTargetBeanName(beanName));
		return isQualified(beanFactory, beanName, (qualifier) -> !names.contains(qualifier));
	}

	/**
	 * Returns whether a bean can be injected. The target of a scoped proxy cannot, as it
	 * is replaced when its scope starts again.
	 * @param beanFactory the bean factory
	 * @param beanName matches the names of the beans
	 * @return whether it can be injected
	 */
	public static boolean isAutowireCandidate(ConfigurableListableBeanFactory beanFactory, String beanName) {
		return !beanFactory.containsBeanDefinition(beanName)
				|| beanFactory.getMergedBeanDefinition(beanName).isAutowireCandidate();
	}

}
