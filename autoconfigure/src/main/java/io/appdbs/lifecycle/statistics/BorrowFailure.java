package io.appdbs.lifecycle.statistics;

/**
 * Reason why a caller did not get a connection.
 */
public enum BorrowFailure {

	/**
	 * The database was down, still starting or closed.
	 */
	DOWN,

	/**
	 * The database was suspended.
	 */
	SUSPENDED,

	/**
	 * All connections of the pool were in use until the time-out.
	 */
	EXHAUSTED,

	/**
	 * The pool could not open a connection until the time-out.
	 */
	CONNECT,

	/**
	 * Any other reason.
	 */
	ERROR

}
