package io.appdbs.mongo.validator;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.appdbs.mongo.MongoModel;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.MongoPersistentEntity;
import org.springframework.data.mongodb.core.mapping.TimeSeries;
import org.springframework.data.mongodb.core.query.Collation;

/**
 * The validators that the entities of a database want.
 *
 * @param byCollection the validators by the names of their collections, in order
 * @param leftOut why entities or collections have none, by their names
 */
record WantedValidators(Map<String, WantedValidator> byCollection, Map<String, String> leftOut) {

	private static final String EXPRESSION = "#{";

	/**
	 * Derives the validators of the entities that are known in advance.
	 */
	static WantedValidators of(MongoModel model) {
		Map<String, String> leftOut = new LinkedHashMap<>();
		Map<String, List<MongoPersistentEntity<?>>> collections = new TreeMap<>();
		EntitySchemas schemas = new EntitySchemas(model);
		for (MongoPersistentEntity<?> entity : model.getDocuments()) {
			String reason = explain(entity, schemas);
			if (reason != null) {
				leftOut.put(entity.getType().getName(), reason);
			}
			else {
				collections.computeIfAbsent(entity.getCollection(), (name) -> new ArrayList<>()).add(entity);
			}
		}
		removeIncomplete(model, leftOut, collections);
		Map<String, WantedValidator> validators = new LinkedHashMap<>();
		collections.forEach((name, entities) -> validators.put(name, create(name, entities, schemas)));
		return new WantedValidators(validators, leftOut);
	}

	private static @Nullable String explain(MongoPersistentEntity<?> entity, EntitySchemas schemas) {
		Document document = entity.getRequiredAnnotation(Document.class);
		if (document.collection().contains(EXPRESSION) || document.collation().contains(EXPRESSION)) {
			return "the name or the collation of its collection is an expression";
		}
		if (entity.isAnnotationPresent(TimeSeries.class)) {
			return "its collection is a time series";
		}
		// its subtypes have collections of their own
		if (Modifier.isAbstract(entity.getType().getModifiers()) && document.collection().isEmpty()) {
			return "it is abstract";
		}
		return schemas.hasConverter(entity) ? "it has a converter" : null;
	}

	/**
	 * A collection whose other documents have any form has no validator.
	 */
	private static void removeIncomplete(MongoModel model, Map<String, String> leftOut,
			Map<String, List<MongoPersistentEntity<?>>> collections) {
		for (MongoPersistentEntity<?> entity : model.getDocuments()) {
			if (leftOut.containsKey(entity.getType().getName())
					&& !entity.getRequiredAnnotation(Document.class).collection().contains(EXPRESSION)
					&& collections.remove(entity.getCollection()) != null) {
				leftOut.put(entity.getCollection(), "%s is stored there as well, and %s"
					.formatted(entity.getType().getName(), leftOut.get(entity.getType().getName())));
			}
		}
	}

	private static WantedValidator create(String collection, List<MongoPersistentEntity<?>> entities,
			EntitySchemas schemas) {
		List<MongoPersistentEntity<?>> sorted = new ArrayList<>(entities);
		sorted.sort((one, other) -> one.getType().getName().compareTo(other.getType().getName()));
		Collation collation = sorted.stream()
			.filter(MongoPersistentEntity::hasCollation)
			.findFirst()
			.map(MongoPersistentEntity::getCollation)
			.orElse(null);
		Map<String, EntitySchema> all = new LinkedHashMap<>();
		sorted.forEach((entity) -> all.put(entity.getType().getName(), schemas.create(entity)));
		return WantedValidator.of(collection, all, collation);
	}

	/**
	 * Returns those whose collections are not excluded.
	 */
	WantedValidators without(List<String> excluded) {
		Map<String, WantedValidator> remaining = new LinkedHashMap<>(this.byCollection);
		excluded.forEach(remaining::remove);
		return new WantedValidators(remaining, this.leftOut);
	}

}
