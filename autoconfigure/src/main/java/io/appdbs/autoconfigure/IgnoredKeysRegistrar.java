package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.bean.MigratedDatabases;
import io.appdbs.config.ConfigurationProblems;
import io.appdbs.config.ConfiguredSources;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.config.MisspelledGroups;
import io.appdbs.config.UnmatchedVariables;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.Assert;

/**
 * Reports configuration that would be ignored, once per application and also where there
 * is no database. Registers nothing.
 */
class IgnoredKeysRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware, BeanFactoryAware {

	private static final Log logger = LogFactory.getLog(IgnoredKeysRegistrar.class);

	private @Nullable Environment environment;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	/**
	 * Report what would be ignored.
	 * @throws InvalidDatabaseConfigurationException if a group of keys is misspelt and
	 * there is no database; otherwise {@link DatabaseSettingsBinder} reports it together
	 * with all other problems
	 */
	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		Environment environment = this.environment;
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		Assert.state(environment != null && beanFactory != null, "Environment and bean factory must be set");
		if (DatabaseBeansRegistrar.hasParentDatabases(beanFactory)) {
			return;
		}
		List<String> names = DatabaseNames.getAll(environment);
		leaveOut(DisabledDatabase.find(environment, names), environment, beanFactory);
		new UnmatchedVariables(ConfiguredSources.of(environment), names).warn();
		if (DatabaseNames.select(environment, names).isEmpty()) {
			ConfigurationProblems problems = new ConfigurationProblems();
			new MisspelledGroups(environment, names, problems).validate();
			problems.throwIfAny();
		}
	}

	/**
	 * Log the databases that are disabled, which may be all, and keep migrations that the
	 * application defines for them away from Boot's Flyway.
	 */
	private static void leaveOut(Map<String, DisabledDatabase> disabled, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		if (!disabled.isEmpty()) {
			logger.info("Disabled databases: " + disabled.values()
				.stream()
				.map((database) -> "%s ('%s')".formatted(database.name(), database.place().key()))
				.collect(Collectors.joining(", ")));
			new MigratedDatabases(beanFactory, environment).hideAdditions(disabled.keySet());
		}
	}

}
