package io.appdbs.credentials;

import io.appdbs.DatabaseCredentialsException;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabaseCredentialsException} for a provider that failed for an unknown reason.
 * Another attempt may succeed.
 */
public final class CredentialsProviderFailure extends DatabaseCredentialsException {

	private static final String ACTION = "Check the DatabaseCredentialsProvider of the database and the services that it uses.";

	private CredentialsProviderFailure(String message, @Nullable Throwable cause) {
		super(message, ACTION, cause);
	}

	/**
	 * Returns a failure without the message of its cause, which may contain a secret.
	 */
	static CredentialsProviderFailure failed(Throwable cause) {
		return new CredentialsProviderFailure(
				"its credentials provider failed with a %s.".formatted(cause.getClass().getName()), cause);
	}

	static CredentialsProviderFailure overdue(long millis) {
		return new CredentialsProviderFailure(
				"its credentials provider has not answered within %d ms.".formatted(millis), null);
	}

}
