package io.appdbs.bean;

import io.appdbs.bean.registry.BeanDefinitions;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanReference;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.util.StringUtils;

/**
 * Provides the auditing of a module of Spring Data with the entities of all databases. By
 * default it refers to Boot's single mapping context, which does not exist if there are
 * only named databases, and which would contain the entities of all of them. For MongoDB
 * its template would create the indexes of these entities.
 */
public class AuditingPostProcessor implements BeanFactoryPostProcessor {

	private final String handler;

	private final String mappingContext;

	private final String replacement;

	/**
	 * Creates a new {@link AuditingPostProcessor}.
	 * @param handler the name of the auditing handler's bean
	 * @param mappingContext the name of the bean that the handler refers to
	 * @param replacement the name of the bean that it is to refer to
	 */
	AuditingPostProcessor(String handler, String mappingContext, String replacement) {
		this.handler = handler;
		this.mappingContext = mappingContext;
		this.replacement = replacement;
	}

	/**
	 * Registers the post-processor for a module.
	 * @param registry where to register it
	 * @param handler the name of the auditing handler's bean
	 * @param mappingContext the name of the bean that the handler refers to
	 * @param replacement the mapping context that it is to refer to
	 */
	public static void register(BeanDefinitionRegistry registry, String handler, String mappingContext,
			RootBeanDefinition replacement) {
		replacement.setLazyInit(true);
		// Boot's own context would back off otherwise
		replacement.setAutowireCandidate(false);
		String prefix = "appDbs" + StringUtils.capitalize(handler);
		BeanDefinitions.registerInfrastructure(registry, prefix + "MappingContext", replacement);
		BeanDefinitions.registerInfrastructure(registry, prefix + "PostProcessor", BeanDefinitions
			.autowired(AuditingPostProcessor.class, handler, mappingContext, prefix + "MappingContext"));
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (AotDetector.useGeneratedArtifacts() || !beanFactory.containsBeanDefinition(this.handler)) {
			return;
		}
		for (ValueHolder argument : beanFactory.getBeanDefinition(this.handler)
			.getConstructorArgumentValues()
			.getIndexedArgumentValues()
			.values()) {
			if (argument.getValue() instanceof BeanReference reference
					&& reference.getBeanName().equals(this.mappingContext)) {
				argument.setValue(new RuntimeBeanReference(this.replacement));
			}
		}
	}

}
