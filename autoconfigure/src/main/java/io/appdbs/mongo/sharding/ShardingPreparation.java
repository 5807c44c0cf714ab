package io.appdbs.mongo.sharding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import com.mongodb.MongoCommandException;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.settings.mongo.ShardingSettings.Mode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Compares the shard keys of a cluster with those of the entities, and shards collections
 * if that is wanted. Spring Data only uses the keys in the queries of updates.
 */
public final class ShardingPreparation implements MongoPreparation {

	/** The key of the mode. */
	public static final String MODE = "sharding.mode";

	private static final Log logger = LogFactory.getLog(ShardingPreparation.class);

	/**
	 * LockBusy and ConflictingOperationInProgress: another instance is sharding the
	 * collection, so the database is opened again later.
	 */
	private static final Set<Integer> BUSY = Set.of(46, 117);

	private final Collection<ShardedEntity> entities;

	/**
	 * Creates a new {@link ShardingPreparation}.
	 * @param model the entities of the database
	 * @param problems receives the message and the action of what cannot be a shard key
	 */
	public ShardingPreparation(MongoModel model, BiConsumer<String, String> problems) {
		this.entities = new ShardedEntities(model, problems).getAll();
	}

	/**
	 * Returns whether no entity has a shard key.
	 * @return whether there is nothing to do
	 */
	public boolean isEmpty() {
		return this.entities.isEmpty();
	}

	@Override
	public String getName() {
		return "sharding";
	}

	@Override
	public Map<String, Object> prepare(Context context) {
		DatabaseDefinition definition = context.definition();
		List<String> missing = new ArrayList<>();
		List<String> sharded = new ArrayList<>();
		if (ShardedCluster.isRouter(context.admin())) {
			ShardedCluster cluster = new ShardedCluster(context.client().get(), context.database().getName());
			ShardingProblems problems = new ShardingProblems(definition, cluster.database());
			Map<String, ShardKey> keys = readKeys(cluster, problems);
			for (ShardedEntity entity : this.entities) {
				prepare(definition, cluster, entity, keys.get(entity.collection()), problems);
				sharded.add(cluster.namespace(entity.collection()));
			}
			problems.throwIfAny();
		}
		else {
			this.entities.forEach((entity) -> missing.add(context.database().getName() + "." + entity.collection()));
			logger.warn(
					"Database '%s' is not a sharded cluster, but '%s' is '%s'. These collections are not sharded: %s. A cluster is used through its routers (mongos)."
						.formatted(definition.name(), definition.key(MODE),
								definition.settings().sharding().mode().name().toLowerCase(Locale.ROOT),
								String.join(", ", missing)));
		}
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("sharded", sharded);
		details.put("missing", missing);
		return details;
	}

	private Map<String, ShardKey> readKeys(ShardedCluster cluster, ShardingProblems problems) {
		try {
			return cluster.readKeys(this.entities.stream().map(ShardedEntity::collection).toList());
		}
		catch (MongoCommandException ex) {
			throw problems.unreadable(ex);
		}
	}

	private void prepare(DatabaseDefinition definition, ShardedCluster cluster, ShardedEntity entity,
			@Nullable ShardKey is, ShardingProblems problems) {
		if (is != null) {
			if (!is.equals(entity.key())) {
				problems.addDifferent(entity, is);
			}
		}
		else if (definition.settings().sharding().mode() == Mode.VERIFY) {
			problems.addMissing(entity);
		}
		else {
			apply(definition, cluster, entity, problems);
		}
	}

	private void apply(DatabaseDefinition definition, ShardedCluster cluster, ShardedEntity entity,
			ShardingProblems problems) {
		try {
			if (isPossible(definition, cluster, entity, problems)) {
				cluster.shard(entity.collection(), entity.key());
				logger.info("The collection '%s' of database '%s' is sharded by %s"
					.formatted(cluster.namespace(entity.collection()), definition.name(), entity.key()));
			}
		}
		catch (MongoCommandException ex) {
			// another instance may have done it, with another key as well
			ShardKey is = readKeys(cluster, problems).get(entity.collection());
			if (is == null && BUSY.contains(ex.getErrorCode())) {
				throw ex;
			}
			if (is == null) {
				problems.addFailure(entity, ex);
			}
			else if (!is.equals(entity.key())) {
				problems.addDifferent(entity, is);
			}
		}
	}

	/**
	 * Checks what the server would refuse with fewer words. It creates the index of an
	 * empty collection itself.
	 */
	private boolean isPossible(DatabaseDefinition definition, ShardedCluster cluster, ShardedEntity entity,
			ShardingProblems problems) {
		List<Document> indexes = cluster.readIndexes(entity.collection());
		List<Document> conflicting = indexes.stream().filter((index) -> isConflicting(index, entity.key())).toList();
		conflicting.forEach((index) -> problems.addUniqueIndex(entity, index));
		if (!conflicting.isEmpty()) {
			return false;
		}
		if (indexes.stream().anyMatch((index) -> isSupporting(index, entity.key()))
				|| cluster.isEmpty(entity.collection())) {
			return true;
		}
		if (definition.settings().mongo().indexes().mode() != MongoIndexSettings.Mode.CREATE) {
			problems.addMissingIndex(entity);
			return false;
		}
		cluster.createIndex(entity.collection(), entity.key());
		return true;
	}

	private static boolean isConflicting(Document index, ShardKey key) {
		Document fields = index.get("key", new Document());
		return index.getBoolean("unique", false) && !List.copyOf(fields.keySet()).equals(List.of("_id"))
				&& (key.isHashed() || !key.isPrefixOf(fields));
	}

	private static boolean isSupporting(Document index, ShardKey key) {
		return key.isPrefixOf(index.get("key", new Document())) && !index.getBoolean("sparse", false)
				&& !index.containsKey("partialFilterExpression") && !index.containsKey("collation");
	}

}
