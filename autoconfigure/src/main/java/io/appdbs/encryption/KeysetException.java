package io.appdbs.encryption;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a keyset cannot be used. The message is the end of a sentence and contains
 * no key.
 */
final class KeysetException extends Exception {

	private final String setting;

	private final String action;

	/**
	 * Creates a new {@link KeysetException}.
	 * @param setting the key below the database
	 * @param message what is wrong, in a sentence
	 * @param action how to fix it, in a sentence
	 * @param cause the cause or {@code null}
	 */
	KeysetException(String setting, String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.setting = setting;
		this.action = action;
	}

	String getSetting() {
		return this.setting;
	}

	String getAction() {
		return this.action;
	}

}
