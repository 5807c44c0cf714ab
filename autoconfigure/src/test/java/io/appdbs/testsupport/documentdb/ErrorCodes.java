package io.appdbs.testsupport.documentdb;

import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;

/**
 * Translates the failures of the extension to error codes of MongoDB.
 */
final class ErrorCodes {

	static final int UNKNOWN = 8;

	static final int UNAUTHORIZED = 13;

	static final int AUTHENTICATION_FAILED = 18;

	static final int NAMESPACE_NOT_FOUND = 26;

	static final int CURSOR_NOT_FOUND = 43;

	static final int MAX_TIME_EXPIRED = 50;

	static final int COMMAND_NOT_FOUND = 59;

	static final int WRITE_CONFLICT = 112;

	static final int NO_SUCH_TRANSACTION = 251;

	static final int NOT_WRITABLE_PRIMARY = 10107;

	static final int DUPLICATE_KEY = 11000;

	static final int NOT_PRIMARY_NO_SECONDARY_OK = 13435;

	private static final Map<String, Integer> STATES = Map.ofEntries(Map.entry("23505", DUPLICATE_KEY),
			Map.entry("23P01", DUPLICATE_KEY), Map.entry("40001", WRITE_CONFLICT), Map.entry("40P01", WRITE_CONFLICT),
			Map.entry("55P03", WRITE_CONFLICT), Map.entry("57014", MAX_TIME_EXPIRED),
			// the ones of the extension
			Map.entry("M001C", DUPLICATE_KEY), Map.entry("M00CO", 121), Map.entry("M0008", NAMESPACE_NOT_FOUND),
			Map.entry("M000E", CURSOR_NOT_FOUND), Map.entry("M000R", 85), Map.entry("M000S", 86),
			Map.entry("M0018", 291), Map.entry("M000U", 40324));

	private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(UNKNOWN, "UnknownError"),
			Map.entry(UNAUTHORIZED, "Unauthorized"), Map.entry(AUTHENTICATION_FAILED, "AuthenticationFailed"),
			Map.entry(NAMESPACE_NOT_FOUND, "NamespaceNotFound"), Map.entry(CURSOR_NOT_FOUND, "CursorNotFound"),
			Map.entry(MAX_TIME_EXPIRED, "MaxTimeMSExpired"), Map.entry(COMMAND_NOT_FOUND, "CommandNotFound"),
			Map.entry(85, "IndexOptionsConflict"), Map.entry(86, "IndexKeySpecsConflict"),
			Map.entry(91, "ShutdownInProgress"), Map.entry(WRITE_CONFLICT, "WriteConflict"),
			Map.entry(121, "DocumentValidationFailure"), Map.entry(189, "PrimarySteppedDown"),
			Map.entry(NO_SUCH_TRANSACTION, "NoSuchTransaction"), Map.entry(NOT_WRITABLE_PRIMARY, "NotWritablePrimary"),
			Map.entry(DUPLICATE_KEY, "DuplicateKey"),
			Map.entry(NOT_PRIMARY_NO_SECONDARY_OK, "NotPrimaryNoSecondaryOk"));

	// https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md
	private static final Set<Integer> RETRYABLE = Set.of(6, 7, 89, 91, 134, 189, 262, 9001, NOT_WRITABLE_PRIMARY, 11600,
			11602, NOT_PRIMARY_NO_SECONDARY_OK);

	private ErrorCodes() {
	}

	static String name(int code) {
		return NAMES.getOrDefault(code, "Location" + code);
	}

	/**
	 * Returns whether drivers retry a write that has failed with the code.
	 */
	static boolean isRetryable(int code) {
		return RETRYABLE.contains(code);
	}

	static CommandException translate(SQLException ex) {
		return new CommandException(of(ex.getSQLState()), ex.getMessage());
	}

	private static int of(String state) {
		return STATES.getOrDefault(String.valueOf(state), UNKNOWN);
	}

	/**
	 * Replaces the codes of a result of the extension.
	 * @param result the result of an operation, which can contain {@code writeErrors}
	 * @throws CommandException if a document was not written because of another
	 * transaction
	 */
	static BsonDocument translate(BsonDocument result) throws CommandException {
		translateCode(result);
		if (result.containsKey("writeErrors")) {
			for (BsonValue value : result.getArray("writeErrors")) {
				BsonDocument error = value.asDocument();
				translateCode(error);
				if (error.getInt32("code").getValue() == WRITE_CONFLICT) {
					throw new CommandException(WRITE_CONFLICT, error.getString("errmsg").getValue());
				}
			}
		}
		return result;
	}

	private static void translateCode(BsonDocument result) {
		int code = result.isInt32("code") ? result.getInt32("code").getValue() : 0;
		if (of(unpack(code)) != UNKNOWN) {
			result.put("code", new BsonInt32(of(unpack(code))));
		}
	}

	// PostgreSQL packs the five characters of an SQLSTATE into an integer
	private static String unpack(int packed) {
		StringBuilder state = new StringBuilder();
		for (int i = 0; i < 5; i++) {
			state.append((char) (((packed >> (6 * i)) & 0x3f) + '0'));
		}
		return state.toString();
	}

}
