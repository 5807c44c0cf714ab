package io.appdbs.lifecycle;

import io.appdbs.DatabaseStartException;
import io.appdbs.PreparationReport;

/**
 * Thrown when a verification finds that the application must not use a database, such as
 * one whose policies do not bind its login.
 */
public final class VerificationFailedException extends DatabaseStartException {

	private final transient PreparationReport report;

	/**
	 * Create a new {@link VerificationFailedException}.
	 * @param database the name of the database
	 * @param message what was found, naming database and host but no user information
	 * @param action how to fix it
	 * @param report what was found, for operators to read
	 */
	public VerificationFailedException(String database, String message, String action, PreparationReport report) {
		super(database, message, action, null);
		this.report = report;
	}

	PreparationReport getReport() {
		return this.report;
	}

}
