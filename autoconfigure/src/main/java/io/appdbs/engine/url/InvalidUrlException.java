package io.appdbs.engine.url;

import io.appdbs.engine.Engine;

/**
 * Thrown by {@link Engine#resolve(String)} for a URL that cannot be understood. The
 * message says what is wrong with it and never repeats user information or secrets.
 */
public class InvalidUrlException extends RuntimeException {

	private final String action;

	/**
	 * Create a new {@link InvalidUrlException}.
	 * @param message what is wrong, as the end of a sentence that begins with the key,
	 * for example {@code has a port that is not a number: 'x'}
	 * @param action how to mend it, a full sentence
	 */
	public InvalidUrlException(String message, String action) {
		super(message);
		this.action = action;
	}

	/**
	 * Return how to mend the URL.
	 * @return a full sentence
	 */
	public String getAction() {
		return this.action;
	}

}
