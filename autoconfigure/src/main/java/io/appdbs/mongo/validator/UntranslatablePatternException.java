package io.appdbs.mongo.validator;

/**
 * Thrown for a regular expression that has another meaning on the server.
 */
final class UntranslatablePatternException extends Exception {

	/**
	 * Creates a new {@link UntranslatablePatternException}.
	 * @param reason the reason, as the end of a sentence
	 */
	UntranslatablePatternException(String reason) {
		super(reason);
	}

}
