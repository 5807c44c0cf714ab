package io.appdbs.credentials;

import io.appdbs.DatabaseCredentialsException;
import org.jspecify.annotations.Nullable;

/**
 * A provider that failed without saying why in words that can be shown. Another attempt
 * may succeed.
 */
public final class CredentialsProviderFailure extends DatabaseCredentialsException {

	private static final String ACTION = "See what the DatabaseCredentialsProvider of the database depends on.";

	private CredentialsProviderFailure(String message, @Nullable Throwable cause) {
		super(message, ACTION, cause);
	}

	/**
	 * The message of the cause is left out, as it may have a secret.
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
