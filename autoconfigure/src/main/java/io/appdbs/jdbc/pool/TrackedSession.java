package io.appdbs.jdbc.pool;

/**
 * The session of a pooled connection.
 */
interface TrackedSession {

	/**
	 * Restores what the last caller has changed.
	 * @return whether the session is like new
	 */
	boolean restore();

}
