package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Set;

import io.appdbs.Databases;
import io.appdbs.bean.CandidateRoles;
import io.appdbs.bean.DataJdbcBeans;
import io.appdbs.bean.DatabaseBeanDefinitions;
import io.appdbs.bean.DatabaseInjectionPostProcessor;
import io.appdbs.bean.EntityManagerFactories;
import io.appdbs.bean.JpaBeanDefinitions;
import io.appdbs.bean.MigratedDatabases;
import io.appdbs.bean.UserBeans;
import io.appdbs.config.ConfigurationProblems;
import io.appdbs.config.ConfiguredSources;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.Assert;

/**
 * Registers the beans of every database. Runs before Boot's own auto-configurations are
 * evaluated, so that they see what there is, and after the application's own definitions,
 * so that these win.
 */
class DatabaseBeansRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware, BeanFactoryAware {

	private @Nullable ConfigurableEnvironment environment;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = (ConfigurableEnvironment) environment;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		ConfigurableEnvironment environment = this.environment;
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		Assert.state(environment != null && beanFactory != null, "Environment and bean factory must be set");
		makeDefaultsLazy(registry);
		if (hasParentDatabases(beanFactory)) {
			// the beans of the parent are visible here; a second pool for each would be
			// waste
			rejectAdditional(DatabaseNames.get(environment), beanFactory.getBean(Databases.class).getNames());
			DatabaseInjectionPostProcessor.registerForParent(registry, beanFactory);
			if (beanFactory.containsBean(DatabaseBeanDefinitions.RETRIES)) {
				DatabaseBeanDefinitions.registerTransactionPostProcessors(registry);
			}
			if (DatabaseBeanDefinitions.jpaPresent) {
				JpaBeanDefinitions.registerForParent(registry, beanFactory);
			}
			return;
		}
		List<String> names = DatabaseNames.getAll(environment);
		List<DeclaredDatabase> databases = DeclaredDatabase.read(environment, DatabaseNames.select(environment, names),
				beanFactory.getBeanClassLoader());
		UnmanagedDatabases foreign = new UnmanagedDatabases(beanFactory, environment, names);
		rejectTwoDefaults(databases, foreign);
		boolean foreignRelational = foreign.hasRelational()
				|| (databases.stream().noneMatch(DeclaredDatabase::isRelational)
						&& foreign.isRelationalAutoConfigured());
		CandidateRoles roles = new CandidateRoles(databases, foreignRelational, foreign.hasMongo());
		MigratedDatabases migrated = new MigratedDatabases(beanFactory, environment);
		migrated.hideAdditions(names);
		Set<String> factories = DatabaseBeanDefinitions.jpaPresent
				? EntityManagerFactories.assignRoles(beanFactory, databases, roles) : Set.of();
		boolean bootMigrates = foreignRelational || BootFlyway.isActive(environment);
		DatabaseBeanDefinitions definitions = new DatabaseBeanDefinitions(registry, new UserBeans(beanFactory), roles,
				factories);
		definitions.register(databases, migrated::contains, bootMigrates);
		if (DatabaseBeanDefinitions.dataJdbcPresent) {
			definitions.registerDialect(databases,
					(database) -> DataJdbcBeans.isDialectKnown(database.name(), environment, beanFactory));
		}
		if (!foreignRelational && databases.stream().anyMatch(DeclaredDatabase::isRelational)) {
			BootFlyway.switchOff(environment);
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
					"it is configured in a child context, which uses the databases of its parent: %s."
						.formatted(String.join(", ", parents)),
					"Move '%s' to the configuration of the parent context."
						.formatted(ConfiguredSources.database(name))));
		problems.throwIfAny();
	}

	/**
	 * Boot binds them, for an endpoint only. The values that are used are bound with the
	 * databases, and others need not resolve.
	 */
	private static void makeDefaultsLazy(BeanDefinitionRegistry registry) {
		String defaults = ConfiguredSources.DEFAULTS + "-" + DatabaseSettings.class.getName();
		if (registry.containsBeanDefinition(defaults)) {
			registry.getBeanDefinition(defaults).setLazyInit(true);
		}
	}

	private static void rejectTwoDefaults(List<DeclaredDatabase> databases, UnmanagedDatabases foreign) {
		ConfigurationProblems problems = new ConfigurationProblems();
		databases.stream()
			.filter(DeclaredDatabase::primary)
			.forEach((primary) -> rejectTwoDefaults(primary, foreign, problems));
		problems.throwIfAny();
	}

	private static void rejectTwoDefaults(DeclaredDatabase primary, UnmanagedDatabases foreign,
			ConfigurationProblems problems) {
		String property = (primary.kind() == DatabaseKind.RELATIONAL) ? foreign.getRelationalProperty()
				: foreign.getMongoProperty();
		if (property != null) {
			String key = DatabaseDefinition.key(primary.name(), "primary");
			problems.add(primary.name(), key, null,
					"'%s' is true, but '%s' is set as well. Each would be what an injection without qualifier gets."
						.formatted(key, property),
					"Remove '%s' and inject @Qualifier(\"%s\"), or remove '%s'.".formatted(key, primary.name(),
							property));
		}
	}

}
