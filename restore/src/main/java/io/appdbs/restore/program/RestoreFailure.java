package io.appdbs.restore.program;

/**
 * Ends a check early: the backup could not be restored. The message is a finding.
 */
public final class RestoreFailure extends Exception {

	/**
	 * Creates a new {@link RestoreFailure}.
	 * @param message what is wrong, a full sentence
	 */
	public RestoreFailure(String message) {
		super(message);
	}

	/**
	 * Creates a new {@link RestoreFailure}.
	 * @param message what is wrong, a full sentence
	 * @param cause the cause
	 */
	public RestoreFailure(String message, Throwable cause) {
		super(message, cause);
	}

}
