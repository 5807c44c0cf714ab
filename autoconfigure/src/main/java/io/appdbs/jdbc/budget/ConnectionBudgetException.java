package io.appdbs.jdbc.budget;

import java.sql.SQLTransientConnectionException;

/**
 * Thrown if a connection is not admitted: the limit on the connections of all databases
 * is reached, too many connect at the same time, or the database is being removed. Says
 * nothing about the server.
 */
public final class ConnectionBudgetException extends SQLTransientConnectionException {

	ConnectionBudgetException(String message) {
		super(message);
	}

}
