package io.appdbs.restore;

/**
 * Ends a check early: the backup could not be restored. The message is a finding.
 */
final class RestoreFailure extends Exception {

	RestoreFailure(String message) {
		super(message);
	}

	RestoreFailure(String message, Throwable cause) {
		super(message, cause);
	}

}
