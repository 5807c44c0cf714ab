package io.appdbs.mongo.sharding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The cluster of a database, through one of its routers.
 *
 * @param client a client without a time limit, since sharding a collection may take long
 * @param database the name of the database
 */
record ShardedCluster(MongoClient client, String database) {

	private static final String ID = "_id";

	/**
	 * Returns whether a server is a router.
	 */
	static boolean isRouter(MongoDatabase admin) {
		return "isdbgrid".equals(admin.runCommand(new Document("hello", 1)).get("msg"));
	}

	String namespace(String collection) {
		return this.database + "." + collection;
	}

	/**
	 * Reads the shard keys of collections that are sharded. A cluster also knows dropped
	 * ones and, since MongoDB 8.0, some that are not sharded.
	 */
	Map<String, ShardKey> readKeys(Collection<String> collections) {
		Map<String, ShardKey> keys = new HashMap<>();
		Bson filter = Filters.in(ID, collections.stream().map(this::namespace).toList());
		for (Document each : getDatabase("config").getCollection("collections").find(filter)) {
			boolean sharded = !each.getBoolean("dropped", false) && !each.getBoolean("unsplittable", false);
			if (sharded && each.get("key") instanceof Document key) {
				keys.put(each.getString(ID).substring(this.database.length() + 1), ShardKey.of(key));
			}
		}
		return keys;
	}

	boolean isEmpty(String collection) {
		return getDatabase().getCollection(collection).find().projection(Projections.include(ID)).first() == null;
	}

	List<Document> readIndexes(String collection) {
		return getDatabase().getCollection(collection).listIndexes().into(new ArrayList<>());
	}

	void createIndex(String collection, ShardKey key) {
		getDatabase().getCollection(collection).createIndex(key.fields());
	}

	/**
	 * Shards a collection. Has no effect if it is sharded by the same key.
	 */
	void shard(String collection, ShardKey key) {
		getDatabase("admin")
			.runCommand(new Document("shardCollection", namespace(collection)).append("key", key.fields()));
	}

	private MongoDatabase getDatabase() {
		return getDatabase(this.database);
	}

	/**
	 * What has just been written may not have reached the secondaries.
	 */
	private MongoDatabase getDatabase(String name) {
		return this.client.getDatabase(name).withReadPreference(ReadPreference.primary());
	}

}
