package io.appdbs.replica;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Tells the data source of a database with replicas that the connection which a thread
 * borrows next is for a read-only transaction, which nothing else knows at that moment.
 */
public final class ReadOnlyTransactionListener implements TransactionExecutionListener {

	private static final ThreadLocal<String> beginning = new ThreadLocal<>();

	private final String database;

	/**
	 * Create a new {@link ReadOnlyTransactionListener}.
	 * @param database the name of the database that the transactions are of
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
	 * Return whether this thread is beginning a read-only transaction, which takes one
	 * connection.
	 */
	static boolean takeBeginning(String database) {
		if (!database.equals(beginning.get())) {
			return false;
		}
		beginning.remove();
		return true;
	}

}
