package io.appdbs.transaction;

import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.resilience.annotation.RetryAnnotationBeanPostProcessor;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.resilience.retry.MethodRetryPredicate;
import org.springframework.util.ExceptionTypeFilter;

/**
 * Finds failures that a method's own {@link Retryable @Retryable} retries. If both
 * retried such a method, the attempts would multiply.
 *
 * @param beanFactory the bean factory
 */
record DeclaredRetries(ConfigurableListableBeanFactory beanFactory) {

	/**
	 * Returns whether the annotation of a method retries it after a failure.
	 */
	boolean contains(Method method, @Nullable Class<?> targetClass, Class<?> proxyClass, Throwable failure) {
		Retryable declared = find(method, targetClass);
		// a repository's target does not implement its interface
		Retryable retryable = (declared != null) ? declared : find(method, proxyClass);
		if (retryable == null || this.beanFactory.getBeanNamesForType(RetryAnnotationBeanPostProcessor.class, true,
				false).length == 0) {
			return false;
		}
		return new ExceptionTypeFilter(List.of(retryable.includes()), List.of(retryable.excludes())).match(failure,
				true) && test(retryable.predicate(), method, failure);
	}

	private boolean test(Class<? extends MethodRetryPredicate> predicate, Method method, Throwable failure) {
		return predicate == MethodRetryPredicate.class
				|| this.beanFactory.createBean(predicate).shouldRetry(method, failure);
	}

	private static @Nullable Retryable find(Method method, @Nullable Class<?> targetClass) {
		Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
		Retryable own = AnnotatedElementUtils.findMergedAnnotation(specific, Retryable.class);
		return (own != null || targetClass == null) ? own
				: AnnotatedElementUtils.findMergedAnnotation(targetClass, Retryable.class);
	}

}
