package io.appdbs.query;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A statement, a batch of statements or a command that has been executed.
 *
 * @param text the text, without secrets
 * @param nanos the duration in nanoseconds
 * @param batchSize the number of statements or documents that were sent together, 0 if it
 * was no batch
 * @param failure the type of the exception or {@code null}; no message, which can contain
 * values
 * @param transaction the name of the thread's transaction or {@code null}
 */
public record ExecutedQuery(String text, long nanos, int batchSize, @Nullable String failure,
		@Nullable String transaction) {

	/**
	 * Creates an {@link ExecutedQuery} of the current thread.
	 * @param text the text, without secrets
	 * @param nanos the duration in nanoseconds
	 * @param batchSize the number of statements or documents that were sent together, 0
	 * if it was no batch
	 * @param failure the type of the exception or {@code null}; no message, which can
	 * contain values
	 */
	public ExecutedQuery(String text, long nanos, int batchSize, @Nullable String failure) {
		this(text, nanos, batchSize, failure, TransactionSynchronizationManager.getCurrentTransactionName());
	}

}
