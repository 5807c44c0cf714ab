package io.appdbs.mongo.index;

import java.util.List;
import java.util.stream.Collectors;

import org.bson.Document;

/**
 * An index that an entity declares.
 *
 * @param collection the collection
 * @param specification the index as it is created, with its name
 * @param declaredBy the entity, and the property unless it is an index of the class
 */
record DeclaredIndex(String collection, Document specification, String declaredBy) {

	/**
	 * Creates the index from keys and options.
	 * @param options the options, possibly without a name
	 */
	static DeclaredIndex of(String collection, Document keys, Document options, String declaredBy) {
		Document specification = new Document("key", keys).append("name",
				options.getOrDefault("name", generateName(keys)));
		options.forEach((option, value) -> {
			// has no effect since MongoDB 4.2
			if (!option.equals("background")) {
				specification.put(option, value);
			}
		});
		return new DeclaredIndex(collection, specification, declaredBy);
	}

	/**
	 * Generates the name that drivers generate.
	 */
	private static String generateName(Document keys) {
		return keys.entrySet()
			.stream()
			.map((key) -> key.getKey() + "_"
					+ ((key.getValue() instanceof Number number) ? number.intValue()
							: String.valueOf(key.getValue()).replace(' ', '_')))
			.collect(Collectors.joining("_"));
	}

	String name() {
		return this.specification.getString("name");
	}

	Document keys() {
		return this.specification.get("key", Document.class);
	}

	IndexEssence essence() {
		return IndexEssence.of(this.specification);
	}

	boolean isUnique() {
		return essence().isUnique();
	}

	/**
	 * Returns whether the index is one of the identifier alone, which every collection
	 * has.
	 */
	boolean isOfIdentifier() {
		return isOfIdentifier(keys());
	}

	static boolean isOfIdentifier(Document keys) {
		return List.copyOf(keys.keySet()).equals(List.of("_id"));
	}

	/**
	 * Describes where the index is declared, as the beginning of a sentence.
	 */
	String describe() {
		return "At the index '%s' of %s".formatted(name(), this.declaredBy);
	}

	/**
	 * Returns the collection and the name, as shown to operators.
	 */
	@Override
	public String toString() {
		return this.collection + "." + name();
	}

}
