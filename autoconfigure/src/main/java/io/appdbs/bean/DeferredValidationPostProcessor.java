package io.appdbs.bean;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.appdbs.config.source.ConfigurationProblems;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * {@link BeanPostProcessor} that validates beans at the end of the start, all together.
 * Beans that are created later are validated on creation.
 *
 * @param <T> the type of what is known about a bean
 */
public abstract class DeferredValidationPostProcessor<T> implements BeanPostProcessor, SmartInitializingSingleton {

	private final Queue<T> pending = new ConcurrentLinkedQueue<>();

	private volatile boolean started;

	/**
	 * Adds a bean that has been created.
	 * @param candidate the bean
	 */
	protected final void add(T candidate) {
		this.pending.add(candidate);
		if (this.started) {
			validatePending();
		}
	}

	@Override
	public final void afterSingletonsInstantiated() {
		this.started = true;
		validatePending();
	}

	private void validatePending() {
		List<T> candidates = new ArrayList<>();
		for (T candidate = this.pending.poll(); candidate != null; candidate = this.pending.poll()) {
			candidates.add(candidate);
		}
		ConfigurationProblems problems = new ConfigurationProblems();
		validate(candidates, problems);
		problems.throwIfAny();
	}

	/**
	 * Validates beans.
	 * @param candidates the beans that have not been validated yet
	 * @param problems where to add the problems
	 */
	protected abstract void validate(List<T> candidates, ConfigurationProblems problems);

}
