package io.appdbs.transaction;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.appdbs.engine.Causes;
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
 * Retries transactions of one database that were rolled back because of a conflict, and
 * counts the attempts. Thread-safe.
 */
public final class TransactionRetry {

	private static final Log logger = LogFactory.getLog(TransactionRetry.class);

	private final DatabaseDefinition definition;

	private final Supplier<Engine> engine;

	private final LongAdder committed = new LongAdder();

	private final LongAdder failed = new LongAdder();

	/**
	 * Creates a new {@link TransactionRetry}.
	 * @param definition the database
	 * @param engine supplies the engine, which is known when the server has answered:
	 * engines with the same driver also share their URLs
	 */
	public TransactionRetry(DatabaseDefinition definition, Supplier<Engine> engine) {
		this.definition = definition;
		this.engine = engine;
	}

	/**
	 * Returns whether transactions are retried.
	 * @return whether retry is enabled
	 */
	public boolean isEnabled() {
		Boolean enabled = getSettings().enabled();
		return (enabled != null) ? enabled : this.engine.get().isTransactionRetryExpected();
	}

	/**
	 * Returns the number of further attempts.
	 * @param committed whether to count those that succeeded or those that failed
	 * @return the number
	 */
	public long getAttempts(boolean committed) {
		return (committed ? this.committed : this.failed).sum();
	}

	/**
	 * Creates a template that retries its transactions.
	 * @param manager the transaction manager of the database
	 * @return a new template
	 */
	public TransactionTemplate createTemplate(PlatformTransactionManager manager) {
		return new RetryingTransactionTemplate(manager, () -> this);
	}

	/**
	 * Returns whether a transaction would be independent, so that its work does not
	 * belong to an outer one.
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
			Predicate<Throwable> retriedElsewhere) {
		int timeout = definition.getTimeout();
		if (timeout == TransactionDefinition.TIMEOUT_DEFAULT
				&& manager instanceof AbstractPlatformTransactionManager it) {
			timeout = it.getDefaultTimeout();
		}
		return new TransactionAttempts(this, timeout, idempotent, retriedElsewhere);
	}

	/**
	 * Notes why the current transaction is rolled back, for example because its commit
	 * failed. The rollback may also fail and would hide it.
	 * @param failure the cause of the rollback
	 */
	public static void rollsBack(Throwable failure) {
		TransactionAttempts attempts = TransactionAttempts.current();
		if (attempts != null) {
			attempts.rollsBack(failure);
		}
	}

	/**
	 * Commits, and repeats only the commit while its outcome is unknown, until the time
	 * for all attempts of the transaction is over. For databases where a repeated commit
	 * has no further effect.
	 * @param commit the commit
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
	 * Returns growing delays, each a random value between the initial delay and about
	 * twice the nominal one.
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
	 * Logs a failed attempt.
	 * @param attempt the number of the attempt, from 1
	 * @param failure the classified exception
	 * @param delay the delay before the next attempt in milliseconds or {@code null} if
	 * there is none
	 */
	void log(int attempt, @Nullable Throwable failure, @Nullable Long delay) {
		if (logger.isDebugEnabled()) {
			logger.debug("Database '%s': attempt %d of %d of a transaction failed, %s: %s".formatted(
					this.definition.name(), attempt, getSettings().maxAttempts(),
					(delay != null) ? "the next one follows in %d ms".formatted(delay) : "no other one follows",
					(failure != null) ? findClassified(failure) : null));
		}
	}

	/**
	 * Returns the innermost cause with the same classification, which has the codes of
	 * the server.
	 */
	private Throwable findClassified(Throwable failure) {
		TransactionFailure kind = classify(failure);
		return Causes.of(failure).takeWhile((each) -> classify(each) == kind).reduce(failure, (outer, inner) -> inner);
	}

	/**
	 * Counts the attempts of one transaction except for the first.
	 */
	void ended(int attempts, boolean success) {
		int further = attempts - 1;
		if (further > 0) {
			this.failed.add(success ? further - 1 : further);
			this.committed.add(success ? 1 : 0);
		}
	}

}
