package io.appdbs.transaction;

import java.util.function.Supplier;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.PriorityOrdered;
import org.springframework.data.repository.core.support.TransactionalRepositoryFactoryBeanSupport;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/**
 * {@link BeanPostProcessor} that replaces the transaction interceptor of each Spring Data
 * repository with one that retries transactions.
 */
public final class RepositoryRetryPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Supplier<TransactionRetries> retries;

	/**
	 * Creates a new {@link RepositoryRetryPostProcessor}.
	 * @param beanFactory the beans
	 * @param retries supplies the retries of the databases at the first method call
	 */
	public RepositoryRetryPostProcessor(ConfigurableListableBeanFactory beanFactory,
			Supplier<TransactionRetries> retries) {
		this.beanFactory = beanFactory;
		this.retries = retries;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof TransactionalRepositoryFactoryBeanSupport<?, ?, ?> factoryBean) {
			// a factory created by the application may have any manager
			String manager = TransactionRetryPostProcessor.findProperty(this.beanFactory, beanName,
					"transactionManager");
			if (manager != null) {
				factoryBean.addRepositoryFactoryCustomizer((factory) -> factory
					.addRepositoryProxyPostProcessor((proxyFactory, repository) -> replace(proxyFactory, manager)));
			}
		}
		return bean;
	}

	private void replace(ProxyFactory proxyFactory, String manager) {
		for (Advisor advisor : proxyFactory.getAdvisors()) {
			if (advisor.getAdvice().getClass() == TransactionInterceptor.class) {
				TransactionInterceptor interceptor = new RetryingTransactionInterceptor(
						(TransactionInterceptor) advisor.getAdvice(), this.retries, () -> null, this.beanFactory);
				interceptor.setTransactionManagerBeanName(manager);
				proxyFactory.replaceAdvisor(advisor, new DefaultPointcutAdvisor(interceptor));
			}
		}
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
