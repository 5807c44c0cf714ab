package io.appdbs.engine;

/**
 * What a failure says of the transaction that it ended.
 */
public enum TransactionFailure {

	/**
	 * The database has rolled it back, or the statement, because of another transaction.
	 * The same work may succeed if it is done again.
	 */
	CONFLICT,

	/**
	 * The answer was lost: where the transaction was being committed, nobody knows
	 * whether it has been.
	 */
	LOST,

	/**
	 * Anything else, which doing the same again does not mend.
	 */
	OTHER

}
