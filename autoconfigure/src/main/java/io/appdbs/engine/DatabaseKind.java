package io.appdbs.engine;

/**
 * The kinds of databases, which decide what beans a database gets.
 */
public enum DatabaseKind {

	/**
	 * Spoken to through JDBC.
	 */
	RELATIONAL,

	/**
	 * Spoken to through the MongoDB driver.
	 */
	MONGODB

}
