package io.appdbs.engine.cluster;

import java.sql.SQLException;
import java.util.Set;

import org.postgresql.util.PSQLException;

/**
 * Errors that a server reports, as opposed to those of the driver with the same
 * SQLStates.
 */
public final class OtherNodeFailures {

	/**
	 * Reported by Citus for a worker, and by {@code postgres_fdw} and {@code dblink} for
	 * a foreign server. A server does not end the session of its client with these.
	 */
	private static final Set<String> CONNECTION_FAILURES = Set.of("08000", "08001", "08003", "08006");

	private OtherNodeFailures() {
	}

	/**
	 * Returns whether a server reports that it could not reach another one.
	 * @param failure an exception of the driver of PostgreSQL
	 * @return whether the connection to the server itself works
	 */
	public static boolean isFailureOfOtherNode(SQLException failure) {
		String state = failure.getSQLState();
		return state != null && CONNECTION_FAILURES.contains(state) && Driver.isReportedByServer(failure);
	}

	/**
	 * Loaded only if there is such an exception, and so the driver.
	 */
	private static final class Driver {

		static boolean isReportedByServer(SQLException failure) {
			return failure instanceof PSQLException error && error.getServerErrorMessage() != null;
		}

	}

}
