package io.appdbs.maintenance;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a request would execute.
 *
 * @param operation the operation
 * @param object the table, collection or index as the catalogue has it, as SQL writes it
 * @param statements the statements, or commands of MongoDB
 * @param rows the estimated number of rows, {@code null} if it is not known
 * @param bytes the size in bytes, {@code null} if it is not known
 * @param refusal why it would be refused now, {@code null} if it would be started
 */
public record MaintenancePlan(MaintenanceOperation operation, String object, List<String> statements,
		@Nullable Long rows, @Nullable Long bytes, @Nullable String refusal) {

	public MaintenancePlan {
		statements = List.copyOf(statements);
	}

	/**
	 * Returns the same plan with another refusal.
	 * @param refusal why it would be refused now, or {@code null}
	 * @return a copy
	 */
	public MaintenancePlan withRefusal(@Nullable String refusal) {
		return new MaintenancePlan(this.operation, this.object, this.statements, this.rows, this.bytes, refusal);
	}

}
