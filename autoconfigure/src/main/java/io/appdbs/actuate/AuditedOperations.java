package io.appdbs.actuate;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.maintenance.MaintenanceTask;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Executes operations on databases and publishes an {@link AuditEvent} for each.
 *
 * @param lifecycle the lifecycle of the databases
 * @param events the publisher of events
 */
record AuditedOperations(DatabaseLifecycle lifecycle, ApplicationEventPublisher events) {

	private static final Log logger = LogFactory.getLog(AuditedOperations.class);

	private static final String SUCCESS = "DATABASE_OPERATION_SUCCESS";

	private static final String FAILURE = "DATABASE_OPERATION_FAILURE";

	/**
	 * Executes an operation. A task that it starts has a second event when it ends.
	 * @param principal the user or {@code null} if unknown
	 * @param name the name of the database
	 * @param request the operation
	 * @return the result of the operation
	 */
	OperationResult execute(@Nullable Principal principal, String name, OperationRequest request) {
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("database", name);
		data.put("operation", request.operation());
		data.putAll(request.values());
		OperationResult result;
		try {
			result = request.execute(this.lifecycle, name);
		}
		catch (RuntimeException ex) {
			data.put("message", ex.getMessage());
			publish(principal, FAILURE, data);
			throw ex;
		}
		data.putAll(result.values());
		publish(principal, SUCCESS, data);
		if (result.task() != null && "maintain".equals(request.operation())) {
			result.task().toCompletableFuture().thenAccept((task) -> publishEnd(principal, data, task));
		}
		return result;
	}

	private void publishEnd(@Nullable Principal principal, Map<String, @Nullable Object> start, MaintenanceTask task) {
		Map<String, @Nullable Object> data = new LinkedHashMap<>(start);
		data.put("state", task.getState());
		boolean done = task.getState() == MaintenanceTask.State.DONE;
		List<String> messages = task.getMessages();
		if (!done && !messages.isEmpty()) {
			data.put("message", messages.get(messages.size() - 1));
		}
		try {
			publish(principal, done ? SUCCESS : FAILURE, data);
		}
		catch (RuntimeException ex) {
			// the application may be about to end
			logger.warn("The end of %s could not be published".formatted(task.getId()), ex);
		}
	}

	private void publish(@Nullable Principal principal, String type, Map<String, @Nullable Object> data) {
		String name = (principal != null) ? principal.getName() : null;
		this.events.publishEvent(new AuditApplicationEvent(new AuditEvent(name, type, data)));
	}

}
