package io.appdbs.encryption;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a value cannot be encrypted or decrypted. The message contains neither the
 * value nor a key.
 */
public class FieldCipherException extends RuntimeException {

	/**
	 * Creates a new {@link FieldCipherException}.
	 * @param message what is wrong, and how to fix it, without the value
	 * @param cause the cause, which must not contain the value, or {@code null}
	 */
	public FieldCipherException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
