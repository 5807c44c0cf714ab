package io.appdbs.engine.schema;

/**
 * Whether a table exists, and whether the login may use it.
 */
public enum TableAccess {

	/** There is no such table, or the login cannot see it. */
	MISSING,

	/** The table exists, but the login has no privilege to read or write it. */
	DENIED,

	/** The table exists, and the login may use it. */
	GRANTED

}
