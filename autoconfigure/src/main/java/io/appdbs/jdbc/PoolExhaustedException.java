package io.appdbs.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * Thrown when the pool of a database had no connection to give in time although the
 * database is up.
 */
public class PoolExhaustedException extends SQLTransientConnectionException {

	PoolExhaustedException(String message, SQLException cause) {
		super(message, cause.getSQLState(), cause.getErrorCode(), cause);
	}

}
