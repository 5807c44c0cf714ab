package io.appdbs.autoconfigure;

import java.util.Collection;
import java.util.List;

import io.appdbs.DatabasePackage;
import io.appdbs.bean.DatabaseBeanDefinitions;
import io.appdbs.bean.data.ClassFiles;
import io.appdbs.bean.data.DatabasePackages;
import io.appdbs.bean.data.DatabasePersistence;
import io.appdbs.config.ConfigurationProblems;
import io.appdbs.config.DeclaredDatabase;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Registers the entities and repositories in the packages of the databases.
 *
 * @param registry where to register them
 * @param beanFactory the bean factory
 * @param environment the environment
 * @param resourceLoader loads class files
 */
record PersistenceRegistration(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beanFactory,
		Environment environment, ResourceLoader resourceLoader) {

	/**
	 * Registers the beans.
	 * @param databases the databases that the application uses
	 * @param names the names of all configured databases
	 * @param definitions the beans of the databases, which have been registered
	 */
	void register(List<DeclaredDatabase> databases, List<String> names, DatabaseBeanDefinitions definitions) {
		ConfigurationProblems problems = new ConfigurationProblems();
		DatabasePackages packages = findPackages(names, problems);
		problems.throwIfAny();
		if (packages.isEmpty()) {
			return;
		}
		Collection<String> units = new DatabasePersistence(this.registry, definitions.getBeans(), this.environment,
				this.resourceLoader, packages, problems)
			.register(databases);
		problems.throwIfAny();
		databases.stream().filter((database) -> units.contains(database.name())).forEach(definitions::deferDataSource);
	}

	private DatabasePackages findPackages(List<String> names, ConfigurationProblems problems) {
		List<String> roots = AutoConfigurationPackages.has(this.beanFactory)
				? AutoConfigurationPackages.get(this.beanFactory) : List.of();
		return DatabasePackages.read(this.environment, names,
				new ClassFiles(this.resourceLoader).findAnnotated(roots, DatabasePackage.class.getName()), problems);
	}

}
