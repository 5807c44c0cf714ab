package io.appdbs;

/**
 * Thrown when an operation on a database makes no sense in the state that the database is
 * in, or with the value that was given. Nothing has changed then.
 */
public class IllegalDatabaseOperationException extends RuntimeException {

	private final String database;

	/**
	 * Create a new {@link IllegalDatabaseOperationException}.
	 * @param database the name of the database
	 * @param message what was wrong, and what to do
	 */
	public IllegalDatabaseOperationException(String database, String message) {
		super(message);
		this.database = database;
	}

	/**
	 * Return the database that was to be operated on.
	 * @return the name of the database
	 */
	public String getDatabase() {
		return this.database;
	}

}
