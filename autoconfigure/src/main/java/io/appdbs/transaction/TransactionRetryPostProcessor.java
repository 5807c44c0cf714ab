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
 * Puts an interceptor that runs transactions again in the place of Spring's, where no
 * advice can come between. One of a class of the application's own is left alone.
 */
public final class TransactionRetryPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private final ConfigurableListableBeanFactory beanFactory;

	private final ApplicationEventPublisher events;

	private final Supplier<TransactionRetries> retries;

	/**
	 * Create a new {@link TransactionRetryPostProcessor}.
	 * @param beanFactory the beans
	 * @param events told of what the interceptor publishes
	 * @param retries supplies the databases' retries when a method is called first
	 */
	public TransactionRetryPostProcessor(ConfigurableListableBeanFactory beanFactory, ApplicationEventPublisher events,
			Supplier<TransactionRetries> retries) {
		this.beanFactory = beanFactory;
		this.events = events;
		this.retries = retries;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean.getClass() != TransactionInterceptor.class) {
			return bean;
		}
		TransactionInterceptor original = (TransactionInterceptor) bean;
		TransactionInterceptor interceptor = new RetryingTransactionInterceptor(original, this.retries,
				this.beanFactory);
		interceptor.setTransactionManager(original.getTransactionManager());
		interceptor
			.setTransactionManagerBeanName(findProperty(this.beanFactory, beanName, "transactionManagerBeanName"));
		interceptor.setApplicationEventPublisher(this.events);
		return interceptor;
	}

	/**
	 * Return whether an advice is Spring's interceptor, or the one in its place. It finds
	 * the transaction manager by its name, which one of the application's own need not
	 * do.
	 * @param advice the advice
	 * @return {@code true} if it is one of these
	 */
	public static boolean isStandard(Advice advice) {
		return advice.getClass() == TransactionInterceptor.class || advice instanceof RetryingTransactionInterceptor;
	}

	/**
	 * Return what a bean has been given to refer to its manager by, which neither
	 * interceptors nor repositories tell.
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
