package io.appdbs.mongo.sharding;

import java.util.ArrayList;
import java.util.List;

import com.mongodb.MongoCommandException;
import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.mongo.MongoErrorCodes;
import io.appdbs.settings.DatabaseDefinition;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Problems with the shard keys of a database, which are reported together.
 */
final class ShardingProblems {

	private final DatabaseDefinition definition;

	private final String database;

	private final List<String> messages = new ArrayList<>();

	private final List<String> actions = new ArrayList<>();

	private @Nullable Throwable cause;

	/**
	 * Creates new {@link ShardingProblems}.
	 * @param definition the database
	 * @param database the name of the database on the server
	 */
	ShardingProblems(DatabaseDefinition definition, String database) {
		this.definition = definition;
		this.database = database;
	}

	void addDifferent(ShardedEntity entity, ShardKey is) {
		add("%s is sharded by %s in the cluster, but @Sharded of %s is %s.".formatted(describe(entity), is,
				entity.type(), entity.key()),
				"Correct @Sharded of %s, or change the cluster, which may take hours: db.adminCommand({ reshardCollection: \"%s.%s\", key: %s })"
					.formatted(entity.type(), this.database, entity.collection(), entity.key()));
	}

	void addMissing(ShardedEntity entity) {
		add("%s is not sharded, but %s has @Sharded with %s.".formatted(describe(entity), entity.type(), entity.key()),
				"Run sh.shardCollection(\"%s.%s\", %s), or set '%s' to 'apply'.".formatted(this.database,
						entity.collection(), entity.key(), this.definition.key(ShardingPreparation.MODE)));
	}

	void addMissingIndex(ShardedEntity entity) {
		add("%s cannot be sharded by %s: it has documents, and no index that begins with this key."
			.formatted(describe(entity), entity.key()),
				"Run db.getSiblingDB(\"%s\").getCollection(\"%s\").createIndex(%s), or set '%s' to 'create'.".formatted(
						this.database, entity.collection(), entity.key(), this.definition.key("mongo.indexes.mode")));
	}

	void addUniqueIndex(ShardedEntity entity, Document index) {
		add("%s cannot be sharded by %s: its unique index '%s' on %s %s.".formatted(describe(entity), entity.key(),
				index.getString("name"), index.get("key", Document.class).toJson(),
				entity.key().isHashed()
						? "has another key, and a cluster with a hashed shard key enforces only the uniqueness of _id"
						: "does not begin with this key, and a cluster could not enforce it"),
				"Replace the index by one that is not unique%s, or choose another shard key."
					.formatted(entity.key().isHashed() ? "" : " or begins with the shard key"));
	}

	/**
	 * Adds a failure of the server.
	 */
	void addFailure(ShardedEntity entity, MongoCommandException failure) {
		this.cause = failure;
		if (failure.getErrorCode() == MongoErrorCodes.UNAUTHORIZED) {
			add("%s cannot be sharded: the login has no privilege to do it.".formatted(describe(entity)),
					"Run sh.shardCollection(\"%s.%s\", %s) as a user with the role 'clusterManager', or grant the login this role in 'admin'."
						.formatted(this.database, entity.collection(), entity.key()));
		}
		else {
			add("%s cannot be sharded by %s. The server says: %s".formatted(describe(entity), entity.key(),
					describe(failure)),
					"Fix the problem described above, or correct @Sharded of %s.".formatted(entity.type()));
		}
	}

	/**
	 * Returns the exception for a login that must not read the shard keys.
	 */
	DatabaseStartException unreadable(MongoCommandException failure) {
		String mode = this.definition.key(ShardingPreparation.MODE);
		boolean unauthorized = failure.getErrorCode() == MongoErrorCodes.UNAUTHORIZED;
		return new DatabaseStartException(this.definition.name(),
				"Database '%s': the shard keys of the cluster cannot be read. %s".formatted(this.definition.name(),
						unauthorized ? "The login has no privilege to read 'config.collections'."
								: "The server says: " + describe(failure)),
				unauthorized ? "Grant the login the role 'read' in the database 'config', or set '%s' to 'off'."
					.formatted(mode) : "Fix the problem described above, or set '%s' to 'off'.".formatted(mode),
				TroubleshootingSection.SHARDING, failure);
	}

	void throwIfAny() {
		if (!this.messages.isEmpty()) {
			throw new DatabaseStartException(this.definition.name(), join(this.messages), join(this.actions),
					TroubleshootingSection.SHARDING, this.cause);
		}
	}

	private String describe(ShardedEntity entity) {
		return "Database '%s': the collection '%s.%s'".formatted(this.definition.name(), this.database,
				entity.collection());
	}

	private static String describe(MongoCommandException failure) {
		return "%s (code %d%s).".formatted(failure.getErrorMessage().strip().replaceFirst("\\.$", ""),
				failure.getErrorCode(), failure.getErrorCodeName().isEmpty() ? "" : ", " + failure.getErrorCodeName());
	}

	private void add(String message, String action) {
		this.messages.add(message);
		this.actions.add(action);
	}

	private static String join(List<String> lines) {
		return String.join("\n", lines);
	}

}
