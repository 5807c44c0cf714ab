package io.appdbs.mongo.migration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a database cannot be migrated, and retrying cannot help.
 */
final class MigrationException extends RuntimeException {

	private final String action;

	/**
	 * Creates a new {@link MigrationException}.
	 * @param message the problem, the end of a sentence without its full stop
	 * @param action how to fix it, in full sentences
	 * @param cause the cause or {@code null}
	 */
	MigrationException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	String getAction() {
		return this.action;
	}

	/**
	 * Returns a text of several lines as one.
	 */
	static String oneLine(@Nullable String message) {
		return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
	}

}
