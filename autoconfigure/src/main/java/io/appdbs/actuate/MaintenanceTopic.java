package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.actuate.DatabasesEndpoint.PlanDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.TaskDescriptor;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceTask;
import org.jspecify.annotations.Nullable;

/**
 * Describes the maintenance of databases.
 *
 * @param lifecycle the databases
 * @param descriptors hide values
 */
record MaintenanceTopic(DatabaseLifecycle lifecycle, DatabaseDescriptors descriptors) {

	static final String NAME = "maintenance";

	/**
	 * Returns what is allowed, and the latest tasks.
	 */
	Map<String, Object> read(DatabaseTopics.Request request) {
		if (request.fresh() != null || request.table() != null) {
			throw OperationRequest.invalid("The topic '%s' has no parameters.".formatted(NAME));
		}
		String name = request.database();
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("operations",
				this.lifecycle.getDefinition(name)
					.settings()
					.maintenance()
					.operations()
					.stream()
					.map(MaintenanceOperation::getName)
					.toList());
		body.put("tasks",
				this.lifecycle.get(name)
					.getMaintenance()
					.getTasks()
					.stream()
					.map((task) -> describe(this.descriptors, name, task, request.showValues()))
					.toList());
		return body;
	}

	static @Nullable PlanDescriptor describe(@Nullable MaintenancePlan plan) {
		return (plan != null) ? new PlanDescriptor(plan.operation().getName(), plan.object(), plan.statements(),
				plan.rows(), plan.bytes(), plan.refusal()) : null;
	}

	/**
	 * Describes a task. The messages of a server may have values.
	 */
	static @Nullable TaskDescriptor describe(DatabaseDescriptors descriptors, String name,
			@Nullable MaintenanceTask task, boolean showValues) {
		if (task == null) {
			return null;
		}
		List<String> messages = task.getMessages()
			.stream()
			.map((message) -> descriptors.sanitize(name, "maintenance.messages", message, showValues))
			.filter(Objects::nonNull)
			.toList();
		return new TaskDescriptor(task.getId(), task.getPlan().operation().getName(), task.getPlan().object(),
				task.getPlan().statements(), task.getState(), task.getStartedAt(), task.getEndedAt(),
				task.getProgress(), messages);
	}

}
