package io.appdbs.replica;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import io.appdbs.TransientDatabaseFailure;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a database has no eligible replica, and reads must not fall back to the
 * database itself.
 */
public class ReplicaUnavailableException extends SQLTransientConnectionException implements TransientDatabaseFailure {

	private final String database;

	ReplicaUnavailableException(String database, String message, @Nullable SQLException cause) {
		super(message, "08001", cause);
		this.database = database;
	}

	@Override
	public String getDatabase() {
		return this.database;
	}

}
