package io.appdbs.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import io.appdbs.TransientDatabaseFailure;

/**
 * Thrown when borrowing timed out because the pool could not open a connection although
 * the database is up.
 */
public class PoolConnectException extends SQLTransientConnectionException implements TransientDatabaseFailure {

	private final String database;

	PoolConnectException(String database, String message, SQLException cause) {
		super(message, cause.getSQLState(), cause.getErrorCode(), cause);
		this.database = database;
	}

	@Override
	public String getDatabase() {
		return this.database;
	}

}
