package io.appdbs.mongo;

import java.util.ArrayList;
import java.util.List;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import io.appdbs.schema.TableInformation.Index;
import org.bson.Document;

/**
 * Reads the indexes of a collection.
 */
final class CollectionIndexes {

	private CollectionIndexes() {
	}

	/**
	 * Reads the indexes.
	 * @return the indexes; none of a view, or if there is no such collection
	 */
	static List<Index> read(MongoDatabase database, String collection) {
		try {
			return database.getCollection(collection)
				.listIndexes()
				.into(new ArrayList<>())
				.stream()
				.map(CollectionIndexes::toIndex)
				.toList();
		}
		catch (MongoCommandException ex) {
			if (ex.getErrorCode() == MongoErrorCodes.COMMAND_NOT_SUPPORTED_ON_VIEW) {
				return List.of();
			}
			throw ex;
		}
	}

	/**
	 * A sparse index lacks the documents without its fields. The index of the identifier
	 * is unique, which is not reported.
	 */
	private static Index toIndex(Document index) {
		List<String> fields = List.copyOf(index.get("key", Document.class).keySet());
		boolean partial = index.containsKey("partialFilterExpression") || isTrue(index, "sparse");
		return new Index(index.getString("name"), fields, isTrue(index, "unique") || fields.equals(List.of("_id")),
				!isTrue(index, "hidden"), partial);
	}

	private static boolean isTrue(Document index, String option) {
		return Boolean.TRUE.equals(index.get(option));
	}

}
