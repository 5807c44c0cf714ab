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

	PoolExhaustedException(String database, String message, SQLException cause) {
		super(message, cause.getSQLState(), cause.getErrorCode(), cause);
		this.database = database;
	}

	@Override
	public String getDatabase() {
		return this.database;
	}

}
