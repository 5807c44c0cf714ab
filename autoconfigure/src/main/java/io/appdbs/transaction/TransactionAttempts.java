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
 * The attempts of one transaction, on one thread. Is notified when an attempt begins, and
 * learns its outcome as a {@link TransactionSynchronization}.
 */
final class TransactionAttempts implements RetryPolicy, TransactionSynchronization {

	private static final ThreadLocal<@Nullable TransactionAttempts> CURRENT = new NamedThreadLocal<>(
			"Attempts of the current transaction");

	private final TransactionRetry retry;

	private final boolean idempotent;

	private final Predicate<Throwable> retriedElsewhere;

	/** The time-out of the transaction in seconds. */
	private final int transactionTimeout;

	private final long start = System.nanoTime();

	private final @Nullable TransactionAttempts outer = CURRENT.get();

	/** Final failures of independent transactions within this attempt. */
	private final List<Throwable> nestedFailures = new ArrayList<>();

	private int count;

	private boolean starting;

	private boolean begun;

	private int completion;

	/** The failure of the attempt before its rollback also failed. */
	private @Nullable Throwable hidden;

	/** The conflict of a participating method, which may be swallowed. */
	private @Nullable Throwable participantConflict;

	private @Nullable Throwable lastFailure;

	/** The last failure, or the one that it hides, as classified. */
	private @Nullable Throwable classified;

	/**
	 * Creates new {@link TransactionAttempts}.
	 * @param retry the retry of the database
	 * @param transactionTimeout the time-out of the transaction in seconds, or
	 * {@link TransactionDefinition#TIMEOUT_DEFAULT} for none
	 * @param idempotent whether the work may be done twice
	 * @param retriedElsewhere matches failures that an annotation retries
	 */
	TransactionAttempts(TransactionRetry retry, int transactionTimeout, boolean idempotent,
			Predicate<Throwable> retriedElsewhere) {
		this.retry = retry;
		this.transactionTimeout = transactionTimeout;
		this.idempotent = idempotent;
		this.retriedElsewhere = retriedElsewhere;
	}

	/**
	 * Returns the innermost running attempts of the current thread, or {@code null}.
	 */
	static @Nullable TransactionAttempts current() {
		return CURRENT.get();
	}

	/**
	 * Retries until an attempt succeeds, or its failure cannot be fixed by another
	 * attempt.
	 * @throws Throwable the failure of the last attempt, with the earlier ones as
	 * suppressed exceptions
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
		this.participantConflict = null;
		this.nestedFailures.clear();
	}

	private void end() {
		if (this.outer == null) {
			CURRENT.remove();
			return;
		}
		CURRENT.set(this.outer);
		if (this.lastFailure != null) {
			this.outer.nestedFailures.add(this.lastFailure);
		}
	}

	/**
	 * Returns whether a transaction that begins now is the one that is attempted.
	 */
	boolean isStarting() {
		return this.starting;
	}

	/**
	 * Returns the remaining time-out of the transaction, in whole seconds like Spring's.
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
	 * Returns the remaining time for all attempts, at least 1 ms.
	 */
	Duration getRemaining() {
		Duration remaining = getTimeout().minusNanos(System.nanoTime() - this.start);
		return (remaining.toMillis() > 0) ? remaining : Duration.ofMillis(1);
	}

	/**
	 * Notes that the attempt has begun. Without synchronization it would be unknown
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
	 * Notes the cause of a rollback. The rollback may fail and throw another exception.
	 */
	void rollsBack(Throwable failure) {
		this.hidden = failure;
	}

	@Override
	public void afterCompletion(int status) {
		this.completion = status;
	}

	/**
	 * Notes the failure of a participating method. If it is swallowed, the final
	 * exception only reports that the transaction was rolled back.
	 */
	static void failedWithin(TransactionRetry retry, Throwable failure) {
		TransactionAttempts attempts = CURRENT.get();
		if (attempts != null && attempts.retry == retry && retry.classify(failure) == TransactionFailure.CONFLICT) {
			attempts.participantConflict = failure;
		}
	}

	@Override
	public boolean shouldRetry(Throwable failure) {
		this.lastFailure = failure;
		// code that runs after the commit may also throw an exception
		if (!this.begun || this.completion == STATUS_COMMITTED || Suppression.contains(failure, this.nestedFailures)
				|| this.retriedElsewhere.test(failure)) {
			return false;
		}
		if (failure instanceof UnexpectedRollbackException && this.participantConflict != null) {
			this.classified = this.participantConflict;
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
		return () -> logging(backOff.start());
	}

	private BackOffExecution logging(BackOffExecution execution) {
		return () -> {
			long delay = execution.nextBackOff();
			boolean last = delay == BackOffExecution.STOP || delay >= getRemaining().toMillis();
			this.retry.log(this.count, this.classified, last ? null : delay);
			return delay;
		};
	}

}
