package io.appdbs.mongo.command;

import java.util.List;
import java.util.Set;

import io.appdbs.query.QueryLog;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * Text of a command for the query log.
 *
 * @param text the command with its collection, and its shape or, if requested, its values
 * @param batchSize the number of writes, 0 if it is not a batch
 */
record CommandText(String text, int batchSize) {

	/** Keys that the driver adds to commands. */
	private static final Set<String> DRIVER_KEYS = Set.of("$db", "lsid", "$clusterTime", "$readPreference", "txnNumber",
			"startTransaction", "maxTimeMS", "autocommit", "readConcern", "writeConcern", "apiVersion", "apiStrict",
			"apiDeprecationErrors");

	private static final Set<String> WRITES = Set.of("documents", "updates", "deletes", "ops");

	private static final JsonWriterSettings JSON = JsonWriterSettings.builder()
		.outputMode(JsonMode.RELAXED)
		.maxLength(QueryLog.MAX_LENGTH)
		.build();

	/**
	 * Returns the text of a command.
	 * @param name the name of the command
	 * @param command the command, empty if the driver hides it
	 * @param values whether the text contains the values
	 */
	static CommandText of(String name, BsonDocument command, boolean values) {
		return of(name, command, values, new CommandMask(List.of()));
	}

	/**
	 * Returns the text of a command.
	 * @param name the name of the command
	 * @param command the command, empty if the driver hides it
	 * @param values whether the text contains the values
	 * @param mask hides the values of fields
	 */
	static CommandText of(String name, BsonDocument command, boolean values, CommandMask mask) {
		// all name their collection first, except for the one that continues to read
		String target = name.equals("getMore") ? "collection" : name;
		BsonDocument arguments = new BsonDocument();
		int batchSize = 0;
		for (String key : command.keySet()) {
			BsonValue value = command.get(key);
			if (!key.equals(name) && !key.equals(target) && !DRIVER_KEYS.contains(key)
					&& !(key.equals("cursor") && value instanceof BsonDocument cursor && cursor.isEmpty())) {
				arguments.append(key, value);
			}
			if (WRITES.contains(key) && value instanceof BsonArray writes && writes.size() > 1) {
				batchSize = writes.size();
			}
		}
		String collection = (command.get(target) instanceof BsonString string) ? " " + string.getValue() : "";
		String text = arguments.isEmpty() ? ""
				: " " + (values ? mask.apply(arguments).toJson(JSON) : CommandShape.of(arguments));
		return new CommandText(name + collection + shorten(text), batchSize);
	}

	private static String shorten(String text) {
		return (text.length() > QueryLog.MAX_LENGTH) ? text.substring(0, QueryLog.MAX_LENGTH) + "..." : text;
	}

}
