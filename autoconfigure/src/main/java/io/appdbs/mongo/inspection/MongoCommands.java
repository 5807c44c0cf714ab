package io.appdbs.mongo.inspection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.client.MongoDatabase;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.mongo.MongoErrorCodes;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands within time limits, and reports why the server does not answer one.
 */
final class MongoCommands {

	/**
	 * Unknown command, unknown stage of a pipeline, and what a server does not support.
	 */
	private static final Set<Integer> UNKNOWN = Set.of(59, 115, 238, 40324);

	private static final Set<Integer> TIMEOUTS = Set.of(50, 262);

	private final MongoDatabase database;

	private final MongoDatabase admin;

	private final @Nullable String user;

	private final Duration timeout;

	private final long deadline;

	private final Set<String> unknownCommands;

	private volatile boolean aborted;

	/**
	 * Creates new {@link MongoCommands}.
	 * @param user the login, for messages, or {@code null} if there is none
	 * @param timeout the time limit of each command
	 * @param deadline when all of them must have been answered
	 * @param unknownCommands the commands that the server does not know
	 */
	MongoCommands(MongoDatabase database, MongoDatabase admin, @Nullable String user, Duration timeout, long deadline,
			Set<String> unknownCommands) {
		this.database = database;
		this.admin = admin;
		this.user = user;
		this.timeout = timeout;
		this.deadline = deadline;
		this.unknownCommands = unknownCommands;
	}

	String getDatabaseName() {
		return this.database.getName();
	}

	/**
	 * Sends no command any more.
	 */
	void abort() {
		this.aborted = true;
	}

	/**
	 * Returns whether there is time for another command.
	 */
	boolean isTimeLeft() {
		return !this.aborted && getLeft().compareTo(this.timeout.dividedBy(4)) > 0;
	}

	private Duration getLeft() {
		return Duration.ofNanos(this.deadline - System.nanoTime());
	}

	/**
	 * Sends a command to the database, which a login with the role {@code read} may.
	 */
	Document run(String what, Document command) {
		return run(this.database, what, command.keySet().iterator().next(), command, "read", getDatabaseName());
	}

	/**
	 * Sends a command about the server, which a login with the role
	 * {@code clusterMonitor} may.
	 */
	Document runOnServer(String what, Document command) {
		return run(this.admin, what, command.keySet().iterator().next(), command, "clusterMonitor", "admin");
	}

	/**
	 * Returns all documents of a collection's stage that is the first of a pipeline.
	 */
	List<Document> aggregate(String what, String collection, Document stage) {
		String name = stage.keySet().iterator().next();
		return readAll(what,
				run(this.database, what, name, new Document("aggregate", collection).append("pipeline", List.of(stage))
					.append("cursor", new Document("batchSize", 1000)), "read", getDatabaseName()),
				collection);
	}

	/**
	 * Returns the operations of the server, also those of other logins.
	 */
	List<Document> currentOperations(String what) {
		Document stage = new Document("$currentOp", new Document("allUsers", true).append("idleSessions", true));
		Document answer = run(this.admin, what, "$currentOp",
				new Document("aggregate", 1).append("pipeline", List.of(stage))
					.append("cursor", new Document("batchSize", 1000)),
				"clusterMonitor", "admin");
		return firstBatch(answer);
	}

	/**
	 * Returns the documents of a command with a cursor.
	 */
	List<Document> list(String what, Document command, String collection) {
		return readAll(what, run(what, command), collection);
	}

	private List<Document> readAll(String what, Document answer, String collection) {
		List<Document> all = new ArrayList<>(firstBatch(answer));
		Document cursor = answer.get("cursor", Document.class);
		long id = toId(cursor);
		while (id != 0) {
			Document next = run(what, new Document("getMore", id).append("collection", collection)).get("cursor",
					Document.class);
			all.addAll(next.getList("nextBatch", Document.class));
			id = toId(next);
		}
		return all;
	}

	private static long toId(Document cursor) {
		return (cursor.get("id") instanceof Number id) ? id.longValue() : 0;
	}

	private static List<Document> firstBatch(Document answer) {
		return answer.get("cursor", Document.class).getList("firstBatch", Document.class);
	}

	private Document run(MongoDatabase target, String what, String name, Document command, String role,
			String roleDatabase) {
		if (this.unknownCommands.contains(name)) {
			throw unsupported(what, name);
		}
		Duration limit = (getLeft().compareTo(this.timeout) < 0) ? getLeft() : this.timeout;
		if (this.aborted || limit.toMillis() < 1) {
			throw new InspectionException(ReportStatus.TIMED_OUT, "The time for the inspection was over before.", null);
		}
		try {
			return target.withTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).runCommand(command);
		}
		catch (MongoCommandException ex) {
			if (UNKNOWN.contains(ex.getErrorCode())) {
				this.unknownCommands.add(name);
				throw unsupported(what, name);
			}
			if (ex.getErrorCode() == MongoErrorCodes.UNAUTHORIZED) {
				throw unauthorized(what, name, role, roleDatabase);
			}
			throw ex;
		}
	}

	private static InspectionException unsupported(String what, String command) {
		return InspectionException
			.unsupported("The server does not report %s: it does not know the command '%s'.".formatted(what, command));
	}

	private InspectionException unauthorized(String what, String command, String role, String roleDatabase) {
		return InspectionException.insufficientRights(
				"The login%s may not read %s: the command '%s' needs the role '%s' of the database '%s'."
					.formatted((this.user != null) ? " '" + this.user + "'" : "", what, command, role, roleDatabase),
				"db.grantRolesToUser(\"%s\", [ { role: \"%s\", db: \"%s\" } ])"
					.formatted((this.user != null) ? this.user : "…", role, roleDatabase));
	}

	/**
	 * Returns what a failure means for the report.
	 */
	static InspectionException translate(Exception failure) {
		if (failure instanceof InspectionException known) {
			return known;
		}
		boolean late = failure instanceof MongoOperationTimeoutException
				|| failure instanceof MongoExecutionTimeoutException
				|| failure instanceof MongoSocketReadTimeoutException
				|| (failure instanceof MongoCommandException command && TIMEOUTS.contains(command.getErrorCode()));
		return late
				? new InspectionException(ReportStatus.TIMED_OUT,
						"The server did not answer within the time limit of the inspection.", null)
				: new InspectionException(ReportStatus.UNAVAILABLE,
						"The server did not answer the question: %s".formatted(failure.getMessage()), null);
	}

}
