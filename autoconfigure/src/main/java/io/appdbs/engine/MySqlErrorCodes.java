package io.appdbs.engine;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Meanings of the <a href=
 * "https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">error
 * codes</a> that MySQL and MariaDB share. Their SQLStates are less specific: a rejected
 * login has the one of a missing privilege.
 */
final class MySqlErrorCodes {

	/**
	 * Messages of failures for which the drivers have no code. They are not translated.
	 */
	private static final List<String> TLS_MESSAGES = List.of("SSL Connection required", "ssl not enabled in the server",
			"SSL hostname verification failed");

	private MySqlErrorCodes() {
	}

	static @Nullable FailureReason toReason(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 1040, 1203 -> FailureReason.TOO_MANY_CONNECTIONS;
			case 1044, 1049 -> FailureReason.DATABASE_MISSING;
			// also for other limits, such as queries per hour
			case 1226 -> has(failure, "max_user_connections") ? FailureReason.TOO_MANY_CONNECTIONS : null;
			case 1129, 1130 -> FailureReason.NOT_ADMITTED;
			case 1045, 1698 -> FailureReason.AUTHENTICATION;
			case 1820, 1862, 3118, 3955, 4150, 4151 -> FailureReason.LOGIN_LOCKED;
			case 1053 -> FailureReason.NOT_READY;
			case 3159 -> FailureReason.TLS;
			default -> TLS_MESSAGES.stream().anyMatch((text) -> has(failure, text)) ? FailureReason.TLS : null;
		};
	}

	static CreateDatabaseFailure toCreateDatabaseFailure(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 1007 -> CreateDatabaseFailure.EXISTS;
			case 1044, 1227 -> CreateDatabaseFailure.NOT_ALLOWED;
			default -> CreateDatabaseFailure.OTHER;
		};
	}

	/**
	 * Returns whether the server, or the transaction, is read-only. The code of the
	 * option {@code --read-only} has other options, too.
	 */
	static boolean isReadOnly(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 1290 -> has(failure, "read-only") || has(failure, "read_only");
			case 1792, 1836 -> true;
			default -> false;
		};
	}

	/**
	 * Returns whether it is a deadlock, or a lock that was not granted in time, which
	 * rolls back only the statement.
	 */
	static boolean isConflict(SQLException failure) {
		return failure.getErrorCode() == 1205 || failure.getErrorCode() == 1213;
	}

	static @Nullable ServerTimeout toTimeout(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 3024 -> ServerTimeout.STATEMENT;
			case 1205, 3572 -> ServerTimeout.LOCK;
			default -> null;
		};
	}

	private static boolean has(SQLException failure, String text) {
		return String.valueOf(failure.getMessage()).contains(text);
	}

}
