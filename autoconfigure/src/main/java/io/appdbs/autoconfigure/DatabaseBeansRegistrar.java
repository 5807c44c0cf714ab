package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.Databases;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.ChangelogDatabases;
import io.appdbs.bean.DataJdbcBeans;
import io.appdbs.bean.DatabaseBeanDefinitions;
import io.appdbs.bean.DatabaseInjectionPostProcessor;
import io.appdbs.bean.MigratedDatabases;
import io.appdbs.bean.MigrationBeanDefinitions.MigrationTool;
import io.appdbs.bean.jpa.EntityManagerFactories;
import io.appdbs.bean.jpa.JpaBeanDefinitions;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRoles;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.bean.route.RouteBeanDefinitions;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.RouteSettingsBinder;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.RuntimeSettings;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Registers the beans of every database. Runs before Boot's own auto-configurations are
 * evaluated, so that they back off, and after the application's own definitions, so that
 * these take precedence.
 */
class DatabaseBeansRegistrar implements ImportBeanDefinitionRegistrar {

	private static final boolean jpaPresent = isPresent("jakarta.persistence.EntityManagerFactory")
			&& isPresent("org.springframework.orm.jpa.JpaTransactionManager");

	private static final boolean schemaManagementPresent = isPresent(
			"org.springframework.boot.jdbc.SchemaManagementProvider");

	private static final boolean dataJdbcPresent = isPresent("org.springframework.data.jdbc.core.dialect.JdbcDialect");

	private final ConfigurableEnvironment environment;

	private final ConfigurableListableBeanFactory beanFactory;

	private final ResourceLoader resourceLoader;

	DatabaseBeansRegistrar(Environment environment, BeanFactory beanFactory, ResourceLoader resourceLoader) {
		this.resourceLoader = resourceLoader;
		this.environment = (ConfigurableEnvironment) environment;
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, DatabaseBeansRegistrar.class.getClassLoader());
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		makeDefaultsLazy(registry);
		if (hasParentDatabases(this.beanFactory)) {
			registerForParent(registry);
		}
		else {
			register(registry);
		}
	}

	private void register(BeanDefinitionRegistry registry) {
		List<String> names = DatabaseNames.getAll(this.environment);
		List<DeclaredDatabase> databases = DeclaredDatabase.read(this.environment,
				DatabaseNames.select(this.environment, names), this.beanFactory.getBeanClassLoader());
		List<DeclaredDatabase> routes = RouteSettingsBinder
			.bind(this.environment, names, this.beanFactory.getBeanClassLoader())
			.keySet()
			.stream()
			.map(DeclaredDatabase::ofRoute)
			.toList();
		List<String> qualifiers = Stream.concat(names.stream(), routes.stream().map(DeclaredDatabase::name)).toList();
		UnmanagedDatabases unmanaged = new UnmanagedDatabases(this.beanFactory, this.environment, qualifiers);
		rejectTwoDefaults(databases, unmanaged);
		boolean unmanagedRelational = isRelationalDefaultUnmanaged(databases, unmanaged);
		boolean unmanagedMongo = unmanaged.hasMongo();
		CandidateRoles roles = new CandidateRoles(databases, unmanagedRelational, unmanagedMongo);
		UserBeans.hideAdditions(this.beanFactory, qualifiers);
		UserBeans.hideMappings(this.beanFactory, roles.findOthers(qualifiers));
		Set<String> factories = jpaPresent ? EntityManagerFactories.assignRoles(this.beanFactory, databases, roles)
				: Set.of();
		DatabaseBeanDefinitions definitions = new DatabaseBeanDefinitions(registry, new UserBeans(this.beanFactory),
				roles, factories);
		register(definitions, databases, names, unmanagedRelational);
		if (!routes.isEmpty()) {
			definitions.registerRetries();
			RouteBeanDefinitions.register(definitions.getBeans(), routes);
		}
		new ReactiveMongoRegistration(registry).register(definitions.getBeans(), databases, unmanagedMongo);
		if (dataJdbcPresent) {
			definitions.registerDialect(databases,
					(database) -> DataJdbcBeans.isDialectKnown(database.name(), this.environment, this.beanFactory));
		}
		new PersistenceRegistration(registry, this.beanFactory, this.environment, this.resourceLoader)
			.register(databases, names, routes, definitions, unmanaged);
		definitions.registerInjection();
		if (databases.stream().anyMatch(DeclaredDatabase::isRelational)) {
			registerPersistence(registry, definitions.getRelationalTransactionManagers());
		}
	}

	/**
	 * Registers the beans of the databases with those of their migrations, which Boot
	 * would otherwise execute on the primary database.
	 */
	private void register(DatabaseBeanDefinitions definitions, List<DeclaredDatabase> databases, List<String> names,
			boolean unmanagedRelational) {
		MigratedDatabases migrated = new MigratedDatabases(this.beanFactory, this.environment);
		ChangelogDatabases changelogs = new ChangelogDatabases(this.beanFactory, this.environment);
		changelogs.rejectMigratedByFlyway(databases, migrated);
		definitions.register(databases,
				new MigrationTool(migrated::contains,
						unmanagedRelational || BootMigrations.FLYWAY.isActive(this.environment)),
				new MigrationTool(changelogs::contains,
						unmanagedRelational || BootMigrations.LIQUIBASE.isActive(this.environment)));
		if (!unmanagedRelational && databases.stream().anyMatch(DeclaredDatabase::isRelational)) {
			if (!BootMigrations.LIQUIBASE.isActive(this.environment)) {
				changelogs.warnUnused(names);
			}
			BootMigrations.FLYWAY.disable(this.environment);
			BootMigrations.LIQUIBASE.disable(this.environment);
		}
	}

	/**
	 * A data source of the application, such as one for a library, is not the default if
	 * one of the databases is primary.
	 */
	private static boolean isRelationalDefaultUnmanaged(List<DeclaredDatabase> databases,
			UnmanagedDatabases unmanaged) {
		List<DeclaredDatabase> relational = databases.stream().filter(DeclaredDatabase::isRelational).toList();
		return relational.stream().noneMatch(DeclaredDatabase::primary)
				&& (unmanaged.hasRelational() || (relational.isEmpty() && unmanaged.isRelationalAutoConfigured()));
	}

	/**
	 * The beans of the parent context are visible here, so no second pool is opened.
	 */
	private void registerForParent(BeanDefinitionRegistry registry) {
		rejectAdditional(DatabaseNames.get(this.environment), this.beanFactory.getBean(Databases.class).getNames());
		DatabaseInjectionPostProcessor.registerForParent(registry, this.beanFactory);
		if (this.beanFactory.containsBean(DatabaseBeanDefinitions.RETRIES)) {
			DatabaseBeanDefinitions.registerTransactionPostProcessors(registry);
		}
		if (jpaPresent) {
			JpaBeanDefinitions.registerForParent(registry, this.beanFactory);
		}
	}

	/**
	 * Registers the beans for the application's persistence on relational databases.
	 */
	private static void registerPersistence(BeanDefinitionRegistry registry, Map<String, String> managers) {
		if (jpaPresent) {
			JpaBeanDefinitions.register(registry, managers);
		}
		if (schemaManagementPresent) {
			BeanDefinitions.registerInfrastructure(registry, "appDbsSchemaManagementProvider",
					BeanDefinitions.autowired(DatabaseSchemaManagementProvider.class));
		}
	}

	static boolean hasParentDatabases(BeanFactory beanFactory) {
		return beanFactory instanceof HierarchicalBeanFactory child
				&& child.getParentBeanFactory() instanceof ListableBeanFactory parent
				&& BeanFactoryUtils.beanNamesForTypeIncludingAncestors(parent, Databases.class).length > 0;
	}

	private static void rejectAdditional(List<String> names, Set<String> parents) {
		ConfigurationProblems problems = new ConfigurationProblems();
		names.stream()
			.filter((name) -> !parents.contains(name))
			.forEach((name) -> problems.add(name, ConfiguredSources.database(name).toString(), null,
					"the database is configured in a child context, which uses the databases of its parent: %s."
						.formatted(String.join(", ", parents)),
					"Move '%s' to the configuration of the parent context."
						.formatted(ConfiguredSources.database(name))));
		problems.throwIfAny();
	}

	/**
	 * Boot binds the defaults for an endpoint only. Defaults that are used are bound with
	 * the databases; others need not resolve.
	 */
	private static void makeDefaultsLazy(BeanDefinitionRegistry registry) {
		for (String bean : List.of(ConfiguredSources.DEFAULTS + "-" + DatabaseSettings.class.getName(),
				ConfiguredSources.RUNTIME + "-" + RuntimeSettings.class.getName())) {
			if (registry.containsBeanDefinition(bean)) {
				registry.getBeanDefinition(bean).setLazyInit(true);
			}
		}
	}

	private static void rejectTwoDefaults(List<DeclaredDatabase> databases, UnmanagedDatabases unmanaged) {
		ConfigurationProblems problems = new ConfigurationProblems();
		databases.stream()
			.filter(DeclaredDatabase::primary)
			.forEach((primary) -> rejectTwoDefaults(primary, unmanaged, problems));
		problems.throwIfAny();
	}

	private static void rejectTwoDefaults(DeclaredDatabase primary, UnmanagedDatabases unmanaged,
			ConfigurationProblems problems) {
		String property = (primary.kind() == DatabaseKind.RELATIONAL) ? unmanaged.getRelationalProperty()
				: unmanaged.getMongoProperty();
		if (property != null) {
			String key = DatabaseDefinition.key(primary.name(), "primary");
			problems.add(primary.name(), key, null,
					"'%s' is true, but '%s' is set as well. Only one of them can be the default for injections without qualifier."
						.formatted(key, property),
					"Remove '%s' and inject with @Qualifier(\"%s\"), or remove '%s'.".formatted(key, primary.name(),
							property))
				.in(TroubleshootingSection.BEAN);
		}
	}

}
