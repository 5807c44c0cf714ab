package io.appdbs.mongo.sharding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;

/**
 * A server in this process that answers as a router of a cluster does: it knows the
 * collections that are sharded, and shards others.
 */
final class RouterServer extends MemoryBackend {

	private final MongoServer server = new MongoServer(this);

	private final String url = this.server.bindAndGetConnectionString() + "/catalog";

	private final Map<String, Document> sharded = new ConcurrentHashMap<>();

	private final List<String> commands = new CopyOnWriteArrayList<>();

	private final Map<String, MongoServerError> failures = new ConcurrentHashMap<>();

	private final AtomicInteger busy = new AtomicInteger();

	private volatile boolean router = true;

	String getUrl() {
		return this.url;
	}

	/**
	 * Returns the collections that were sharded by a command, and indexes that were
	 * created, in order.
	 */
	List<String> getCommands() {
		return this.commands;
	}

	/**
	 * Is an entry of {@code config.collections}.
	 */
	void addSharded(String namespace, Document entry) {
		this.sharded.put(namespace, entry.append("_id", namespace));
	}

	void setRouter(boolean router) {
		this.router = router;
	}

	/**
	 * Refuses a command.
	 */
	void fail(String command, int code, String message) {
		this.failures.put(command, new MongoServerError(code, (code == 13) ? "Unauthorized" : "Failed", message));
	}

	/**
	 * Answers that another instance is sharding a collection.
	 */
	void beBusy(int times) {
		this.busy.set(times);
	}

	@Override
	public Document handleCommand(Channel channel, String database, String command, Document query) {
		if (!command.equalsIgnoreCase("hello") && !command.equalsIgnoreCase("isMaster")) {
			return super.handleCommand(channel, database, command, query);
		}
		Document response = super.handleCommand(channel, database, "isMaster", query);
		response.put("isWritablePrimary", Boolean.TRUE);
		if (this.router) {
			response.put("msg", "isdbgrid");
		}
		return response;
	}

	@Override
	public Document handleMessage(MongoMessage message) {
		Document command = message.getDocument();
		String name = command.keySet().iterator().next();
		MongoServerError failure = this.failures
			.get(message.getDatabaseName().equals("config") ? "config." + name : name);
		if (failure != null) {
			throw failure;
		}
		if (name.equals("find") && message.getDatabaseName().equals("config")) {
			return find(command);
		}
		if (name.equals("shardCollection")) {
			return shard(command);
		}
		if (name.equals("createIndexes")) {
			this.commands.add("createIndexes %s %s".formatted(command.get(name),
					((List<?>) command.get("indexes")).stream()
						.map((index) -> ((Document) index).get("key"))
						.toList()));
		}
		return super.handleMessage(message);
	}

	private Document find(Document command) {
		List<?> wanted = (List<?>) ((Document) ((Document) command.get("filter")).get("_id")).get("$in");
		List<Document> found = new ArrayList<>();
		wanted.stream().filter(this.sharded::containsKey).forEach((each) -> found.add(this.sharded.get(each)));
		return new Document("ok", 1.0).append("cursor",
				new Document("id", 0L).append("ns", "config.collections").append("firstBatch", found));
	}

	private synchronized Document shard(Document command) {
		if (this.busy.getAndUpdate((times) -> Math.max(0, times - 1)) > 0) {
			throw new MongoServerError(117, "ConflictingOperationInProgress", "is being sharded");
		}
		String namespace = (String) command.get("shardCollection");
		Document key = (Document) command.get("key");
		Document existing = this.sharded.get(namespace);
		if (existing != null && !existing.get("key").equals(key)) {
			throw new MongoServerError(23, "AlreadyInitialized", "sharding already enabled for " + namespace);
		}
		this.commands.add("shardCollection %s %s".formatted(namespace, key));
		addSharded(namespace, new Document("key", key));
		return new Document("collectionsharded", namespace).append("ok", 1.0);
	}

	void stop() {
		this.server.shutdownNow();
	}

}
