package io.appdbs.transaction;

import java.util.function.Supplier;

import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.PropertyValue;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.PriorityOrdered;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/**
 * {@link BeanPostProcessor} that replaces Spring's transaction interceptor with one that
 * retries transactions, so that no advice can come between. Interceptors of the
 * application's own classes are not replaced.
 */
public final class TransactionRetryPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private final ConfigurableListableBeanFactory beanFactory;

	private final ApplicationEventPublisher events;

	private final Supplier<TransactionRetries> retries;

	private final Supplier<@Nullable ReactiveTransactionManagers> managers;

	/**
	 * Creates a new {@link TransactionRetryPostProcessor}.
	 * @param beanFactory the beans
	 * @param events receives the events of the interceptor
	 * @param retries supplies the retries of the databases at the first method call
	 * @param managers supplies the reactive transaction managers, if any, at the first
	 * method call
	 */
	public TransactionRetryPostProcessor(ConfigurableListableBeanFactory beanFactory, ApplicationEventPublisher events,
			Supplier<TransactionRetries> retries, Supplier<@Nullable ReactiveTransactionManagers> managers) {
		this.beanFactory = beanFactory;
		this.events = events;
		this.retries = retries;
		this.managers = managers;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean.getClass() != TransactionInterceptor.class) {
			return bean;
		}
		TransactionInterceptor original = (TransactionInterceptor) bean;
		TransactionInterceptor interceptor = new RetryingTransactionInterceptor(original, this.retries, this.managers,
				this.beanFactory);
		interceptor.setTransactionManager(original.getTransactionManager());
		interceptor
			.setTransactionManagerBeanName(findProperty(this.beanFactory, beanName, "transactionManagerBeanName"));
		interceptor.setApplicationEventPublisher(this.events);
		return interceptor;
	}

	/**
	 * Returns whether an advice is Spring's interceptor or its replacement, which find
	 * the transaction manager by its name. An interceptor of the application may not.
	 * @param advice the advice
	 * @return whether it is one of these
	 */
	public static boolean isStandard(Advice advice) {
		return advice.getClass() == TransactionInterceptor.class || advice instanceof RetryingTransactionInterceptor;
	}

	/**
	 * Returns the name of the transaction manager from the definition of a bean, as
	 * neither interceptors nor repositories expose it.
	 */
	static @Nullable String findProperty(ConfigurableListableBeanFactory beanFactory, String beanName,
			String property) {
		PropertyValue value = beanFactory.containsBeanDefinition(beanName)
				? beanFactory.getMergedBeanDefinition(beanName).getPropertyValues().getPropertyValue(property) : null;
		return (value != null && value.getValue() instanceof String name) ? name : null;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
