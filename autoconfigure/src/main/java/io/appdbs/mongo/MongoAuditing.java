package io.appdbs.mongo;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanReference;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.beans.factory.config.RuntimeBeanReference;

/**
 * Provides Spring Data's MongoDB auditing with the entities of all databases. By default
 * it refers to Boot's single mapping context, which does not exist if there are only
 * named databases, and whose template would create the indexes of these entities.
 */
public class MongoAuditing implements BeanFactoryPostProcessor {

	/**
	 * Name of the bean with the mapping context for auditing.
	 */
	public static final String MAPPING_CONTEXT = "appDbsMongoAuditingMappingContext";

	/** Registered by {@code @EnableMongoAuditing}. */
	private static final String HANDLER = "mongoAuditingHandler";

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (AotDetector.useGeneratedArtifacts() || !beanFactory.containsBeanDefinition(HANDLER)) {
			return;
		}
		for (ValueHolder argument : beanFactory.getBeanDefinition(HANDLER)
			.getConstructorArgumentValues()
			.getIndexedArgumentValues()
			.values()) {
			if (argument.getValue() instanceof BeanReference reference
					&& reference.getBeanName().equals("mongoMappingContext")) {
				argument.setValue(new RuntimeBeanReference(MAPPING_CONTEXT));
			}
		}
	}

}
