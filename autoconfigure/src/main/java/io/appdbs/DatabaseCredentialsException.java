package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when there are no credentials for a database.
 */
public class DatabaseCredentialsException extends RuntimeException {

	private final String action;

	/**
	 * Create a new {@link DatabaseCredentialsException}.
	 * @param message why not, without a secret: the end of a sentence, with a full stop
	 * @param action how to mend it
	 * @param cause the cause or {@code null}
	 */
	public DatabaseCredentialsException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * Return what to do about it.
	 * @return the action, in full sentences
	 */
	public String getAction() {
		return this.action;
	}

}
