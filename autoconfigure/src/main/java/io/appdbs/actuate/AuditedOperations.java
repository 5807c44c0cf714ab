package io.appdbs.actuate;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.lifecycle.DatabaseLifecycle;
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

	private static final String SUCCESS = "DATABASE_OPERATION_SUCCESS";

	private static final String FAILURE = "DATABASE_OPERATION_FAILURE";

	/**
	 * Executes an operation.
	 * @param principal the user or {@code null} if unknown
	 * @param name the name of the database
	 * @param request the operation
	 * @return the result of the operation
	 */
	@Nullable Boolean execute(@Nullable Principal principal, String name, OperationRequest request) {
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("database", name);
		data.put("operation", request.operation());
		data.putAll(request.values());
		Boolean drained;
		try {
			drained = request.execute(this.lifecycle, name);
		}
		catch (RuntimeException ex) {
			data.put("message", ex.getMessage());
			publish(principal, FAILURE, data);
			throw ex;
		}
		if (drained != null) {
			data.put("drained", drained);
		}
		publish(principal, SUCCESS, data);
		return drained;
	}

	private void publish(@Nullable Principal principal, String type, Map<String, @Nullable Object> data) {
		String name = (principal != null) ? principal.getName() : null;
		this.events.publishEvent(new AuditApplicationEvent(new AuditEvent(name, type, data)));
	}

}
