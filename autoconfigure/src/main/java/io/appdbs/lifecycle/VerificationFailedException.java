package io.appdbs.lifecycle;

import io.appdbs.DatabaseStartException;
import io.appdbs.PreparationReport;
import io.appdbs.TroubleshootingSection;

/**
 * Thrown when a verification finds that the application must not use a database, for
 * example because policies do not bind its login.
 */
public final class VerificationFailedException extends DatabaseStartException {

	private final transient PreparationReport report;

	/**
	 * Creates a new {@link VerificationFailedException}.
	 * @param database the name of the database
	 * @param message the findings, with database and host but without user information
	 * @param action how to fix it
	 * @param section the section of the page on troubleshooting
	 * @param report the findings for operators
	 */
	public VerificationFailedException(String database, String message, String action, TroubleshootingSection section,
			PreparationReport report) {
		super(database, message, action, section, null);
		this.report = report;
	}

	PreparationReport getReport() {
		return this.report;
	}

}
