package io.appdbs;

/**
 * Thrown when an operation is not allowed in the state of a database, or with the given
 * value. The database has not been changed.
 */
public class IllegalDatabaseOperationException extends RuntimeException {

	private final String database;

	/**
	 * Creates a new {@link IllegalDatabaseOperationException}.
	 * @param database the name of the database
	 * @param message what is wrong, and how to fix it
	 */
	public IllegalDatabaseOperationException(String database, String message) {
		super(message);
		this.database = database;
	}

	/**
	 * Returns the name of the database.
	 * @return the name of the database
	 */
	public String getDatabase() {
		return this.database;
	}

}
