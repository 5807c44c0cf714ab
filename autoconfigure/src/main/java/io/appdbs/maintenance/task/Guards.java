package io.appdbs.maintenance.task;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import io.appdbs.DatabaseOutage;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.Engine;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Rejects requests that a database does not allow, or not in its state.
 *
 * @param database the database
 * @param sessions the sessions
 */
record Guards(DatabaseAccess database, MaintenanceSession.Factory sessions) {

	private static final String OPERATIONS = "maintenance.operations";

	/**
	 * Rejects a request that is not possible, whatever the settings allow.
	 */
	void checkPossible(MaintenanceRequest request) {
		checkUsable();
		Engine engine = this.database.findEngine();
		if (!engine.getMaintenanceOperations().contains(request.operation())) {
			throw illegal("%s has no operation '%s'. It has: %s.".formatted(engine.getDisplayName(),
					request.operation().getName(), names(engine.getMaintenanceOperations())));
		}
	}

	/**
	 * Rejects the use of a database that is not maintained, or not reachable.
	 */
	void checkUsable() {
		DatabaseDefinition definition = this.database.getDefinition();
		if (definition.replicaOf() != null) {
			throw illegal("Database '%s' is a replica, and not maintained. Maintain '%s'.".formatted(definition.name(),
					definition.replicaOf()));
		}
		if (getAllowed().isEmpty()) {
			throw illegal("Database '%s' does not allow maintenance. Set '%s', for example to 'analyze'."
				.formatted(definition.name(), definition.key(OPERATIONS)));
		}
		DatabaseOutage outage = this.database.getOutage();
		if (outage != null) {
			throw illegal("Database '%s' is not UP, and cannot be maintained: %s.".formatted(definition.name(),
					outage.reason()));
		}
		if (this.database.isSuspended()) {
			throw illegal("Database '%s' is suspended, and not maintained. Resume it.".formatted(definition.name()));
		}
		if (this.database.getDetailsInUse() == null) {
			throw illegal(
					"Database '%s' is a bean of the application, and not maintained.".formatted(definition.name()));
		}
	}

	/**
	 * Rejects a request that the settings do not allow, and one that could wait for its
	 * own caller.
	 */
	void checkAllowed(MaintenanceRequest request) {
		String refusal = findRefusal(request, request.table());
		if (refusal != null) {
			throw illegal(refusal);
		}
		if (this.sessions.isInTransaction()) {
			throw illegal("The calling thread has a transaction of database '%s', for which '%s' could wait. "
				.formatted(this.database.getDefinition().name(), request.operation().getName())
					+ "Start it outside of transactions.");
		}
	}

	/**
	 * Returns why the settings do not allow a request.
	 */
	@Nullable String findRefusal(MaintenanceRequest request, String object) {
		if (getAllowed().contains(request.operation())) {
			return null;
		}
		DatabaseDefinition definition = this.database.getDefinition();
		return "Database '%s' does not allow '%s' of '%s'. Allowed by '%s': %s.".formatted(definition.name(),
				request.operation().getName(), object, definition.key(OPERATIONS), names(getAllowed()));
	}

	private List<MaintenanceOperation> getAllowed() {
		return this.database.getDefinition().settings().maintenance().operations();
	}

	private static String names(Collection<MaintenanceOperation> operations) {
		return operations.stream().map(MaintenanceOperation::getName).collect(Collectors.joining(", "));
	}

	/**
	 * Returns the exception for a caller.
	 */
	RuntimeException translate(Exception failure) {
		if (failure instanceof IllegalDatabaseOperationException illegal) {
			return illegal;
		}
		IllegalDatabaseOperationException translated = illegal("Database '%s' could not be maintained: %s"
			.formatted(this.database.getDefinition().name(), failure.getMessage()));
		translated.initCause(failure);
		return translated;
	}

	private IllegalDatabaseOperationException illegal(String message) {
		return new IllegalDatabaseOperationException(this.database.getDefinition().name(), message);
	}

}
