package io.appdbs.mongo.migration;

import java.util.List;
import java.util.Objects;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.appdbs.mongo.MongoErrorCodes;
import io.appdbs.settings.NearestName;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A command of a migration.
 *
 * @param command the command
 * @param number its number in the file, from 1
 * @param count the number of commands in the file
 */
record MigrationCommand(BsonDocument command, int number, int count) {

	/** Commands of databases, not of the database {@code admin}. */
	private static final List<String> KNOWN = List.of("aggregate", "collMod", "compact", "convertToCapped", "count",
			"create", "createIndexes", "createRole", "createSearchIndexes", "createUser", "delete", "distinct", "drop",
			"dropDatabase", "dropIndexes", "dropRole", "dropUser", "find", "findAndModify", "grantPrivilegesToRole",
			"grantRolesToUser", "insert", "listCollections", "listIndexes", "ping", "profile", "reIndex",
			"revokeRolesFromUser", "update", "updateRole", "updateUser", "validate");

	private static final String ADMIN = "A command of the database 'admin', such as renameCollection, needs a MongoMigration bean.";

	void execute(MongoDatabase database) {
		BsonDocument answer;
		try {
			answer = database.runCommand(this.command, BsonDocument.class);
		}
		catch (MongoCommandException ex) {
			if (ex.getErrorCode() == MongoErrorCodes.COMMAND_NOT_FOUND) {
				throw unknown(ex);
			}
			throw failed(ex.getErrorMessage(), ex.getErrorCode(), ex);
		}
		catch (MongoException ex) {
			throw new MigrationException(
					"%s. The driver says: %s".formatted(describe(), MigrationException.oneLine(ex.getMessage())), "",
					ex);
		}
		checkWrites(answer);
	}

	/**
	 * The server answers {@code ok: 1} even if it has not written a document.
	 */
	private void checkWrites(BsonDocument answer) {
		BsonArray errors = answer.getArray("writeErrors", new BsonArray());
		if (!errors.isEmpty()) {
			BsonDocument error = errors.get(0).asDocument();
			String others = (errors.size() > 1) ? " Documents that failed: %d.".formatted(errors.size()) : "";
			throw failed("entry %d: %s%s".formatted(error.getNumber("index").intValue() + 1, message(error), others),
					code(error), null);
		}
		if (answer.containsKey("writeConcernError")) {
			BsonDocument error = answer.getDocument("writeConcernError");
			throw failed("the write concern was not satisfied: " + message(error), code(error), null);
		}
	}

	private static String message(BsonDocument error) {
		BsonValue message = error.get("errmsg");
		return (message != null && message.isString()) ? message.asString().getValue() : "unknown";
	}

	private static int code(BsonDocument error) {
		BsonValue code = error.get("code");
		return (code != null && code.isNumber()) ? code.asNumber().intValue() : 0;
	}

	private MigrationException failed(String message, int code, @Nullable Throwable cause) {
		return new MigrationException(
				"%s. The server says: %s (code %d)".formatted(describe(), MigrationException.oneLine(message), code),
				"", cause);
	}

	private MigrationException unknown(MongoCommandException cause) {
		String nearest = NearestName.find(name(), KNOWN);
		String hint = (nearest != null && !nearest.equals(name())) ? " Did you mean '%s'?".formatted(nearest)
				: " The first field of a command is its name. " + ADMIN;
		return new MigrationException("%s: the server does not know this command (code %d)".formatted(describe(),
				MongoErrorCodes.COMMAND_NOT_FOUND) + "." + hint, "", cause);
	}

	private String describe() {
		return "failed at command %d of %d, '%s'".formatted(this.number, this.count, name());
	}

	private String name() {
		return Objects.requireNonNull(this.command.getFirstKey());
	}

}
