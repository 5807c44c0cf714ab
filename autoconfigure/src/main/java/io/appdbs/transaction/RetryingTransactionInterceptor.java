package io.appdbs.transaction;

import java.lang.reflect.Method;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.interceptor.DelegatingTransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.util.StringUtils;

/**
 * {@link TransactionInterceptor} that retries transactions after a conflict if retry is
 * enabled for their database, and uses the reactive transaction manager of a database for
 * reactive methods. Otherwise it behaves like the interceptor that it replaces, including
 * the choice of the transaction manager.
 */
@SuppressWarnings("serial")
final class RetryingTransactionInterceptor extends TransactionInterceptor {

	/** Label of {@code @Transactional} for work that may be done twice. */
	private static final String IDEMPOTENT = "idempotent";

	private final transient Supplier<TransactionRetries> retries;

	private final transient DeclaredRetries declaredRetries;

	/**
	 * Creates a new {@link RetryingTransactionInterceptor} for the same methods as
	 * another one.
	 * @param original the other one, whose transaction manager is not copied
	 * @param retries supplies the retries of the databases at the first method call
	 * @param managers supplies the reactive transaction managers, if any, at the first
	 * method call
	 * @param beanFactory the beans
	 */
	RetryingTransactionInterceptor(TransactionInterceptor original, Supplier<TransactionRetries> retries,
			Supplier<@Nullable ReactiveTransactionManagers> managers, ConfigurableListableBeanFactory beanFactory) {
		this.retries = retries;
		this.declaredRetries = new DeclaredRetries(beanFactory);
		TransactionAttributeSource attributes = original.getTransactionAttributeSource();
		setTransactionAttributeSource((attributes != null)
				? new ReactiveTransactionAttributeSource(attributes, managers, this::hasDefaultManager) : null);
		setBeanFactory(beanFactory);
	}

	/**
	 * A {@code TransactionManagementConfigurer} sets another one.
	 */
	private boolean hasDefaultManager() {
		return getTransactionManager() == null && !StringUtils.hasText(getTransactionManagerBeanName());
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> targetClass = (target != null) ? AopUtils.getTargetClass(target) : null;
		TransactionAttributeSource attributes = getTransactionAttributeSource();
		TransactionAttribute attribute = (attributes != null)
				? attributes.getTransactionAttribute(invocation.getMethod(), targetClass) : null;
		TransactionManager manager = (attribute != null) ? determineTransactionManager(attribute, targetClass) : null;
		TransactionRetry retry = (manager != null) ? this.retries.get().find(manager) : null;
		if (retry == null || attribute == null || !retry.isEnabled()) {
			return super.invoke(invocation);
		}
		if (invocation instanceof ProxyMethodInvocation proxied && retry.isOutermost(attribute)) {
			Method method = invocation.getMethod();
			Class<?> proxyClass = proxied.getProxy().getClass();
			TransactionAttempts attempts = retry.newAttempts(manager, attribute,
					attribute.getLabels().contains(IDEMPOTENT),
					(failure) -> this.declaredRetries.contains(method, targetClass, proxyClass, failure));
			return attempt(attempts, proxied);
		}
		return participate(retry, invocation);
	}

	// NullAway does not support a nullable type argument
	@SuppressWarnings("NullAway")
	private @Nullable Object attempt(TransactionAttempts attempts, ProxyMethodInvocation invocation) throws Throwable {
		return attempts.run(() -> super.invoke(invocation.invocableClone()));
	}

	private @Nullable Object participate(TransactionRetry retry, MethodInvocation invocation) throws Throwable {
		try {
			return super.invoke(invocation);
		}
		catch (Throwable ex) {
			TransactionAttempts.failedWithin(retry, ex);
			throw ex;
		}
	}

	@Override
	protected TransactionInfo createTransactionIfNecessary(@Nullable PlatformTransactionManager manager,
			@Nullable TransactionAttribute attribute, String name) {
		TransactionAttempts attempts = TransactionAttempts.current();
		if (attempts == null || attribute == null || !attempts.isStarting()) {
			return super.createTransactionIfNecessary(manager, attribute, name);
		}
		TransactionInfo info = super.createTransactionIfNecessary(manager, limit(attribute, attempts), name);
		attempts.begun(info.getTransactionStatus());
		return info;
	}

	/**
	 * Notes the failure that causes a rollback. Some failures do not roll back; a failed
	 * commit is then reported separately.
	 */
	@Override
	protected void completeTransactionAfterThrowing(@Nullable TransactionInfo info, InvocationCallback invocation,
			Throwable failure) {
		super.completeTransactionAfterThrowing(info, new InvocationCallback() {

			@Override
			public @Nullable Object proceedWithInvocation() throws Throwable {
				return invocation.proceedWithInvocation();
			}

			@Override
			public void onRollback(Throwable failure, TransactionExecution execution) {
				TransactionRetry.rollsBack(failure);
				invocation.onRollback(failure, execution);
			}

		}, failure);
	}

	private static TransactionAttribute limit(TransactionAttribute attribute, TransactionAttempts attempts) {
		int timeout = attempts.getRemainingTimeout(attribute.getTimeout());
		if (timeout == attribute.getTimeout()) {
			return attribute;
		}
		return new DelegatingTransactionAttribute(attribute) {

			@Override
			public int getTimeout() {
				return timeout;
			}

		};
	}

}
