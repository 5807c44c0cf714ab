package io.appdbs.replica;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Informs the data source of a database with replicas that the next connection of a
 * thread is for a read-only transaction. At that moment, Spring has not yet published
 * this to the thread.
 */
public final class ReadOnlyTransactionListener implements TransactionExecutionListener {

	private static final ThreadLocal<String> beginning = new ThreadLocal<>();

	private final String database;

	/**
	 * Creates a new {@link ReadOnlyTransactionListener}.
	 * @param database the name of the database
	 */
	public ReadOnlyTransactionListener(String database) {
		this.database = database;
	}

	@Override
	public void beforeBegin(TransactionExecution transaction) {
		if (transaction.isReadOnly()) {
			beginning.set(this.database);
		}
		else {
			beginning.remove();
		}
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		beginning.remove();
	}

	/**
	 * Returns once whether this thread is beginning a read-only transaction.
	 */
	static boolean takeBeginning(String database) {
		if (!database.equals(beginning.get())) {
			return false;
		}
		beginning.remove();
		return true;
	}

}
