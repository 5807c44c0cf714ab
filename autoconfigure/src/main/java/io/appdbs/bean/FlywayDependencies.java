package io.appdbs.bean;

import java.util.Set;
import java.util.stream.Stream;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Undoes that Boot makes every bean on any database depend on every Flyway, so that each
 * bean waits for its own database alone. Where Flyway is ours that dependency is there
 * already: a pool is handed out when its database has been migrated.
 */
class FlywayDependencies implements BeanFactoryPostProcessor, Ordered {

	private final Set<String> flyways;

	private final ExplicitDependencies explicit;

	FlywayDependencies(String[] flyways, ExplicitDependencies explicit) {
		this.flyways = Set.of(flyways);
		this.explicit = explicit;
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
					.filter((dependency) -> !this.flyways.contains(dependency)
							|| this.explicit.contains(beanName, dependency))
					.toArray(String[]::new));
			}
		}
	}

}
