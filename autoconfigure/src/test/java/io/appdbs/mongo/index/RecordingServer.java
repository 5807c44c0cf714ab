package io.appdbs.mongo.index;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.MongoMessage;

/**
 * A server in this process that records the commands about indexes in order, and can hold
 * them, refuse them and pretend that an index is being created.
 */
final class RecordingServer extends MemoryBackend {

	private final MongoServer server = new MongoServer(this);

	private final List<String> commands = new CopyOnWriteArrayList<>();

	private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

	private final Map<String, MongoServerError> failures = new ConcurrentHashMap<>();

	private final List<Document> operations = new CopyOnWriteArrayList<>();

	private final String url = this.server.bindAndGetConnectionString() + "/catalog";

	String getUrl() {
		return this.url;
	}

	/**
	 * Returns the commands with their collections, for example
	 * {@code createIndexes product}.
	 */
	List<String> getCommands() {
		return this.commands;
	}

	/**
	 * Holds a command until it is released.
	 */
	void hold(String command) {
		this.held.put(command, new CountDownLatch(1));
	}

	void release(String command) {
		this.held.remove(command).countDown();
	}

	/**
	 * Refuses a command.
	 * @param failure the failure, or {@code null} to accept the command again
	 */
	void fail(String command, MongoServerError failure) {
		if (failure != null) {
			this.failures.put(command, failure);
		}
		else {
			this.failures.remove(command);
		}
	}

	/**
	 * Pretends that a client is creating an index.
	 */
	void build(String collection, String name) {
		this.operations.add(new Document("command", new Document("createIndexes", collection).append("$db", "catalog")
			.append("indexes", List.of(new Document("name", name)))));
	}

	void endBuilds() {
		this.operations.clear();
	}

	@Override
	public Document handleMessage(MongoMessage message) {
		Document command = message.getDocument();
		String name = command.keySet().iterator().next();
		if (name.equals("aggregate") && message.getDatabaseName().equals("admin")) {
			return new Document("ok", 1.0).append("cursor", new Document("id", 0L).append("ns", "admin.$cmd.aggregate")
				.append("firstBatch", List.copyOf(this.operations)));
		}
		if (!List.of("createIndexes", "listIndexes", "find").contains(name)) {
			return super.handleMessage(message);
		}
		String target = name + " " + command.get(name);
		this.commands.add(target);
		await(this.held.get(target));
		MongoServerError failure = this.failures.get(target);
		if (failure != null) {
			throw failure;
		}
		return super.handleMessage(message);
	}

	private static void await(CountDownLatch latch) {
		try {
			if (latch != null && !latch.await(1, TimeUnit.MINUTES)) {
				throw new IllegalStateException("Nothing released the command");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	void stop() {
		this.held.keySet().forEach(this::release);
		this.server.shutdownNow();
	}

}
