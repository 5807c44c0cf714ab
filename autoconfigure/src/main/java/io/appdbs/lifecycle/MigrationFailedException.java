package io.appdbs.lifecycle;

import io.appdbs.DatabaseStartException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a database cannot be migrated, and another attempt would fail for the same
 * reason.
 */
public final class MigrationFailedException extends DatabaseStartException {

	/**
	 * Creates a new {@link MigrationFailedException}.
	 * @param database the name of the database
	 * @param message the failure, with database and host but without user information
	 * @param action how to fix it
	 * @param cause the cause or {@code null}
	 */
	public MigrationFailedException(String database, String message, String action, @Nullable Throwable cause) {
		super(database, message, action, cause);
	}

}
