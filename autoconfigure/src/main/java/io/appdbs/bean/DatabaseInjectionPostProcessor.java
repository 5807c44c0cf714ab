package io.appdbs.bean;

import java.util.Set;

import io.appdbs.bean.registry.BeanDefinitions;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateResolver;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;
import org.springframework.core.PriorityOrdered;

/**
 * Replaces Spring's resolver by the {@link DatabaseAutowireCandidateResolver}. A resolver
 * of the application is kept.
 */
public class DatabaseInjectionPostProcessor implements BeanFactoryPostProcessor, PriorityOrdered {

	private static final String BEAN_NAME = "appDbsInjectionPostProcessor";

	private final Set<String> beanNames;

	DatabaseInjectionPostProcessor(String[] beanNames) {
		this.beanNames = Set.of(beanNames);
	}

	/**
	 * Registers a post-processor for the databases of a context.
	 * @param registry the registry of the context
	 * @param beanNames the names of the databases' beans, aliases included
	 */
	static void register(BeanDefinitionRegistry registry, Set<String> beanNames) {
		BeanDefinitions.registerInfrastructure(registry, BEAN_NAME, BeanDefinitions
			.autowired(DatabaseInjectionPostProcessor.class, (Object) beanNames.toArray(String[]::new)));
	}

	/**
	 * Registers a post-processor for the databases of a parent context.
	 * @param registry the registry of the child
	 * @param beanFactory the bean factory of the child
	 */
	public static void registerForParent(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.containsBean(BEAN_NAME)) {
			register(registry, beanFactory.getBean(BEAN_NAME, DatabaseInjectionPostProcessor.class).beanNames);
		}
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory instanceof DefaultListableBeanFactory factory
				&& isStandard(factory.getAutowireCandidateResolver())) {
			factory.setAutowireCandidateResolver(
					new DatabaseAutowireCandidateResolver(this.beanNames, factory.getAutowireCandidateResolver()));
		}
	}

	/**
	 * Returns whether a resolver is Spring's, or the one of Spring Data, which makes
	 * injection points of lazy repositories lazy.
	 */
	private static boolean isStandard(AutowireCandidateResolver resolver) {
		return resolver instanceof ContextAnnotationAutowireCandidateResolver
				&& resolver.getClass().getName().startsWith("org.springframework.");
	}

}
