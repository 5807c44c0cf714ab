package io.appdbs.jdbc.pool;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;

/**
 * Thrown when a connection is used that was closed because its credentials have been
 * replaced. The cause is the exception of the driver.
 */
public class CredentialsReplacedException extends SQLRecoverableException {

	CredentialsReplacedException(String message, SQLException cause) {
		super(message, cause.getSQLState(), cause.getErrorCode(), cause);
	}

}
