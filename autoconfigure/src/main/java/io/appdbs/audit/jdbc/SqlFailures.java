package io.appdbs.audit.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

import io.appdbs.audit.AuditOutcome;

/**
 * What failures tell about the outcome of a unit of work.
 */
final class SqlFailures {

	/** SQLSTATE classes of answers that do not tell whether a commit was done. */
	private static final Set<String> UNCERTAIN_CLASSES = Set.of("08", "57", "58", "XX", "HY", "S1");

	/** Codes of H2 for a connection or a database that is closed. */
	private static final Set<String> CLOSED = Set.of("90067", "90098", "90121", "90007");

	/** The server could not complete the commit within a time limit, and rolled back. */
	private static final String CANCELED = "57014";

	private static final String COMPLETION_UNKNOWN = "40003";

	/** The codes of errors that MySQL's and MariaDB's drivers found, not the server. */
	private static final int CLIENT_ERRORS = 2000;

	private SqlFailures() {
	}

	/**
	 * Returns the type and the SQLSTATE only: the message can contain values.
	 */
	static String describe(Throwable failure) {
		String name = failure.getClass().getSimpleName();
		return (failure instanceof SQLException ex && ex.getSQLState() != null) ? name + "(" + ex.getSQLState() + ")"
				: name;
	}

	/**
	 * Returns the outcome of a commit, or of a statement outside of a transaction.
	 */
	static AuditOutcome getOutcome(Throwable failure, Connection connection) {
		return (failure instanceof SQLException ex && isAnswer(ex) && isOpen(connection)) ? AuditOutcome.FAILED
				: AuditOutcome.UNKNOWN;
	}

	/**
	 * Returns whether the server has answered that it did not do it.
	 */
	private static boolean isAnswer(SQLException failure) {
		String state = failure.getSQLState();
		if (state == null || state.length() < 2 || state.equals(COMPLETION_UNKNOWN) || CLOSED.contains(state)) {
			return false;
		}
		String type = state.substring(0, 2);
		if (type.equals("HY")) {
			return failure.getErrorCode() > 0 && failure.getErrorCode() / 1000 * 1000 != CLIENT_ERRORS;
		}
		return state.equals(CANCELED) || !UNCERTAIN_CLASSES.contains(type);
	}

	private static boolean isOpen(Connection connection) {
		try {
			return !connection.isClosed();
		}
		catch (SQLException ex) {
			return false;
		}
	}

}
