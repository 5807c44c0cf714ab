package io.appdbs.testsupport.documentdb;

import java.util.Arrays;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * The failure of a command, with the code and the labels that the client receives.
 */
class CommandException extends Exception {

	private final int code;

	private final String[] labels;

	CommandException(int code, String message, String... labels) {
		super(message);
		this.code = code;
		this.labels = labels;
	}

	int getCode() {
		return this.code;
	}

	boolean isUnlabeled() {
		return this.labels.length == 0;
	}

	/**
	 * Returns the same failure with a label.
	 */
	CommandException withLabel(String label) {
		return new CommandException(this.code, getMessage(), label);
	}

	BsonDocument toReply() {
		BsonDocument reply = new BsonDocument("ok", new BsonDouble(0)).append("errmsg", new BsonString(getMessage()))
			.append("code", new BsonInt32(this.code))
			.append("codeName", new BsonString(ErrorCodes.name(this.code)));
		if (!isUnlabeled()) {
			reply.append("errorLabels", new BsonArray(Arrays.stream(this.labels).map(BsonString::new).toList()));
		}
		return reply;
	}

}
