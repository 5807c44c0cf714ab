package io.appdbs.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import io.appdbs.TransientDatabaseFailure;

/**
 * Thrown when the pool of a database had no connection to give in time although the
 * database is up.
 */
public class PoolExhaustedException extends SQLTransientConnectionException implements TransientDatabaseFailure {

	private final String database;

	/**
	 * Create a new {@link PoolExhaustedException}. It has no cause: the exception of the
	 * pool would be the root cause that logs print, and says less.
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
