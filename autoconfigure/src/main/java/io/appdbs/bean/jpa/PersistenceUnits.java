package io.appdbs.bean.jpa;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.io.ResourceLoader;
import org.springframework.data.jpa.mapping.JpaMetamodelMappingContext;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypesScanner;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Registers the persistence units of databases. Loaded only if JPA and Hibernate are on
 * the class path.
 */
public final class PersistenceUnits {

	/**
	 * The bean with the mapping context of the repositories on Boot's own unit.
	 */
	public static final String DEFAULT_MAPPING_CONTEXT = "appDbsDefaultJpaMappingContext";

	/** The index of the argument with the managed types in the definition of a unit. */
	static final int MANAGED_TYPES = 3;

	private static final boolean repositoriesPresent = ClassUtils.isPresent(
			"org.springframework.data.jpa.mapping.JpaMetamodelMappingContext", PersistenceUnits.class.getClassLoader());

	private static final String TEST_ENTITY_MANAGER = "org.springframework.boot.jpa.test.autoconfigure.TestEntityManager";

	private static final boolean webMvcPresent = ClassUtils.isPresent(
			"org.springframework.web.servlet.config.annotation.WebMvcConfigurer",
			PersistenceUnits.class.getClassLoader());

	private PersistenceUnits() {
	}

	/**
	 * Finds the types of JPA below packages: entities, embeddables, mapped superclasses
	 * and converters.
	 * @param resourceLoader loads the class files
	 * @param packages the packages
	 * @param included matches the names of the classes to include
	 * @return the names of the classes
	 */
	public static List<String> scan(ResourceLoader resourceLoader, Collection<String> packages,
			Predicate<String> included) {
		return new PersistenceManagedTypesScanner(resourceLoader, included::test)
			.scan(StringUtils.toStringArray(packages))
			.getManagedClassNames();
	}

	/**
	 * Registers the unit of a database.
	 * @param registry where to register it
	 * @param beans registers the beans
	 * @param database the database
	 * @param classNames the managed classes
	 * @param containedTypes the classes whose objects Spring creates and injects:
	 * attribute converters and entity listeners
	 * @param packages the packages of the database
	 * @return the name of the {@link EntityManagerFactory} bean, which is the
	 * application's or the starter's
	 */
	public static String register(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans,
			DeclaredDatabase database, Collection<String> classNames, Collection<String> containedTypes,
			Collection<String> packages) {
		String types = beans.register(database, "PersistenceManagedTypes", PersistenceManagedTypes.class,
				CandidateRole.QUALIFIED, PersistenceUnitBeans.class, StringUtils.toStringArray(classNames),
				StringUtils.toStringArray(packages));
		String factory = beans.register(database, "EntityManagerFactory", EntityManagerFactory.class,
				beans.roles().derived(database), PersistenceUnitBeans.class, database.name(),
				StringUtils.toStringArray(containedTypes), new RuntimeBeanReference(database.beanName("DataSource")),
				new RuntimeBeanReference(types));
		if (BeanDefinitions.isCreatedBy(PersistenceUnitBeans.class, factory, registry)) {
			BeanDefinition definition = registry.getBeanDefinition(factory);
			// built in the background, so the earlier it begins, the better
			definition.setLazyInit(false);
			// a look-up by type would otherwise create the unit
			definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, EntityManagerFactory.class);
		}
		if (repositoriesPresent) {
			Repositories.registerMappingContext(beans, database, factory);
		}
		// an EntityManager of a request would be of one database, and the selection may
		// change
		if (webMvcPresent && isServletApplication(registry) && !database.route()) {
			OpenInView.register(registry, beans, database, factory);
		}
		return factory;
	}

	private static boolean isServletApplication(BeanDefinitionRegistry registry) {
		return registry instanceof ConfigurableBeanFactory beanFactory
				&& beanFactory.getRegisteredScope("session") != null;
	}

	/**
	 * Returns whether the application defines persistence units itself.
	 * @param registry the registry of the application's beans
	 * @return whether there are others than those of databases with packages
	 */
	public static boolean hasOthers(BeanDefinitionRegistry registry) {
		return registry instanceof ListableBeanFactory beanFactory && Stream
			.of(beanFactory.getBeanNamesForType(EntityManagerFactory.class, true, false))
			.anyMatch((beanName) -> !BeanDefinitions.isCreatedBy(PersistenceUnitBeans.class, beanName, registry));
	}

	/**
	 * Registers the mapping context of the repositories on Boot's own unit.
	 * @param registry where to register it
	 */
	public static void registerDefaultMappingContext(BeanDefinitionRegistry registry) {
		RootBeanDefinition definition = BeanDefinitions.of(MappingContextBeans.class, "jpaMappingContext",
				new RuntimeBeanReference("entityManagerFactory"));
		definition.setLazyInit(true);
		definition.setDefaultCandidate(false);
		BeanDefinitions.registerInfrastructure(registry, DEFAULT_MAPPING_CONTEXT, definition);
	}

	/**
	 * Keeps the entities of the databases with packages out of Boot's own unit.
	 * @param registry where to register the filter
	 * @param packages the packages of all databases
	 */
	public static void registerFilter(BeanDefinitionRegistry registry, Collection<String> packages) {
		RootBeanDefinition definition = BeanDefinitions.of(ManagedClassNameFilters.class, "unclaimed",
				(Object) StringUtils.toStringArray(packages));
		definition.setPrimary(true);
		BeanDefinitions.registerInfrastructure(registry, ManagedClassNameFilters.BEAN_NAME, definition);
	}

	/**
	 * Registers Boot's {@code TestEntityManager} on the unit of a database. Boot itself
	 * registers one on the default unit.
	 * @param registry where to register it
	 * @param database the database
	 * @param role the role of the bean
	 */
	public static void registerTestEntityManager(BeanDefinitionRegistry registry, DeclaredDatabase database,
			CandidateRole role) {
		RootBeanDefinition definition = BeanDefinitions.autowired(
				ClassUtils.resolveClassName(TEST_ENTITY_MANAGER, PersistenceUnits.class.getClassLoader()),
				new RuntimeBeanReference(database.beanName("EntityManagerFactory")));
		definition.setLazyInit(true);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, database.name()));
		role.applyTo(definition);
		registry.registerBeanDefinition(database.beanName("TestEntityManager"), definition);
	}

	/**
	 * Loaded only if Spring MVC is on the class path.
	 */
	private static final class OpenInView {

		/**
		 * Registers the interceptor of each unit, also if it is off, so that Boot does
		 * not add the one that is on by default for a primary database.
		 */
		static void register(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans, DeclaredDatabase database,
				String factory) {
			String interceptor = beans.register(database, "OpenEntityManagerInViewInterceptor",
					OpenEntityManagerInViewInterceptor.class, beans.roles().derived(database), OpenInViewBeans.class,
					new RuntimeBeanReference(factory));
			BeanDefinitions.registerInfrastructure(registry,
					database.beanName("OpenEntityManagerInViewInterceptorConfigurer"),
					BeanDefinitions.of(OpenInViewBeans.class, "openEntityManagerInViewInterceptorConfigurer",
							database.name(), interceptor));
		}

	}

	/**
	 * Loaded only if Spring Data JPA is on the class path.
	 */
	private static final class Repositories {

		static void registerMappingContext(DatabaseBeanRegistry beans, DeclaredDatabase database, String factory) {
			beans.register(database, "JpaMappingContext", JpaMetamodelMappingContext.class, CandidateRole.QUALIFIED,
					MappingContextBeans.class, new RuntimeBeanReference(factory));
		}

	}

}
