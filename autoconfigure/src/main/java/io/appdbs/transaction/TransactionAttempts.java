package io.appdbs.transaction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.appdbs.engine.TransactionFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NamedThreadLocal;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * The attempts at one transaction, on one thread. Is told when an attempt has begun, and
 * hears how it ended as a synchronization of it.
 */
final class TransactionAttempts implements RetryPolicy, TransactionSynchronization {

	private static final ThreadLocal<@Nullable TransactionAttempts> CURRENT = new NamedThreadLocal<>(
			"Attempts at the current transaction");

	private final TransactionRetry retry;

	private final boolean idempotent;

	private final Predicate<Throwable> others;

	/** The time-out of the transaction in seconds. */
	private final int transactionTimeout;

	private final long start = System.nanoTime();

	private final @Nullable TransactionAttempts outer = CURRENT.get();

	/** What attempts at transactions of their own, within this one, ended with. */
	private final List<Throwable> endedWithin = new ArrayList<>();

	private int count;

	private boolean starting;

	private boolean begun;

	private int completion;

	/** What the attempt failed with before its rollback failed too. */
	private @Nullable Throwable hidden;

	/** The conflict that a part of the attempt has failed with. */
	private @Nullable Throwable conflictWithin;

	private @Nullable Throwable lastFailure;

	/** The last failure, or the one that it hides. */
	private @Nullable Throwable classified;

	/**
	 * Create new {@link TransactionAttempts}.
	 * @param retry the database's
	 * @param transactionTimeout the time-out of the transaction in seconds, or
	 * {@link TransactionDefinition#TIMEOUT_DEFAULT} for none
	 * @param idempotent whether the work may be done twice
	 * @param others tells which failures somebody else sees to
	 */
	TransactionAttempts(TransactionRetry retry, int transactionTimeout, boolean idempotent,
			Predicate<Throwable> others) {
		this.retry = retry;
		this.transactionTimeout = transactionTimeout;
		this.idempotent = idempotent;
		this.others = others;
	}

	/**
	 * Return the innermost attempts of the current thread that are under way, or
	 * {@code null}.
	 */
	static @Nullable TransactionAttempts current() {
		return CURRENT.get();
	}

	/**
	 * Attempt until one succeeds, or the failure is none that another attempt mends.
	 * @throws Throwable what the last attempt failed with; the failures before it are
	 * suppressed in it
	 */
	<T extends @Nullable Object> T run(Retryable<T> attempt) throws Throwable {
		CURRENT.set(this);
		try {
			T result = new RetryTemplate(this).execute(() -> {
				begin();
				return attempt.execute();
			});
			this.retry.ended(this.count, true);
			return result;
		}
		catch (RetryException ex) {
			this.retry.ended(this.count, false);
			throw Suppression.combine(ex.getExceptions());
		}
		finally {
			end();
		}
	}

	private void begin() {
		this.count++;
		this.starting = true;
		this.begun = false;
		this.completion = STATUS_ROLLED_BACK;
		this.hidden = null;
		this.conflictWithin = null;
		this.endedWithin.clear();
	}

	private void end() {
		if (this.outer == null) {
			CURRENT.remove();
			return;
		}
		CURRENT.set(this.outer);
		if (this.lastFailure != null) {
			this.outer.endedWithin.add(this.lastFailure);
		}
	}

	/**
	 * Return whether nothing has begun since the attempt started, so that a transaction
	 * that begins now is the one that is attempted.
	 */
	boolean isStarting() {
		return this.starting;
	}

	/**
	 * Return what is left of the transaction's time-out, in whole seconds as Spring
	 * counts it.
	 * @param timeout the time-out of the first attempt, which may be a default
	 */
	int getRemainingTimeout(int timeout) {
		if (this.transactionTimeout == TransactionDefinition.TIMEOUT_DEFAULT || this.count == 1) {
			return timeout;
		}
		Duration remaining = Duration.ofSeconds(this.transactionTimeout).minusNanos(System.nanoTime() - this.start);
		return Math.max(1, (int) remaining.plusNanos(999_999_999).toSeconds());
	}

	/**
	 * Return what is left of the time for all attempts, 1 ms at least.
	 */
	Duration getRemaining() {
		Duration remaining = getTimeout().minusNanos(System.nanoTime() - this.start);
		return (remaining.toMillis() > 0) ? remaining : Duration.ofMillis(1);
	}

	/**
	 * Take note that the attempt has begun. Without synchronization nobody would tell
	 * whether it was committed.
	 */
	void begun(@Nullable TransactionStatus status) {
		this.starting = false;
		if (status != null && status.isNewTransaction()
				&& TransactionSynchronizationManager.isSynchronizationActive()) {
			TransactionSynchronizationManager.registerSynchronization(this);
			this.begun = true;
		}
	}

	/**
	 * Take note of what is going to cause a rollback, which may fail and throw something
	 * else.
	 */
	void rollsBack(Throwable failure) {
		this.hidden = failure;
	}

	@Override
	public void afterCompletion(int status) {
		this.completion = status;
	}

	/**
	 * Take note of what a part of the transaction has failed with: if it is swallowed,
	 * all that is seen in the end is that the transaction had to be rolled back.
	 */
	static void failedWithin(TransactionRetry retry, Throwable failure) {
		TransactionAttempts attempts = CURRENT.get();
		if (attempts != null && attempts.retry == retry && retry.classify(failure) == TransactionFailure.CONFLICT) {
			attempts.conflictWithin = failure;
		}
	}

	@Override
	public boolean shouldRetry(Throwable failure) {
		this.lastFailure = failure;
		// an exception may come from what runs after the commit
		if (!this.begun || this.completion == STATUS_COMMITTED || Suppression.contains(failure, this.endedWithin)
				|| this.others.test(failure)) {
			return false;
		}
		if (failure instanceof UnexpectedRollbackException && this.conflictWithin != null) {
			this.classified = this.conflictWithin;
			return true;
		}
		return switch (classify(failure)) {
			case CONFLICT -> true;
			case LOST -> this.idempotent;
			case OTHER -> false;
		};
	}

	private TransactionFailure classify(Throwable failure) {
		Throwable hidden = (this.completion == STATUS_UNKNOWN) ? this.hidden : null;
		TransactionFailure result = this.retry.classify(failure);
		this.classified = failure;
		if (result == TransactionFailure.OTHER && hidden != null) {
			this.classified = hidden;
			return this.retry.classify(hidden);
		}
		return result;
	}

	@Override
	public Duration getTimeout() {
		Duration timeout = this.retry.getSettings().timeout();
		Duration limit = Duration.ofSeconds(this.transactionTimeout);
		return (this.transactionTimeout > 0 && limit.compareTo(timeout) < 0) ? limit : timeout;
	}

	@Override
	public BackOff getBackOff() {
		BackOff backOff = this.retry.newBackOff(this.retry.getSettings().maxAttempts() - 1);
		return () -> logged(backOff.start());
	}

	private BackOffExecution logged(BackOffExecution execution) {
		return () -> {
			long delay = execution.nextBackOff();
			boolean last = delay == BackOffExecution.STOP || delay >= getRemaining().toMillis();
			this.retry.log(this.count, this.classified, last ? null : delay);
			return delay;
		};
	}

}
