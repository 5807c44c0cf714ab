package io.appdbs.engine;

import io.appdbs.DatabaseCredentialsException;
import io.appdbs.TroubleshootingSection;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Reason why a database could not be reached, with a description for operators.
 */
public enum FailureReason {

	/**
	 * The host answers, but nothing listens on the port.
	 */
	REFUSED("the connection was refused, no server listens there",
			"Start the server, or correct host and port in '%s'.", TroubleshootingSection.REQUIRED_DATABASE_DOWN),

	/**
	 * The name of the host has no address.
	 */
	UNKNOWN_HOST("the host name cannot be resolved", "Correct the host in '%s', or make its name resolvable.",
			TroubleshootingSection.REQUIRED_DATABASE_DOWN),

	/**
	 * No route to the host, or no answer from it in time.
	 */
	UNREACHABLE("the host did not answer in time",
			"Check that the host in '%s' is right and that the network and firewalls between let the connection pass.",
			TroubleshootingSection.REQUIRED_DATABASE_DOWN),

	/**
	 * The server knows no such login.
	 */
	AUTHENTICATION("the login was refused, username or password is wrong",
			"Correct the credentials of the database, next to or in '%s'.", TroubleshootingSection.CREDENTIALS),

	/**
	 * The server has locked the login, for example after too many wrong passwords, or its
	 * password has expired.
	 */
	LOGIN_LOCKED("the server has locked this login, or its password has expired",
			"Unlock the login on the server, and correct the credentials of the database, next to or in '%s'.",
			TroubleshootingSection.CREDENTIALS),

	/**
	 * The server has a rule against such a connection, whatever the password.
	 */
	NOT_ADMITTED("the server does not admit this login to this database from here, or not without TLS",
			"Turn on TLS in '%s' if the server demands it, or allow the connection in the server's access rules.",
			TroubleshootingSection.CREDENTIALS),

	/**
	 * The server has no such database, or none that this login may use.
	 */
	DATABASE_MISSING("the server has no such database, or this login may not use it",
			"Create the database and grant the login access, or correct the name in '%s'.",
			TroubleshootingSection.DATABASE_MISSING),

	/**
	 * Client and server did not agree on TLS.
	 */
	TLS("client and server did not agree on TLS", "Correct the TLS parameters in '%s', or the certificates.",
			TroubleshootingSection.TLS),

	/**
	 * The server takes no further connection.
	 */
	TOO_MANY_CONNECTIONS("the server has no connection left",
			"Raise the server's connection limit, or lower 'pool.max-size' of the databases that share the server of '%s'.",
			TroubleshootingSection.CONNECTION_NOT_OPENED),

	/**
	 * The server is starting, stopping or recovering.
	 */
	NOT_READY("the server is starting, stopping or recovering", "Wait until the server of '%s' is ready.",
			TroubleshootingSection.REQUIRED_DATABASE_DOWN),

	/**
	 * Members of a replica set answer, but none of them is the primary.
	 */
	NO_PRIMARY("no member of the replica set is the primary",
			"Check the replica set of '%s': it elects a primary if a majority of its members is running.",
			TroubleshootingSection.REQUIRED_DATABASE_DOWN),

	/**
	 * The credentials could not be supplied.
	 */
	CREDENTIALS("there are no credentials", "See what supplies the credentials of the database at '%s'.",
			TroubleshootingSection.CREDENTIALS),

	/**
	 * Any other reason; the driver's message says more.
	 */
	OTHER("the driver failed", "See the driver's message and check '%s'.",
			TroubleshootingSection.REQUIRED_DATABASE_DOWN);

	private static final String CAUSED_BY = "caused by {";

	private final String description;

	private final String action;

	private final TroubleshootingSection section;

	FailureReason(String description, String action, TroubleshootingSection section) {
		this.description = description;
		this.action = action;
		this.section = section;
	}

	/**
	 * Returns whether a retry would fail until someone fixes the cause.
	 * @return whether a retry is pointless
	 */
	public boolean isPermanent() {
		return isLoginRefused() || this == NOT_ADMITTED || this == DATABASE_MISSING || this == TLS;
	}

	/**
	 * Returns whether the server has refused the credentials, so that other credentials
	 * may work, and further attempts may lock the login.
	 * @return whether the login was refused
	 */
	public boolean isLoginRefused() {
		return this == AUTHENTICATION || this == LOGIN_LOCKED;
	}

	/**
	 * Returns whether a server that is running has responded so.
	 * @return whether it is a response of the server
	 */
	public boolean isAnswer() {
		return isLoginRefused() || this == NOT_ADMITTED || this == DATABASE_MISSING || this == TOO_MANY_CONNECTIONS;
	}

	/**
	 * Returns a description of a failure with this reason, including the driver's
	 * message.
	 * @param failure what the driver threw
	 * @return the end of a sentence, without a full stop
	 */
	public String describe(Throwable failure) {
		if (this == CREDENTIALS) {
			// the message of the cause may contain a secret
			return this.description + ": " + findCredentialsFailure(failure);
		}
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = (root.getMessage() != null) ? root.getMessage() : root.getClass().getName();
		return "%s. The driver says: %s".formatted(this.description, (this == TLS) ? findLastCause(message) : message);
	}

	/**
	 * MongoDB's driver reports the causes of a failure within its message, the last of
	 * which says what is wrong.
	 */
	private static String findLastCause(String message) {
		int begin = message.lastIndexOf(CAUSED_BY);
		int end = message.indexOf('}', begin);
		return (begin >= 0 && end > begin)
				? message.substring(begin + CAUSED_BY.length(), end).replaceFirst("^[\\w.$]+: ", "") : message;
	}

	private static @Nullable String findCredentialsFailure(Throwable failure) {
		Throwable found = Causes.find(DatabaseCredentialsException.class, failure);
		String message = (found != null) ? found.getMessage() : failure.getMessage();
		return (message != null) ? message.replaceFirst("\\.$", "") : null;
	}

	/**
	 * Returns the description.
	 * @return the end of a sentence, without a full stop
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * Returns how to fix it.
	 * @param key the key of the configuration that says where the database is
	 * @return a full sentence
	 */
	public String getAction(String key) {
		return this.action.formatted(key);
	}

	/**
	 * Returns the section of the page on troubleshooting.
	 * @return the section
	 */
	public TroubleshootingSection getSection() {
		return this.section;
	}

}
