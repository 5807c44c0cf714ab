package io.appdbs.mongo.validator;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.core.query.Collation;

/**
 * The validator that entities want for their collection.
 *
 * @param collection the name of the collection
 * @param entities the entities that are stored there
 * @param validator the validator
 * @param leftOut the constraints that it does not express
 * @param collation the collation of the collection if it has to be created
 */
record WantedValidator(String collection, List<String> entities, Document validator, List<String> leftOut,
		@Nullable Collation collation) {

	private static final String KEYWORD = "$jsonSchema";

	private static final String DESCRIPTION = "description";

	private static final String ORIGIN = "Derived from ";

	/**
	 * Creates the validator of a collection, in which a document has to be valid for one
	 * of the entities.
	 */
	static WantedValidator of(String collection, Map<String, EntitySchema> schemas, @Nullable Collation collation) {
		List<Document> alternatives = schemas.entrySet()
			.stream()
			.map((schema) -> new Document(KEYWORD, describe(schema.getKey(), schema.getValue().schema())))
			.toList();
		List<String> leftOut = schemas.values()
			.stream()
			.flatMap((each) -> each.leftOut().stream())
			.map((constraint) -> collection + "." + constraint)
			.distinct()
			.toList();
		return new WantedValidator(collection, List.copyOf(schemas.keySet()),
				(alternatives.size() == 1) ? alternatives.get(0) : new Document("$or", alternatives), leftOut,
				collation);
	}

	private static Document describe(String entity, Document schema) {
		Document described = new Document(DESCRIPTION, ORIGIN + entity);
		described.putAll(schema);
		return described;
	}

	/**
	 * Returns the filter for documents that are not valid.
	 */
	Document toViolations() {
		return new Document("$nor", List.of(this.validator));
	}

	/**
	 * Returns whether the server has these rules.
	 */
	boolean isSame(Document validator) {
		return Objects.equals(Rules.normalize(validator), Rules.normalize(this.validator));
	}

	/**
	 * Returns whether a validator has been derived from entities.
	 */
	static boolean isDerived(Document validator) {
		List<?> alternatives = (validator.get("$or") instanceof List<?> several) ? several : List.of(validator);
		return alternatives.stream()
			.allMatch((alternative) -> alternative instanceof Document rules
					&& rules.get(KEYWORD) instanceof Document schema
					&& String.valueOf(schema.get(DESCRIPTION)).startsWith(ORIGIN));
	}

}
