package io.appdbs.mongo.maintenance;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceProgress;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.task.MaintenanceFailedException;
import io.appdbs.maintenance.task.MaintenanceSession;
import io.appdbs.settings.DatabaseDefinition;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaintenanceSession} of a MongoDB database.
 */
final class MongoMaintenanceSession implements MaintenanceSession {

	private final DatabaseDefinition definition;

	private final MongoClient client;

	private final MongoDatabase database;

	/** The comment by which the command is found on the server. */
	private final String comment = "appdbs.maintenance " + UUID.randomUUID();

	private @Nullable MaintenanceCommand planned;

	private volatile boolean executed;

	MongoMaintenanceSession(DatabaseDefinition definition, MongoClient client, String database) {
		this.definition = definition;
		this.client = client;
		this.database = client.getDatabase(database);
	}

	@Override
	public List<String> readTables() {
		return lookup().readCollections();
	}

	private CollectionLookup lookup() {
		return new CollectionLookup(this.definition, this.database);
	}

	@Override
	public MaintenancePlan plan(MaintenanceRequest request) {
		Document hello = this.database.runCommand(new Document("hello", 1));
		if (Boolean.FALSE.equals(hello.get("isWritablePrimary"))) {
			throw new IllegalDatabaseOperationException(this.definition.name(),
					"The server of database '%s' is read-only, and cannot be maintained."
						.formatted(this.definition.name()));
		}
		CollectionLookup lookup = lookup();
		String name = lookup.find(request.table());
		MaintenanceCommand command = new MaintenanceCommand(request.operation(), name);
		this.planned = command;
		Document statistics = lookup.readStatistics(name);
		return new MaintenancePlan(request.operation(), name, List.of(command.toDocument().toJson()),
				toLong(statistics.get("count")), toLong(statistics.get("size")), lookup.findRefusal(name));
	}

	private static @Nullable Long toLong(@Nullable Object number) {
		return (number instanceof Number value) ? value.longValue() : null;
	}

	/**
	 * The server has no such locks.
	 */
	@Override
	public boolean tryLock() {
		return true;
	}

	@Override
	public void execute(Consumer<String> messages) throws MaintenanceFailedException {
		MaintenanceCommand command = Objects.requireNonNull(this.planned, "Nothing has been planned");
		Document reply;
		try {
			reply = this.database.runCommand(command.toDocument().append("comment", this.comment));
		}
		finally {
			this.executed = true;
		}
		command.read(reply).forEach(messages);
	}

	@Override
	public boolean isExecuted() {
		return this.executed;
	}

	@Override
	public void cancel() {
		Document operation = findOperation();
		if (operation != null) {
			this.client.getDatabase("admin").runCommand(new Document("killOp", 1).append("op", operation.get("opid")));
		}
	}

	private @Nullable Document findOperation() {
		return this.client.getDatabase("admin")
			.aggregate(List.of(new Document("$currentOp", new Document()),
					new Document("$match", new Document("command.comment", this.comment))))
			.first();
	}

	@Override
	public void abort() {
		this.client.close();
	}

	@Override
	public @Nullable MaintenanceProgress readProgress() {
		Document operation = findOperation();
		if (operation == null || operation.getString("msg") == null) {
			return null;
		}
		Document progress = operation.get("progress", new Document());
		Long done = toLong(progress.get("done"));
		Long total = toLong(progress.get("total"));
		return new MaintenanceProgress(operation.getString("msg"),
				(done != null && total != null && total > 0) ? Math.min(1, done / total.doubleValue()) : null);
	}

	@Override
	public void close() {
		this.executed = true;
		this.client.close();
	}

}
