package io.appdbs.jdbc.pool;

/**
 * The session of a connection, for the one that lends it.
 */
interface TrackedSession {

	/**
	 * Undo what the last borrower has changed.
	 * @return whether the session is as if it were new
	 */
	boolean restore();

}
