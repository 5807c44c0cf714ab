package io.appdbs.replica;

import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.ConfigurableTransactionManager;

/**
 * Adds a {@link ReadOnlyTransactionListener} to the transaction managers of databases
 * with replicas, including those that the application defines.
 */
public final class TransactionManagerPostProcessor implements BeanPostProcessor {

	private final ObjectProvider<DatabaseLifecycle> lifecycle;

	private final ConfigurableListableBeanFactory beanFactory;

	public TransactionManagerPostProcessor(ObjectProvider<DatabaseLifecycle> lifecycle,
			ConfigurableListableBeanFactory beanFactory) {
		this.lifecycle = lifecycle;
		this.beanFactory = beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ConfigurableTransactionManager manager) {
			DatabaseLifecycle lifecycle = this.lifecycle.getObject();
			lifecycle.getNames()
				.stream()
				.map(lifecycle::getDefinition)
				.filter((definition) -> isOf(definition, beanName))
				.forEach((definition) -> manager.addListener(new ReadOnlyTransactionListener(definition.name())));
		}
		return bean;
	}

	private boolean isOf(DatabaseDefinition definition, String beanName) {
		return !definition.settings().replicas().isEmpty()
				&& BeanFactoryAnnotationUtils.isQualifierMatch(definition.name()::equals, beanName, this.beanFactory);
	}

}
