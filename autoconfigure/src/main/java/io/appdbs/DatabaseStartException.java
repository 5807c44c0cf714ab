package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a database could not be opened, by whatever needs one of its beans. The
 * cause is the failure of the driver or of the embedded server.
 */
public class DatabaseStartException extends RuntimeException {

	private final String database;

	private final String action;

	/**
	 * Create a new {@link DatabaseStartException}.
	 * @param database the name of the database
	 * @param message what happened, naming database and host but no user information
	 * @param action how to mend it
	 * @param cause the cause or {@code null}
	 */
	public DatabaseStartException(String database, String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.database = database;
		this.action = action;
	}

	/**
	 * Return the name of the database.
	 * @return the name as written below {@code app.dbs}
	 */
	public String getDatabase() {
		return this.database;
	}

	/**
	 * Return what to do about it.
	 * @return the action, in full sentences
	 */
	public String getAction() {
		return this.action;
	}

}
