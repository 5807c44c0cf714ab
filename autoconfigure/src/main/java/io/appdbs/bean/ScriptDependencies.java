package io.appdbs.bean;

import java.util.stream.Stream;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Removes the dependency on Boot's scripts for the default database, which Boot adds to
 * every bean that uses a database, from the beans of the other ones. They would wait for
 * the default database.
 */
class ScriptDependencies implements BeanFactoryPostProcessor, Ordered {

	/** The name in Boot's {@code DataSourceInitializationAutoConfiguration}. */
	private static final String SCRIPTS = "dataSourceScriptDatabaseInitializer";

	/**
	 * After Boot's {@code DatabaseInitializationDependencyConfigurer}.
	 */
	@Override
	public int getOrder() {
		return 1;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (AotDetector.useGeneratedArtifacts()) {
			return;
		}
		Stream.of(beanFactory.getBeanDefinitionNames())
			.map(beanFactory::getBeanDefinition)
			.filter(ScriptDependencies::isOfAnotherDatabase)
			.forEach(ScriptDependencies::remove);
	}

	private static boolean isOfAnotherDatabase(BeanDefinition definition) {
		return !definition.isPrimary()
				&& String.valueOf(definition.getBeanClassName()).startsWith(ScriptDependencies.class.getPackageName());
	}

	private static void remove(BeanDefinition definition) {
		String[] dependencies = definition.getDependsOn();
		if (dependencies != null) {
			definition.setDependsOn(
					Stream.of(dependencies).filter((dependency) -> !SCRIPTS.equals(dependency)).toArray(String[]::new));
		}
	}

}
