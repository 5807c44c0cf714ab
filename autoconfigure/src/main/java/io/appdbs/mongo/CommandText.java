package io.appdbs.mongo;

import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.query.QueryLog;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * What is logged of a command.
 *
 * @param text the command, its collection, and its shape or, if asked for, its values
 * @param batchSize how many writes it has, 0 if it is no batch
 */
record CommandText(String text, int batchSize) {

	/** What the driver adds to every command. */
	private static final Set<String> DRIVER_KEYS = Set.of("$db", "lsid", "$clusterTime", "$readPreference", "txnNumber",
			"startTransaction", "autocommit", "readConcern", "writeConcern", "apiVersion", "apiStrict",
			"apiDeprecationErrors");

	private static final Set<String> WRITES = Set.of("documents", "updates", "deletes", "ops");

	/** Elements of an array whose shape is looked at. */
	private static final int MAX_ELEMENTS = 100;

	private static final JsonWriterSettings JSON = JsonWriterSettings.builder()
		.outputMode(JsonMode.RELAXED)
		.maxLength(QueryLog.MAX_LENGTH)
		.build();

	/**
	 * Return the text of a command.
	 * @param name the name of the command
	 * @param command the command, empty where the driver keeps it secret
	 * @param values whether the values are to be in the text
	 */
	static CommandText of(String name, BsonDocument command, boolean values) {
		// all begin with their collection, but for the one that goes on reading
		String target = name.equals("getMore") ? "collection" : name;
		BsonDocument arguments = new BsonDocument();
		int batchSize = 0;
		for (String key : command.keySet()) {
			BsonValue value = command.get(key);
			if (!key.equals(name) && !key.equals(target) && !DRIVER_KEYS.contains(key)) {
				arguments.append(key, value);
			}
			if (WRITES.contains(key) && value instanceof BsonArray writes && writes.size() > 1) {
				batchSize = writes.size();
			}
		}
		String collection = (command.get(target) instanceof BsonString string) ? " " + string.getValue() : "";
		String text = arguments.isEmpty() ? "" : " " + (values ? arguments.toJson(JSON) : shape(arguments));
		return new CommandText(name + collection + shorten(text), batchSize);
	}

	private static String shape(BsonValue value) {
		if (value instanceof BsonDocument document) {
			return document.entrySet()
				.stream()
				.map((entry) -> entry.getKey() + ": " + shape(entry.getValue()))
				.collect(Collectors.joining(", ", "{", "}"));
		}
		if (value instanceof BsonArray array) {
			return array.stream()
				.limit(MAX_ELEMENTS)
				.map(CommandText::shape)
				.distinct()
				.collect(Collectors.joining(", ", "[", "]"));
		}
		return "?";
	}

	private static String shorten(String text) {
		return (text.length() > QueryLog.MAX_LENGTH) ? text.substring(0, QueryLog.MAX_LENGTH) + "..." : text;
	}

}
