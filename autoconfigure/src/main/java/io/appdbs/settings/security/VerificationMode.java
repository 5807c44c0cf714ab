package io.appdbs.settings.security;

/**
 * What happens if a verification of a database finds something.
 */
public enum VerificationMode {

	/**
	 * An error prevents the database from coming up, or takes it down. Other findings are
	 * logged.
	 */
	FAIL,

	/**
	 * All findings are logged.
	 */
	WARN,

	/**
	 * Nothing is verified.
	 */
	OFF

}
