package io.appdbs.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import io.appdbs.TransientDatabaseFailure;

/**
 * Thrown when borrowing timed out because all connections of the pool were in use, or as
 * many as {@code pool.adaptive} allowed.
 */
public class PoolExhaustedException extends SQLTransientConnectionException implements TransientDatabaseFailure {

	private final String database;

	/**
	 * Creates a new {@link PoolExhaustedException}. It has no cause: logs would print the
	 * less specific exception of the pool as the root cause.
	 */
	PoolExhaustedException(String database, String message, SQLException failure) {
		super(message, failure.getSQLState(), failure.getErrorCode());
		this.database = database;
		addSuppressed(failure);
	}

	@Override
	public String getDatabase() {
		return this.database;
	}

}
