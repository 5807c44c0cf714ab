package io.appdbs.actuate;

import java.util.Collection;
import java.util.stream.Collectors;

import io.appdbs.Database;
import io.appdbs.engine.Engine;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of requests that maintain a database, as text.
 *
 * @param task the name of the operation on a table
 * @param table the table, collection or index
 * @param dryRun whether to return the plan only
 * @param id the identifier of the task to cancel
 */
record MaintenanceParameters(@Nullable String task, @Nullable String table, @Nullable String dryRun,
		@Nullable String id) {

	/**
	 * Starts or plans a task.
	 */
	OperationResult maintain(Database database, Engine engine) {
		MaintenanceRequest request = readRequest(engine.getMaintenanceOperations());
		Maintenance maintenance = database.getMaintenance();
		return isDryRun() ? OperationResult.planned(maintenance.plan(request))
				: OperationResult.of(maintenance.start(request));
	}

	private MaintenanceRequest readRequest(Collection<MaintenanceOperation> operations) {
		MaintenanceOperation operation = operations.stream()
			.filter((known) -> known.getName().equals(this.task))
			.findFirst()
			.orElseThrow(() -> OperationRequest.unknown("task", this.task,
					operations.stream().map(MaintenanceOperation::getName).collect(Collectors.joining(", "))));
		if (this.table == null) {
			throw OperationRequest.invalid("'table' is missing: it is the name of the table, collection or index.");
		}
		return new MaintenanceRequest(operation, this.table);
	}

	private boolean isDryRun() {
		if (this.dryRun != null && !this.dryRun.equals("true") && !this.dryRun.equals("false")) {
			throw OperationRequest.unknown("dryRun", this.dryRun, "true, false");
		}
		return "true".equals(this.dryRun);
	}

	/**
	 * Cancels a task. A task that has ended cannot be cancelled.
	 */
	OperationResult cancel(Database database) {
		if (this.id == null) {
			throw OperationRequest.invalid("'id' is missing: it is the identifier of the task.");
		}
		MaintenanceTask task = database.getMaintenance().getTask(this.id);
		if (!task.cancel()) {
			throw OperationRequest.invalid("Task '%s' of database '%s' has ended: it is %s.".formatted(this.id,
					database.getName(), task.getState()));
		}
		return OperationResult.of(task);
	}

}
