package io.appdbs.mongo.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.mongodb.MongoCommandException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import io.appdbs.mongo.MongoErrorCodes;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Reads the indexes of a database.
 *
 * @param database the database
 * @param admin the database of the server's commands
 */
record ServerIndexes(MongoDatabase database, MongoDatabase admin) {

	/** The field of the index that the server creates for encrypted fields. */
	private static final String ENCRYPTION = "__safeContent__";

	/**
	 * What has just been created or inserted may not have reached the others.
	 */
	ServerIndexes {
		database = database.withReadPreference(ReadPreference.primaryPreferred());
		admin = admin.withReadPreference(ReadPreference.primaryPreferred());
	}

	/**
	 * Reads the indexes of a collection, except for those that the server needs itself.
	 * @return the indexes by name; none if there is no such collection
	 * @throws MongoCommandException if the server refuses it
	 */
	Map<String, IndexEssence> read(String collection) {
		Map<String, IndexEssence> indexes = new LinkedHashMap<>();
		for (Document index : this.database.getCollection(collection).listIndexes().into(new ArrayList<>())) {
			Document keys = index.get("key", new Document());
			if (!DeclaredIndex.isOfIdentifier(keys) && !keys.containsKey(ENCRYPTION)) {
				indexes.put(index.getString("name"), IndexEssence.of(index));
			}
		}
		return indexes;
	}

	/**
	 * Returns why the indexes of a collection could not be read.
	 */
	static String explain(MongoCommandException failure) {
		return switch (failure.getErrorCode()) {
			case MongoErrorCodes.UNAUTHORIZED -> "the login has no privilege to list its indexes";
			case MongoErrorCodes.COMMAND_NOT_SUPPORTED_ON_VIEW -> "it is a view, which has no indexes";
			default -> ServerWords.of(failure);
		};
	}

	/**
	 * Returns whether a failure says that a collection is a view.
	 */
	static boolean isView(MongoCommandException failure) {
		return failure.getErrorCode() == MongoErrorCodes.COMMAND_NOT_SUPPORTED_ON_VIEW;
	}

	/**
	 * Reads the collation that indexes of a collection have by default.
	 * @return the collation, or {@code null} if there is none or it cannot be read
	 */
	@Nullable Document readCollation(String collection) {
		try {
			for (Document each : this.database.listCollections().filter(Filters.eq("name", collection))) {
				if (collection.equals(each.getString("name"))) {
					return each.get("options", new Document()).get("collation", Document.class);
				}
			}
		}
		catch (MongoCommandException ex) {
			// without the privilege, the collation of the server counts
		}
		return null;
	}

	/**
	 * Returns whether a collection exists.
	 */
	boolean exists(String collection) {
		return this.database.listCollectionNames()
			.authorizedCollections(true)
			.filter(Filters.eq("name", collection))
			.into(new ArrayList<>())
			.contains(collection);
	}

	/**
	 * Returns whether a collection has no documents, or does not exist. If the login must
	 * not read it, it may have documents.
	 */
	boolean isEmpty(String collection) {
		try {
			return this.database.getCollection(collection)
				.find()
				.projection(Projections.include("_id"))
				.first() == null;
		}
		catch (MongoCommandException ex) {
			return false;
		}
	}

	/**
	 * Reads the indexes that logins of the application are creating. Every login may see
	 * its own operations, but not every server has the command.
	 * @return the collections and names of the indexes
	 */
	Set<String> readBuilding() {
		Set<String> building = new HashSet<>();
		try {
			List<Document> operations = this.admin
				.aggregate(List.of(new Document("$currentOp", new Document()),
						new Document("$match", new Document("command.createIndexes", new Document("$exists", true)))))
				.into(new ArrayList<>());
			operations.forEach((operation) -> addNames(operation.get("command", new Document()), building));
		}
		catch (MongoCommandException ex) {
			return Set.of();
		}
		return building;
	}

	private void addNames(Document command, Set<String> names) {
		if (this.database.getName().equals(command.getString("$db"))
				&& command.get("indexes") instanceof Collection<?> indexes) {
			indexes.forEach((index) -> {
				if (index instanceof Document document) {
					names.add(command.get("createIndexes") + "." + document.get("name"));
				}
			});
		}
	}

}
