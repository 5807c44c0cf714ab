package io.appdbs.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * Thrown when the pool of a database had no connection to give in time because it could
 * not open one, although the database is up.
 */
public class PoolConnectException extends SQLTransientConnectionException {

	PoolConnectException(String message, SQLException cause) {
		super(message, cause.getSQLState(), cause.getErrorCode(), cause);
	}

}
