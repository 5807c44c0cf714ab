package io.appdbs.mongo.inspection;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;

import io.appdbs.inspection.IndexReport;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * An index, as {@code listIndexes} reports it.
 *
 * @param collection the name of the collection
 * @param definition the definition
 */
record MongoIndex(String collection, Document definition) {

	/** What does not make an index another one. */
	private static final Set<String> INCIDENTAL = Set.of("v", "name", "ns", "background", "key", "unique",
			"2dsphereIndexVersion", "textIndexVersion");

	String name() {
		return this.definition.getString("name");
	}

	String displayName() {
		return this.collection + "." + name();
	}

	boolean isUnique() {
		return isId() || Boolean.TRUE.equals(this.definition.get("unique"));
	}

	boolean isId() {
		return "_id_".equals(name());
	}

	/**
	 * Returns whether it has another purpose than to find documents.
	 */
	boolean isNeeded() {
		return isUnique() || this.definition.containsKey("expireAfterSeconds");
	}

	List<String> fields() {
		return keys().entrySet().stream().map((key) -> field(key.getKey(), key.getValue())).toList();
	}

	private static String field(String name, Object order) {
		if (order instanceof Number number) {
			return (number.doubleValue() < 0) ? name + " DESC" : name;
		}
		return name + " " + order;
	}

	private Document keys() {
		return this.definition.get("key", new Document());
	}

	/**
	 * Returns what two indexes have in common if one of them is enough: the keys in
	 * order, and the options. A unique index is enough for both.
	 */
	List<Object> essence() {
		TreeMap<String, Object> options = new TreeMap<>(this.definition);
		options.keySet().removeAll(INCIDENTAL);
		options.values().removeIf(Boolean.FALSE::equals);
		return List.of(this.collection, fields(), new Document(options).toJson());
	}

	IndexReport toReport(@Nullable Long bytes, @Nullable Long uses) {
		return new IndexReport(displayName(), this.collection, fields(), isUnique(), true, bytes, uses, null);
	}

}
