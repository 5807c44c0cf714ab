package io.appdbs.lifecycle;

/**
 * Why a caller did not get a connection.
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
	 * The pool had no connection to give in time.
	 */
	EXHAUSTED,

	/**
	 * The pool had no connection to give in time because it could not open one.
	 */
	CONNECT,

	/**
	 * Anything else.
	 */
	ERROR

}
