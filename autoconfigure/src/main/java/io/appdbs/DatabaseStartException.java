package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a database could not be opened, by whatever needs one of its beans. The
 * cause is the failure of the driver or of the embedded server.
 */
public class DatabaseStartException extends RuntimeException {

	private final String database;

	/**
	 * Create a new {@link DatabaseStartException}.
	 * @param database the name of the database
	 * @param message what happened, naming database and host but no user information
	 * @param cause the cause or {@code null}
	 */
	public DatabaseStartException(String database, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.database = database;
	}

	/**
	 * Return the name of the database.
	 * @return the name as written below {@code app.dbs}
	 */
	public String getDatabase() {
		return this.database;
	}

}
