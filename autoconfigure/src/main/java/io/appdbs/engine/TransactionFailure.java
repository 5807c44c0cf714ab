package io.appdbs.engine;

/**
 * Kind of failure of a transaction.
 */
public enum TransactionFailure {

	/**
	 * The database has rolled back the transaction, or the statement, because it
	 * conflicts with another transaction. A retry may succeed.
	 */
	CONFLICT,

	/**
	 * The response was lost: if the transaction was being committed, it is not known
	 * whether the commit succeeded.
	 */
	LOST,

	/**
	 * Any other failure, after which a retry does not succeed.
	 */
	OTHER

}
