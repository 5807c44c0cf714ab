package io.appdbs.mongo.index;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.mongo.MongoModel;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.mongodb.core.convert.QueryMapper;
import org.springframework.data.mongodb.core.index.MongoPersistentEntityIndexResolver;
import org.springframework.data.mongodb.core.index.MongoPersistentEntityIndexResolver.IndexDefinitionHolder;
import org.springframework.data.mongodb.core.mapping.MongoPersistentEntity;
import org.springframework.data.mongodb.core.mapping.TimeSeries;
import org.springframework.data.mongodb.core.query.Collation;

/**
 * The indexes that an entity declares.
 *
 * @param collection the collection of the entity
 * @param indexes the indexes that the server accepts
 * @param serverKeys the keys of indexes that the server creates itself
 * @param timeSeries whether the collection has to be created as one of time series
 * @param problems the others
 */
record EntityIndexes(String collection, List<DeclaredIndex> indexes, Set<String> serverKeys, boolean timeSeries,
		List<IndexProblem> problems) {

	private static final String FILTER = "partialFilterExpression";

	/** Kinds of indexes for which the server allows no collation. */
	private static final List<String> NO_COLLATION = List.of("text", "2d");

	/**
	 * Returns whether the name of the collection is known in advance. An expression may
	 * have another value for each user.
	 */
	static boolean hasFixedCollection(MongoPersistentEntity<?> entity) {
		org.springframework.data.mongodb.core.mapping.Document document = entity
			.getRequiredAnnotation(org.springframework.data.mongodb.core.mapping.Document.class);
		return !document.collection().contains("#{");
	}

	/**
	 * Resolves the indexes of an entity. A cycle of references ends where it begins
	 * again.
	 */
	static EntityIndexes of(MongoPersistentEntity<?> entity, MongoModel model) {
		String collection = entity.getCollection();
		try {
			QueryMapper mapper = new QueryMapper(model.createConverter());
			List<DeclaredIndex> indexes = new ArrayList<>();
			List<IndexProblem> problems = new ArrayList<>();
			new MongoPersistentEntityIndexResolver(model.getMappingContext()).resolveIndexForEntity(entity)
				.stream()
				.map((definition) -> toIndex(definition, entity, mapper))
				.forEach((index) -> {
					IndexProblem problem = findProblem(index);
					if (problem != null) {
						problems.add(problem);
					}
					else if (!index.isOfIdentifier()) {
						indexes.add(index);
					}
				});
			return new EntityIndexes(collection, indexes, findServerKeys(entity, mapper),
					entity.isAnnotationPresent(TimeSeries.class), problems);
		}
		catch (RuntimeException ex) {
			return new EntityIndexes(collection, List.of(), Set.of(), false, List.of(toProblem(entity, model, ex)));
		}
	}

	/**
	 * Returns the keys of the shard key, and of the fields by which time series are
	 * found.
	 */
	private static Set<String> findServerKeys(MongoPersistentEntity<?> entity, QueryMapper mapper) {
		Set<String> keys = new HashSet<>();
		Document shardKey = new Document(mapper.getMappedSort(entity.getShardKey().getDocument(), entity));
		// Spring Data does not use the server's name of the kind
		shardKey.replaceAll((field, kind) -> "hash".equals(kind) ? "hashed" : kind);
		keys.add(IndexEssence.writeKeys(shardKey));
		TimeSeries timeSeries = entity.findAnnotation(TimeSeries.class);
		if (timeSeries != null) {
			Document fields = new Document();
			Stream.of(timeSeries.metaField(), timeSeries.timeField())
				.filter((field) -> !field.isEmpty())
				.forEach((field) -> fields.append(field, 1));
			keys.add(IndexEssence.writeKeys(mapper.getMappedSort(fields, entity)));
		}
		return keys;
	}

	/**
	 * Names of properties are replaced with those of fields, as Spring Data does when it
	 * creates an index.
	 */
	private static DeclaredIndex toIndex(IndexDefinitionHolder definition, MongoPersistentEntity<?> entity,
			QueryMapper mapper) {
		Document options = new Document(definition.getIndexOptions());
		if (options.get(FILTER) instanceof Document filter) {
			options.put(FILTER, mapper.getMappedSort(filter, entity));
		}
		Document keys = mapper.getMappedSort(definition.getIndexKeys(), entity);
		Collation collation = entity.getCollation();
		if (collation != null && Collections.disjoint(keys.values(), NO_COLLATION)) {
			options.putIfAbsent("collation", collation.toDocument());
		}
		String declaredBy = entity.getType().getName()
				+ (definition.getPath().isEmpty() ? "" : "." + definition.getPath());
		return DeclaredIndex.of(definition.getCollection(), keys, options, declaredBy);
	}

	private static @Nullable IndexProblem findProblem(DeclaredIndex index) {
		IndexRule rule = IndexRule.findViolated(index);
		return (rule != null) ? new IndexProblem(
				"%s declares the index '%s' of the collection '%s' as %s, which MongoDB refuses: %s."
					.formatted(index.declaredBy(), index.name(), index.collection(), index.essence(), rule.getReason()),
				index.describe(), rule.getFix(), null) : null;
	}

	private static IndexProblem toProblem(MongoPersistentEntity<?> entity, MongoModel model, RuntimeException failure) {
		String name = entity.getType().getName();
		String reason = endSentence(NestedExceptionUtils.getMostSpecificCause(failure));
		String definition = InvalidDeclaration.findDefinition(entity);
		if (definition != null) {
			return new IndexProblem("%s declares %s, which is not a document: %s".formatted(name, definition, reason),
					"At " + name, "write the fields and their directions, such as {'name': 1, 'price': -1}", failure);
		}
		String property = new InvalidDeclaration(model.getMappingContext()).findProperty(entity);
		String place = (property != null) ? name + "." + property : name;
		return new IndexProblem("the indexes of %s cannot be determined: %s".formatted(place, reason), "At " + place,
				"correct the annotation", failure);
	}

	private static String endSentence(Throwable cause) {
		String message = String.valueOf(cause.getMessage());
		return message.endsWith(".") ? message : message + ".";
	}

	/**
	 * Returns the entities by their type, in the order of their names.
	 */
	static Map<Class<?>, MongoPersistentEntity<?>> find(MongoModel model) {
		Map<Class<?>, MongoPersistentEntity<?>> entities = new LinkedHashMap<>();
		model.getDocuments()
			.stream()
			.filter(EntityIndexes::hasFixedCollection)
			.sorted(Comparator.comparing(MongoPersistentEntity::getName))
			.forEach((entity) -> entities.put(entity.getType(), entity));
		return entities;
	}

}
