package io.appdbs.engine;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;

import org.jspecify.annotations.Nullable;

/**
 * Meanings of
 * <a href= "https://www.postgresql.org/docs/current/errcodes-appendix.html">SQLStates</a>
 * for engines that have no codes of their own.
 */
final class SqlStates {

	private SqlStates() {
	}

	static @Nullable FailureReason toReason(SQLException failure) {
		String state = String.valueOf(failure.getSQLState());
		if (state.startsWith("28")) {
			return FailureReason.AUTHENTICATION;
		}
		return switch (state) {
			case "3D000" -> FailureReason.DATABASE_MISSING;
			case "53300" -> FailureReason.TOO_MANY_CONNECTIONS;
			case "57P01", "57P02", "57P03" -> FailureReason.NOT_READY;
			default -> null;
		};
	}

	static TransactionFailure toTransactionFailure(SQLException failure) {
		String state = String.valueOf(failure.getSQLState());
		if (state.equals("40001")) {
			return TransactionFailure.CONFLICT;
		}
		return (state.startsWith("08") || state.equals("40003") || failure instanceof SQLRecoverableException)
				? TransactionFailure.LOST : TransactionFailure.OTHER;
	}

	static CreateDatabaseFailure toCreateDatabaseFailure(SQLException failure) {
		return switch (String.valueOf(failure.getSQLState())) {
			case "42P04", "23505" -> CreateDatabaseFailure.EXISTS;
			case "42501" -> CreateDatabaseFailure.NOT_ALLOWED;
			default -> CreateDatabaseFailure.OTHER;
		};
	}

}
