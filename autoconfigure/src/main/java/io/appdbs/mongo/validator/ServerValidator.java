package io.appdbs.mongo.validator;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import org.bson.Document;

/**
 * A collection of the server with its validator.
 *
 * @param type the type of the collection, such as {@code view}
 * @param validator the validator, empty if there is none
 * @param level which documents it is for
 * @param action what happens to a document that is not valid
 */
record ServerValidator(String type, Document validator, String level, String action) {

	/**
	 * Reads the collections that exist.
	 */
	static Map<String, ServerValidator> read(MongoDatabase database, Collection<String> names) {
		Map<String, ServerValidator> found = new HashMap<>();
		for (Document collection : database.listCollections().filter(Filters.in("name", names))) {
			String name = collection.getString("name");
			// not every server that speaks the protocol filters
			if (names.contains(name)) {
				Document options = collection.get("options", new Document());
				found.put(name,
						new ServerValidator(collection.get("type", "collection"),
								options.get("validator", new Document()), options.get("validationLevel", "strict"),
								options.get("validationAction", "error")));
			}
		}
		return found;
	}

}
