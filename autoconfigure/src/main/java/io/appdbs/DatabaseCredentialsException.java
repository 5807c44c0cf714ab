package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when there are no credentials for a database.
 */
public class DatabaseCredentialsException extends RuntimeException {

	private final String action;

	/**
	 * Creates a new {@link DatabaseCredentialsException}.
	 * @param message the reason, without a secret: the end of a sentence, with a full
	 * stop
	 * @param action how to fix it
	 * @param cause the cause or {@code null}
	 */
	public DatabaseCredentialsException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * Returns how to fix it.
	 * @return the action, in full sentences
	 */
	public String getAction() {
		return this.action;
	}

}
