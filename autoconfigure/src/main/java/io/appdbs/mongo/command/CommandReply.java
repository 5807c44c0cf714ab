package io.appdbs.mongo.command;

import java.util.List;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNumber;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies of servers.
 */
final class CommandReply {

	private CommandReply() {
	}

	/**
	 * Returns the error of a write. For the driver, a command succeeds even if it wrote
	 * nothing, or not everything.
	 */
	static @Nullable String findWriteError(BsonDocument reply) {
		if (reply.get("writeErrors") instanceof BsonArray errors && !errors.isEmpty()) {
			BsonValue code = errors.get(0).asDocument().get("code");
			return (code != null) ? "WriteError(" + code.asNumber().intValue() + ")" : "WriteError";
		}
		return null;
	}

	/**
	 * Returns why it is not known whether a write lasts.
	 */
	static @Nullable String findWriteConcernError(BsonDocument reply) {
		if (reply.get("writeConcernError") instanceof BsonDocument error) {
			return (error.get("code") instanceof BsonNumber code) ? "WriteConcernError(" + code.intValue() + ")"
					: "WriteConcernError";
		}
		return null;
	}

	/**
	 * Returns the number of documents that were written or read.
	 */
	static @Nullable Long countDocuments(BsonDocument reply) {
		if (reply.get("n") instanceof BsonNumber written) {
			return written.longValue();
		}
		BsonDocument read = (reply.get("cursor") instanceof BsonDocument cursor) ? cursor : reply;
		for (String key : List.of("firstBatch", "nextBatch", "values")) {
			if (read.get(key) instanceof BsonArray documents) {
				return (long) documents.size();
			}
		}
		return null;
	}

}
