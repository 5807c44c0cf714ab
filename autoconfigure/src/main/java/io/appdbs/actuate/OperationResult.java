package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.inspection.AuditChainReport;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceTask;
import org.jspecify.annotations.Nullable;

/**
 * Result of an operation in addition to the state of the database.
 *
 * @param drained for {@code suspend}: whether the connections were returned in time
 * @param plan for {@code maintain} with {@code dryRun}: what would be executed
 * @param task for {@code maintain} and {@code cancel-maintenance}: the task
 * @param auditChain for {@code verify-audit}: whether the hash chain is intact
 * @param grants for {@code print-grants}: the statements
 * @param aborted for {@code remove}: how many connections were aborted
 */
record OperationResult(@Nullable Boolean drained, @Nullable MaintenancePlan plan, @Nullable MaintenanceTask task,
		@Nullable AuditChainReport auditChain, @Nullable List<String> grants, @Nullable Integer aborted) {

	/** Nothing in addition. */
	static final OperationResult NONE = new OperationResult(null, null, null, null, null, null);

	static OperationResult drained(boolean drained) {
		return new OperationResult(drained, null, null, null, null, null);
	}

	static OperationResult planned(MaintenancePlan plan) {
		return new OperationResult(null, plan, null, null, null, null);
	}

	static OperationResult of(MaintenanceTask task) {
		return new OperationResult(null, null, task, null, null, null);
	}

	static OperationResult verified(AuditChainReport auditChain) {
		return new OperationResult(null, null, null, auditChain, null, null);
	}

	static OperationResult granted(List<String> grants) {
		return new OperationResult(null, null, null, null, grants, null);
	}

	static OperationResult removed(int aborted) {
		return new OperationResult(null, null, null, null, null, aborted);
	}

	/**
	 * Returns the values for an event.
	 */
	Map<String, Object> values() {
		Map<String, Object> values = new LinkedHashMap<>();
		if (this.drained != null) {
			values.put("drained", this.drained);
		}
		MaintenancePlan executed = (this.task != null) ? this.task.getPlan() : this.plan;
		if (executed != null) {
			values.put("statements", executed.statements());
		}
		if (this.task != null) {
			values.put("id", this.task.getId());
		}
		if (this.auditChain != null) {
			values.put("auditChain", this.auditChain);
		}
		if (this.aborted != null) {
			values.put("aborted", this.aborted);
		}
		return values;
	}

}
