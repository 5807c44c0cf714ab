package io.appdbs.testcontainers;

import java.util.Set;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Configures MongoDB containers that are beans as replica sets, before they are started.
 *
 * @param beanNames the names of the beans
 */
record ReplicaSets(Set<String> beanNames) implements BeanPostProcessor {

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (this.beanNames.contains(beanName)) {
			ContainerKind.prepare(bean);
		}
		return bean;
	}

}
