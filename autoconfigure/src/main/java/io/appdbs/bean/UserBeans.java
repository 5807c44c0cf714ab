package io.appdbs.bean;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DeclaredDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.util.ClassUtils;

/**
 * The beans that an application defines under the qualifier of a database. They replace
 * the beans of the starter.
 */
public final class UserBeans {

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
	 * @throws InvalidDatabaseConfigurationException if several beans match, or if a bean
	 * that does not match has the name of the starter's bean
	 */
	@Nullable String find(DeclaredDatabase database, Class<?> type, String beanName) {
		List<String> found = Stream
			.of(this.namesByType.computeIfAbsent(type,
					(each) -> this.beanFactory.getBeanNamesForType(each, true, false)))
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
		return found.isEmpty() ? null : found.get(0);
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
		return getAll(beanFactory, type, (beanName) -> isQualified(beanFactory, beanName, database::equals)
				|| !isQualified(beanFactory, beanName, databases::contains));
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
	 * @throws InvalidDatabaseConfigurationException if several beans have the qualifier
	 */
	public static <T> @Nullable T findFor(ConfigurableListableBeanFactory beanFactory, Class<T> type, String database,
			Set<String> databases) {
		List<String> own = Stream.of(beanFactory.getBeanNamesForType(type))
			.filter((beanName) -> isAutowireCandidate(beanFactory, beanName)
					&& isQualified(beanFactory, beanName, database::equals))
			.toList();
		if (own.size() > 1) {
			throw several(database, own, type);
		}
		if (!own.isEmpty()) {
			return beanFactory.getBean(own.get(0), type);
		}
		List<String> shared = Stream.of(beanFactory.getBeanNamesForType(type))
			.filter((beanName) -> isAutowireCandidate(beanFactory, beanName)
					&& !isQualified(beanFactory, beanName, databases::contains))
			.toList();
		List<String> primary = shared.stream().filter((beanName) -> isPrimary(beanFactory, beanName)).toList();
		List<String> found = (shared.size() > 1) ? primary : shared;
		return (found.size() == 1) ? beanFactory.getBean(found.get(0), type) : null;
	}

	private static boolean isPrimary(ConfigurableListableBeanFactory beanFactory, String beanName) {
		return beanFactory.containsBeanDefinition(beanName) && beanFactory.getBeanDefinition(beanName).isPrimary();
	}

	/**
	 * Returns the ordered beans of a type whose names match.
	 */
	static <T> List<T> getAll(ConfigurableListableBeanFactory beanFactory, Class<T> type, Predicate<String> beanName) {
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
	 */
	static Stream<String> getNames(ConfigurableListableBeanFactory beanFactory, String className,
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
	 * Returns whether a bean can be injected. The target of a scoped proxy cannot, as it
	 * is replaced when its scope starts again.
	 */
	static boolean isAutowireCandidate(ConfigurableListableBeanFactory beanFactory, String beanName) {
		return !beanFactory.containsBeanDefinition(beanName)
				|| beanFactory.getMergedBeanDefinition(beanName).isAutowireCandidate();
	}

}
