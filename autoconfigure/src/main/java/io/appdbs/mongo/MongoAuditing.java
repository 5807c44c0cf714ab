package io.appdbs.mongo;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanReference;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.beans.factory.config.RuntimeBeanReference;

/**
 * Lets Spring Data's auditing of MongoDB look at the entities of all databases. It refers
 * to the one mapping context that Boot has, which is not there with named databases
 * alone, and whose template would create the indexes of these entities.
 */
public class MongoAuditing implements BeanFactoryPostProcessor {

	/**
	 * The bean with the mapping context of auditing.
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
