package io.appdbs.testcontainers;

import java.util.Set;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Configures MongoDB containers that are beans as replica sets, before they are started.
 */
class ReplicaSets implements BeanPostProcessor {

	private final Set<String> beanNames;

	ReplicaSets(Set<String> beanNames) {
		this.beanNames = beanNames;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (this.beanNames.contains(beanName)) {
			ContainerKind.prepare(bean);
		}
		return bean;
	}

}
