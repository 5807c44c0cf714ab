package io.appdbs.engine.url;

import io.appdbs.engine.Engine;

/**
 * Thrown by {@link Engine#resolve(String)} for an invalid URL. The message never contains
 * user information or secrets.
 */
public class InvalidUrlException extends RuntimeException {

	private final String action;

	/**
	 * Creates a new {@link InvalidUrlException}.
	 * @param message what is wrong, as the end of a sentence that begins with the key,
	 * for example {@code has a port that is not a number: 'x'}
	 * @param action how to fix it, a full sentence
	 */
	public InvalidUrlException(String message, String action) {
		super(message);
		this.action = action;
	}

	/**
	 * Returns how to fix the URL.
	 * @return a full sentence
	 */
	public String getAction() {
		return this.action;
	}

}
