package io.appdbs.mongo.inspection;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import io.appdbs.engine.inspection.Amounts;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.SessionReport;
import io.appdbs.inspection.Severity;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Reads the operations on a database, and sessions with an open transaction.
 */
final class MongoOperations {

	private static final String WHAT = "the operations of other logins";

	private final MongoCommands commands;

	private final int limit;

	private final Duration longOperation;

	MongoOperations(MongoCommands commands, int limit, Duration longOperation) {
		this.commands = commands;
		this.limit = limit;
		this.longOperation = longOperation;
	}

	Sample<ActivityReport> readActivity() {
		List<Operation> all = readAll();
		int active = (int) all.stream().filter(Operation::active).count();
		ActivityReport report = new ActivityReport(null, active, all.size() - active,
				(int) all.stream().filter((operation) -> operation.report().waitingFor() != null).count(), null,
				all.stream().limit(this.limit).map(Operation::report).toList());
		return Sample.exact(report);
	}

	List<Finding> findLongOperations() {
		return readAll().stream()
			.filter((operation) -> operation.age().compareTo(this.longOperation) > 0)
			.limit(this.limit)
			.map(MongoOperations::toFinding)
			.toList();
	}

	private static Finding toFinding(Operation operation) {
		SessionReport report = operation.report();
		String text = (report.transactionAge() != null)
				? "Operation %s has had a transaction open for %s and is '%s': the server keeps the old versions of all documents that have changed since then."
				: "Operation %s has been running for %s and is '%s'.";
		return Finding.of("long-transaction", Severity.WARN, report.id(), null,
				text.formatted(report.id(), Amounts.ofDuration(operation.age()), report.state()),
				operation.active() ? "db.killOp(%s)".formatted(report.id()) : null);
	}

	private List<Operation> readAll() {
		String database = this.commands.getDatabaseName();
		return this.commands.currentOperations(WHAT)
			.stream()
			.filter((operation) -> isOf(operation, database))
			.map(Operation::of)
			.sorted(Comparator.comparing(Operation::age).reversed())
			.toList();
	}

	/**
	 * The server does not report the database of an idle session. Those without a
	 * transaction are not interesting.
	 */
	private static boolean isOf(Document operation, String database) {
		String namespace = Objects.toString(operation.get("ns"), "");
		return namespace.isEmpty() ? operation.get("transaction") instanceof Document : namespace
			.startsWith(database + ".")
				&& (Boolean.TRUE.equals(operation.get("active")) || operation.get("transaction") instanceof Document);
	}

	/**
	 * An operation, or an idle session with a transaction.
	 *
	 * @param age how long its transaction has been open or, without one, how long it has
	 * been running
	 */
	record Operation(boolean active, Duration age, SessionReport report) {

		static Operation of(Document operation) {
			boolean active = Boolean.TRUE.equals(operation.get("active"));
			Duration running = active ? micros(operation, "microsecs_running") : null;
			Duration open = (operation.get("transaction") instanceof Document transaction)
					? micros(transaction, "timeOpenMicros") : null;
			Duration age = (open != null) ? open : Objects.requireNonNullElse(running, Duration.ZERO);
			return new Operation(active, age,
					new SessionReport(readId(operation), readUser(operation), text(operation, "appName"),
							text(operation, "client"), active ? text(operation, "op") : "idle", open, running,
							Boolean.TRUE.equals(operation.get("waitingForLock")) ? "lock" : null, List.of(),
							readStatement(operation)));
		}

		private static @Nullable Duration micros(Document document, String field) {
			Long micros = MongoCollections.number(document, field);
			return (micros != null) ? Duration.ofNanos(micros * 1000) : null;
		}

		private static String readId(Document operation) {
			Object id = operation.get("opid");
			if (id == null) {
				id = operation.get("connectionId");
			}
			return (id instanceof String) ? "\"" + id + "\"" : (id != null) ? id.toString() : "of an idle session";
		}

		private static @Nullable String readUser(Document operation) {
			return (operation.get("effectiveUsers") instanceof List<?> users && !users.isEmpty()
					&& users.get(0) instanceof Document user) ? text(user, "user") : null;
		}

		private static @Nullable String text(Document document, String field) {
			return (document.get(field) instanceof String text) ? text : null;
		}

		/**
		 * Returns the name of the command and the collection, without values.
		 */
		private static @Nullable String readStatement(Document operation) {
			return (operation.get("command") instanceof Document command && !command.isEmpty())
					? command.keySet().iterator().next() + " " + operation.get("ns") : null;
		}

	}

}
