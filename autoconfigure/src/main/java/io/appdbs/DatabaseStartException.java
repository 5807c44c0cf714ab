package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a bean of a database that could not be opened is needed. The cause is the
 * failure of the driver or of the embedded server.
 */
public class DatabaseStartException extends RuntimeException {

	private final String database;

	private final String action;

	private final TroubleshootingSection section;

	/**
	 * Creates a new {@link DatabaseStartException}.
	 * @param database the name of the database
	 * @param message the failure, naming database and host but no user information
	 * @param action how to fix it
	 * @param section the section of the page on troubleshooting
	 * @param cause the cause or {@code null}
	 */
	public DatabaseStartException(String database, String message, String action, TroubleshootingSection section,
			@Nullable Throwable cause) {
		super(message, cause);
		this.database = database;
		this.action = action;
		this.section = section;
	}

	/**
	 * Returns the name of the database.
	 * @return the name as written below {@code app.dbs}
	 */
	public String getDatabase() {
		return this.database;
	}

	/**
	 * Returns how to fix it.
	 * @return the action, in full sentences
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * Returns the section of the page on troubleshooting.
	 * @return the section
	 */
	public TroubleshootingSection getSection() {
		return this.section;
	}

}
