package io.appdbs.engine;

/**
 * Why a database could not be created.
 */
public enum CreateDatabaseFailure {

	/**
	 * The database is there, because another application was faster.
	 */
	EXISTS,

	/**
	 * The login lacks the right.
	 */
	NOT_ALLOWED,

	/**
	 * Anything else.
	 */
	OTHER

}
