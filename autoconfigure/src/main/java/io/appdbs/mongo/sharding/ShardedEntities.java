package io.appdbs.mongo.sharding;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import io.appdbs.mongo.MongoModel;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.core.convert.QueryMapper;
import org.springframework.data.mongodb.core.mapping.MongoPersistentEntity;
import org.springframework.data.mongodb.core.mapping.MongoPersistentProperty;

/**
 * The entities with {@code @Sharded}, with the shard keys that they declare.
 */
final class ShardedEntities {

	private static final String IDENTIFIER = "_id";

	private final QueryMapper mapper;

	private final BiConsumer<String, String> problems;

	private final Map<String, ShardedEntity> byCollection = new LinkedHashMap<>();

	private final List<MongoPersistentEntity<?>> entities;

	/**
	 * Resolves the entities that a mapping knows.
	 * @param problems receives the message and the action of what cannot be a shard key
	 */
	ShardedEntities(MongoModel model, BiConsumer<String, String> problems) {
		this.mapper = new QueryMapper(model.createConverter());
		this.problems = problems;
		this.entities = model.getDocuments()
			.stream()
			.filter(MongoPersistentEntity::isSharded)
			.sorted(Comparator.comparing(MongoPersistentEntity::getName))
			.toList();
		this.entities.forEach(this::add);
	}

	boolean isEmpty() {
		return this.entities.isEmpty();
	}

	Collection<ShardedEntity> getAll() {
		return this.byCollection.values().stream().sorted(Comparator.comparing(ShardedEntity::collection)).toList();
	}

	private void add(MongoPersistentEntity<?> entity) {
		String type = entity.getType().getName();
		if (hasChangingCollection(entity)) {
			this.problems.accept("%s has @Sharded, but its collection is an expression, so that its name is not known."
				.formatted(type), "Name the collection of %s, or remove @Sharded.".formatted(type));
			return;
		}
		for (String property : entity.getShardKey().getPropertyNames()) {
			String problem = findProblem(entity, property);
			if (problem != null) {
				this.problems.accept("@Sharded of %s names '%s', %s".formatted(type, property, problem),
						"Correct the shard key of %s.".formatted(type));
				return;
			}
		}
		ShardedEntity sharded = new ShardedEntity(type, entity.getCollection(), resolve(entity));
		if (sharded.key().fields().values().stream().filter(ShardKey.HASHED::equals).count() > 1) {
			this.problems.accept(
					"@Sharded of %s has the strategy HASH and the fields %s, but MongoDB hashes one field."
						.formatted(type, String.join(", ", sharded.key().fields().keySet())),
					"Use one field, or the strategy RANGE. Shard the collection in a migration if only one of the fields is hashed, and remove @Sharded.");
			return;
		}
		ShardedEntity other = this.byCollection.putIfAbsent(sharded.collection(), sharded);
		if (other != null && !other.key().equals(sharded.key())) {
			this.problems.accept(
					"%s and %s are stored in the collection '%s', but have different shard keys, %s and %s."
						.formatted(other.type(), type, sharded.collection(), other.key(), sharded.key()),
					"Use the same @Sharded for both, or different collections.");
		}
	}

	private static boolean hasChangingCollection(MongoPersistentEntity<?> entity) {
		return entity.getRequiredAnnotation(org.springframework.data.mongodb.core.mapping.Document.class)
			.collection()
			.contains("#{");
	}

	/**
	 * Names of properties become those of fields, as when a document is saved.
	 */
	private ShardKey resolve(MongoPersistentEntity<?> entity) {
		Document key = new Document(this.mapper.getMappedSort(entity.getShardKey().getDocument(), entity));
		// Spring Data does not use the server's name of the kind
		key.replaceAll((field, kind) -> "hash".equals(kind) ? ShardKey.HASHED : kind);
		return ShardKey.of(key);
	}

	/**
	 * Only the beginning of a path is known for certain, as there may be a map behind it.
	 */
	private static @Nullable String findProblem(MongoPersistentEntity<?> entity, String property) {
		String first = property.split("\\.", 2)[0];
		TreeSet<String> known = new TreeSet<>();
		boolean[] found = { first.equals(IDENTIFIER) };
		entity.forEach((MongoPersistentProperty each) -> {
			known.add(each.getName());
			found[0] |= first.equals(each.getName()) || first.equals(each.getFieldName());
		});
		return (!found[0]) ? "which is no property of it. Known: %s.".formatted(String.join(", ", known)) : null;
	}

}
