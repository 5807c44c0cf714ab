package io.appdbs.mongo.maintenance;

import java.util.ArrayList;
import java.util.List;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.TablePattern;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Looks up collections, and whether the settings allow to maintain them.
 *
 * @param definition the database
 * @param database the database of the driver
 */
record CollectionLookup(DatabaseDefinition definition, MongoDatabase database) {

	private static final String SYSTEM = "system.";

	/**
	 * Returns the name if it is that of a collection.
	 * @throws IllegalDatabaseOperationException if it is not
	 */
	String find(String name) {
		List<Document> all = this.database.listCollections().into(new ArrayList<>());
		for (Document found : all) {
			if (name.equals(found.getString("name"))) {
				return check(name, String.valueOf(found.get("type")));
			}
		}
		List<String> similar = all.stream()
			.map((found) -> found.getString("name"))
			.filter((other) -> NearestName.find(name, List.of(other), 1) != null)
			.toList();
		throw illegal("Database '%s' has no collection '%s'.%s".formatted(this.definition.name(), name,
				similar.isEmpty() ? "" : " Similar: %s.".formatted(String.join(", ", similar))));
	}

	private String check(String name, String type) {
		if (name.startsWith(SYSTEM)) {
			throw illegal("Database '%s': '%s' belongs to the server, which maintains it."
				.formatted(this.definition.name(), name));
		}
		if (type.equals("view")) {
			throw illegal("Database '%s': '%s' is a view, and only collections are maintained."
				.formatted(this.definition.name(), name));
		}
		return name;
	}

	/**
	 * Returns why the settings do not allow to maintain a collection.
	 */
	@Nullable String findRefusal(String name) {
		List<String> patterns = getPatterns();
		return isAllowed(name) ? null
				: "Database '%s' does not allow maintenance of '%s'. Allowed by '%s': %s.".formatted(
						this.definition.name(), name, this.definition.key("maintenance.tables"),
						String.join(", ", patterns));
	}

	/**
	 * Reads the collections that the settings allow to maintain.
	 */
	List<String> readCollections() {
		return this.database.listCollections()
			.into(new ArrayList<>())
			.stream()
			.filter((found) -> !"view".equals(found.get("type")))
			.map((found) -> found.getString("name"))
			.filter((name) -> !name.startsWith(SYSTEM) && isAllowed(name))
			.sorted()
			.toList();
	}

	private boolean isAllowed(String name) {
		List<String> patterns = getPatterns();
		return patterns.isEmpty() || patterns.stream().anyMatch((pattern) -> TablePattern.matches(pattern, name));
	}

	private List<String> getPatterns() {
		return this.definition.settings().maintenance().tables();
	}

	/**
	 * Reads the number of documents and the bytes of a collection.
	 * @return the statistics, empty if the server does not have the command
	 */
	Document readStatistics(String name) {
		try {
			return this.database.runCommand(new Document("collStats", name));
		}
		catch (MongoCommandException ex) {
			return new Document();
		}
	}

	private IllegalDatabaseOperationException illegal(String message) {
		return new IllegalDatabaseOperationException(this.definition.name(), message);
	}

}
