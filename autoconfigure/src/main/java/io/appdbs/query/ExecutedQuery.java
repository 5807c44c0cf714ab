package io.appdbs.query;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A statement, a batch of them or a command that has been executed.
 *
 * @param text what was executed, without anything secret
 * @param nanos how long that took, in nanoseconds
 * @param batchSize how many statements or documents were sent together, 0 if it was no
 * batch
 * @param failure what it failed with or {@code null}
 * @param transaction the name of the thread's transaction or {@code null}
 */
public record ExecutedQuery(String text, long nanos, int batchSize, @Nullable String failure,
		@Nullable String transaction) {

	/**
	 * Create an {@link ExecutedQuery} of the current thread.
	 * @param text what was executed, without anything secret
	 * @param nanos how long that took, in nanoseconds
	 * @param batchSize how many statements or documents were sent together, 0 if it was
	 * no batch
	 * @param failure what it failed with or {@code null}; no message, which could have
	 * values
	 */
	public ExecutedQuery(String text, long nanos, int batchSize, @Nullable String failure) {
		this(text, nanos, batchSize, failure, TransactionSynchronizationManager.getCurrentTransactionName());
	}

}
