package io.appdbs.transaction;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.appdbs.engine.Engine;
import io.appdbs.engine.TransactionFailure;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RetrySettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Runs transactions of one database again that it has rolled back because of other ones.
 * What has happened is read at any time by any thread.
 */
public final class TransactionRetry {

	private static final Log logger = LogFactory.getLog(TransactionRetry.class);

	private final DatabaseDefinition definition;

	private final Supplier<Engine> engine;

	private final LongAdder committed = new LongAdder();

	private final LongAdder failed = new LongAdder();

	/**
	 * Create a new {@link TransactionRetry}.
	 * @param definition the database
	 * @param engine the engine, which is seen when the server has answered: a URL may be
	 * that of another one with the same driver
	 */
	public TransactionRetry(DatabaseDefinition definition, Supplier<Engine> engine) {
		this.definition = definition;
		this.engine = engine;
	}

	/**
	 * Return whether transactions are run again.
	 * @return whether they are
	 */
	public boolean isEnabled() {
		Boolean enabled = getSettings().enabled();
		return (enabled != null) ? enabled : this.engine.get().isTransactionRetryExpected();
	}

	/**
	 * Return how often a further attempt was made that succeeded, or that failed.
	 * @param committed whether it succeeded
	 * @return the number of attempts
	 */
	public long getAttempts(boolean committed) {
		return (committed ? this.committed : this.failed).sum();
	}

	/**
	 * Create a template that runs its transactions again.
	 * @param manager the transaction manager of the database
	 * @return a new template
	 */
	public TransactionTemplate createTemplate(PlatformTransactionManager manager) {
		return new RetryingTransactionTemplate(manager, this);
	}

	/**
	 * Return whether a transaction would be one of its own, with no other around that
	 * what it does could belong to.
	 */
	boolean isOutermost(TransactionDefinition definition) {
		return switch (definition.getPropagationBehavior()) {
			case TransactionDefinition.PROPAGATION_REQUIRED, TransactionDefinition.PROPAGATION_NESTED ->
				!TransactionSynchronizationManager.isActualTransactionActive();
			case TransactionDefinition.PROPAGATION_REQUIRES_NEW -> true;
			default -> false;
		};
	}

	TransactionAttempts newAttempts(@Nullable Object manager, TransactionDefinition definition, boolean idempotent,
			Predicate<Throwable> others) {
		int timeout = definition.getTimeout();
		if (timeout == TransactionDefinition.TIMEOUT_DEFAULT
				&& manager instanceof AbstractPlatformTransactionManager it) {
			timeout = it.getDefaultTimeout();
		}
		return new TransactionAttempts(this, timeout, idempotent, others);
	}

	/**
	 * Take note of why the current transaction is rolled back, such as a commit that has
	 * failed. The rollback may fail too and would hide it.
	 * @param failure what causes the rollback
	 */
	public static void rollsBack(Throwable failure) {
		TransactionAttempts attempts = TransactionAttempts.current();
		if (attempts != null) {
			attempts.rollsBack(failure);
		}
	}

	/**
	 * Commit, and repeat the commit alone while its outcome is unknown, until the time
	 * for all attempts at the transaction is over. For databases where a commit that is
	 * repeated has no further effect.
	 * @param commit commits
	 */
	public void commit(Runnable commit) {
		if (!isEnabled()) {
			commit.run();
			return;
		}
		TransactionAttempts attempts = TransactionAttempts.current();
		Duration timeout = (attempts != null) ? attempts.getRemaining() : getSettings().timeout();
		new RetryTemplate(RetryPolicy.builder()
			.predicate((failure) -> classify(failure) == TransactionFailure.LOST)
			.timeout(timeout)
			.backOff(newBackOff(Integer.MAX_VALUE))
			.build()).invoke(commit);
	}

	/**
	 * Return delays that grow, each drawn from between the shortest one and about twice
	 * of what is due.
	 */
	BackOff newBackOff(int maxRetries) {
		RetrySettings settings = getSettings();
		ExponentialBackOff backOff = new ExponentialBackOff();
		backOff.setInitialInterval(settings.initialDelay().toMillis());
		backOff.setJitter(settings.initialDelay().toMillis());
		backOff.setMultiplier(settings.multiplier());
		backOff.setMaxInterval(settings.maxDelay().toMillis());
		backOff.setMaxAttempts(maxRetries);
		return backOff;
	}

	RetrySettings getSettings() {
		return this.definition.settings().retry();
	}

	TransactionFailure classify(Throwable failure) {
		return this.engine.get().classifyTransaction(failure, getSettings().onSqlStates());
	}

	/**
	 * Tell of a failed attempt.
	 * @param attempt its number, from 1
	 * @param failure what was classified
	 * @param delay the delay before the next one in milliseconds or {@code null} if there
	 * is none
	 */
	void log(int attempt, @Nullable Throwable failure, @Nullable Long delay) {
		if (logger.isDebugEnabled()) {
			logger.debug("Database '%s': attempt %d of %d at a transaction failed, %s: %s".formatted(
					this.definition.name(), attempt, getSettings().maxAttempts(),
					(delay != null) ? "the next begins in %d ms".formatted(delay) : "it was the last",
					(failure != null) ? findClassified(failure) : null));
		}
	}

	/**
	 * Return the innermost of the causes that is of the same kind, which has the codes of
	 * the server; its own causes are not what was classified.
	 */
	private Throwable findClassified(Throwable failure) {
		TransactionFailure kind = classify(failure);
		Throwable found = failure;
		Throwable cause = failure.getCause();
		while (cause != null && classify(cause) == kind) {
			found = cause;
			cause = cause.getCause();
		}
		return found;
	}

	/**
	 * Count the attempts at one transaction but for the first.
	 */
	void ended(int attempts, boolean success) {
		int further = attempts - 1;
		if (further > 0) {
			this.failed.add(success ? further - 1 : further);
			this.committed.add(success ? 1 : 0);
		}
	}

}
