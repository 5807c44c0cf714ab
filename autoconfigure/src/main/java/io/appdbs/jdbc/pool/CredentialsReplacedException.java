package io.appdbs.jdbc.pool;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;

/**
 * Thrown when a connection is used that was ended because the credentials that it was
 * opened with have been replaced. The cause is what the driver says.
 */
public class CredentialsReplacedException extends SQLRecoverableException {

	CredentialsReplacedException(String message, SQLException cause) {
		super(message, cause.getSQLState(), cause.getErrorCode(), cause);
	}

}
