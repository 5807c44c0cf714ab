package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.config.MisspelledGroups;
import io.appdbs.config.RouteSettingsBinder;
import io.appdbs.config.UnmatchedVariables;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Reports configuration that would be ignored, once per application, even if there is no
 * database. Registers no beans.
 */
class IgnoredKeysRegistrar implements ImportBeanDefinitionRegistrar {

	private static final Log logger = LogFactory.getLog(IgnoredKeysRegistrar.class);

	private final Environment environment;

	private final ConfigurableListableBeanFactory beanFactory;

	IgnoredKeysRegistrar(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	/**
	 * Reports configuration that would be ignored.
	 * @throws InvalidDatabaseConfigurationException if a group of keys is misspelt and
	 * there is no database; otherwise {@link DatabaseSettingsBinder} reports it together
	 * with all other problems
	 */
	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		if (DatabaseBeansRegistrar.hasParentDatabases(this.beanFactory)) {
			return;
		}
		List<String> names = DatabaseNames.getAll(this.environment);
		excludeDisabled(DisabledDatabase.find(this.environment, names));
		ConfiguredSources sources = ConfiguredSources.of(this.environment);
		new UnmatchedVariables(sources, names).warn();
		if (DatabaseNames.select(this.environment, names).isEmpty()) {
			ConfigurationProblems problems = new ConfigurationProblems();
			new MisspelledGroups(this.environment, sources, names, problems).validate();
			rejectRoutes(names, sources, problems);
			problems.throwIfAny();
		}
	}

	private void rejectRoutes(List<String> names, ConfiguredSources sources, ConfigurationProblems problems) {
		if (names.isEmpty() && !sources.isGroup(ConfiguredSources.RUNTIME)
				&& !RouteSettingsBinder.getNames(this.environment).isEmpty()) {
			problems.add(null, "app.dbs-routes", null,
					"'app.dbs-routes' has routes, but there is no database below 'app.dbs', and 'app.dbs-runtime' is not set.",
					"Add the databases of the routes below 'app.dbs', set 'app.dbs-runtime.max-databases' if they are added at run time, or remove 'app.dbs-routes'.");
		}
	}

	/**
	 * Logs the disabled databases and hides the migrations that the application defines
	 * for them from Boot's Flyway.
	 */
	private void excludeDisabled(Map<String, DisabledDatabase> disabled) {
		if (!disabled.isEmpty()) {
			logger.info("Disabled databases: " + disabled.values()
				.stream()
				.map((database) -> "%s ('%s')".formatted(database.name(), database.place().key()))
				.collect(Collectors.joining(", ")));
			UserBeans.hideAdditions(this.beanFactory, disabled.keySet());
		}
	}

}
