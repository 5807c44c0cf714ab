package io.appdbs.bean;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.bean.registry.BeanDefinitions;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;

/**
 * Removes the dependencies on the starter's Flyway and Liquibase beans that Boot adds to
 * every bean that uses a database, so that a bean waits for its own database only. These
 * dependencies are not needed: a pool is available only after its database has been
 * migrated.
 */
class MigrationDependencies implements BeanFactoryPostProcessor, Ordered {

	private static final String EXPLICIT = "appDbsExplicitDependencies";

	private final Set<String> migrations;

	private final Explicit explicit;

	MigrationDependencies(String[] migrations, Explicit explicit) {
		this.migrations = Set.of(migrations);
		this.explicit = explicit;
	}

	static void register(BeanDefinitionRegistry registry, Collection<String> migrations) {
		registry.registerBeanDefinition(EXPLICIT, new RootBeanDefinition(Explicit.class));
		registry.registerBeanDefinition("appDbsMigrationDependencies", BeanDefinitions.autowired(
				MigrationDependencies.class, migrations.toArray(String[]::new), new RuntimeBeanReference(EXPLICIT)));
	}

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
		for (String beanName : beanFactory.getBeanDefinitionNames()) {
			BeanDefinition definition = beanFactory.getBeanDefinition(beanName);
			String[] dependencies = definition.getDependsOn();
			if (dependencies != null) {
				definition.setDependsOn(Stream.of(dependencies)
					.filter((dependency) -> !this.migrations.contains(dependency)
							|| this.explicit.contains(beanName, dependency))
					.toArray(String[]::new));
			}
		}
	}

	/**
	 * Records the dependencies that the application declares, before Boot adds its own.
	 */
	static class Explicit implements BeanFactoryPostProcessor, Ordered {

		private final Map<String, Set<String>> dependencies = new HashMap<>();

		/**
		 * Before Boot's {@code DatabaseInitializationDependencyConfigurer}.
		 */
		@Override
		public int getOrder() {
			return -1;
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			for (String beanName : beanFactory.getBeanDefinitionNames()) {
				String[] explicit = beanFactory.getBeanDefinition(beanName).getDependsOn();
				if (explicit != null) {
					this.dependencies.put(beanName, new HashSet<>(Arrays.asList(explicit)));
				}
			}
		}

		boolean contains(String beanName, String dependency) {
			return this.dependencies.getOrDefault(beanName, Set.of()).contains(dependency);
		}

	}

}
