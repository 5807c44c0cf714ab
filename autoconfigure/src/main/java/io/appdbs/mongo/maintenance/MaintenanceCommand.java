package io.appdbs.mongo.maintenance;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.task.MaintenanceFailedException;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * The command of an operation, and what its reply means.
 *
 * @param operation the operation
 * @param collection the name of the collection
 */
record MaintenanceCommand(MaintenanceOperation operation, String collection) {

	/**
	 * Returns the command. A collection is emptied, and keeps its indexes.
	 */
	Document toDocument() {
		return switch (this.operation) {
			// otherwise a primary rejects it
			case COMPACT -> new Document("compact", this.collection).append("force", true);
			case CHECK -> new Document("validate", this.collection);
			case TRUNCATE -> new Document("delete", this.collection).append("deletes",
					List.of(new Document("q", new Document()).append("limit", 0)));
			default -> throw new IllegalArgumentException(this.operation.getName());
		};
	}

	/**
	 * Reads the reply of the server, which may report a failure of a command that it has
	 * executed.
	 * @return what the server says
	 * @throws MaintenanceFailedException if the command has failed
	 */
	List<String> read(Document reply) throws MaintenanceFailedException {
		List<String> messages = new ArrayList<>();
		reply.getList("warnings", Object.class, List.of()).forEach((warning) -> messages.add("warning: " + warning));
		String failure = findFailure(reply);
		if (failure != null) {
			throw new MaintenanceFailedException(failure);
		}
		switch (this.operation) {
			case COMPACT -> add(messages, "Freed %s bytes.", reply.get("bytesFreed"));
			case CHECK -> add(messages, "Checked %s documents.", reply.get("nrecords"));
			default -> add(messages, "Deleted %s documents.", reply.get("n"));
		}
		return messages;
	}

	private static void add(List<String> messages, String text, @Nullable Object number) {
		if (number instanceof Number) {
			messages.add(text.formatted(number));
		}
	}

	private static @Nullable String findFailure(Document reply) {
		if (Boolean.FALSE.equals(reply.get("valid"))) {
			return "The collection is not valid: " + reply.getList("errors", Object.class, List.of());
		}
		List<Document> writeErrors = reply.getList("writeErrors", Document.class, List.of());
		if (!writeErrors.isEmpty()) {
			return writeErrors.get(0).getString("errmsg");
		}
		Document concern = reply.get("writeConcernError", Document.class);
		return (concern != null) ? concern.getString("errmsg") : null;
	}

}
