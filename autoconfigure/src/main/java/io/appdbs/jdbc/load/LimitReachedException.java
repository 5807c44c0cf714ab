package io.appdbs.jdbc.load;

import java.sql.SQLTransientConnectionException;

/**
 * Thrown when a caller has waited for its turn for as long as it may.
 */
public final class LimitReachedException extends SQLTransientConnectionException {

	LimitReachedException(String message) {
		super(message);
	}

}
