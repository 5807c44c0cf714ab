package io.appdbs.bean;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Remembers what the application itself makes beans depend on, which cannot be told from
 * what Boot adds once that has happened.
 */
class ExplicitDependencies implements BeanFactoryPostProcessor, Ordered {

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
