package io.appdbs.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.privilege.PrivilegeGrants;
import io.appdbs.privilege.PrivilegeReporter;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.convert.DurationStyle;

/**
 * A requested operation with its parameters as text. They are converted here and not by
 * Boot, whose messages do not name the valid values.
 *
 * @param operation the operation
 * @param mode whether callers of a suspended database wait or fail
 * @param drainTimeout how long to wait for connections to be returned
 * @param maximum the maximum size of the pool
 * @param maintenance what to maintain
 */
record OperationRequest(@Nullable String operation, @Nullable String mode, @Nullable String drainTimeout,
		@Nullable String maximum, MaintenanceParameters maintenance) {

	private static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

	/** The request blocks a thread for this time. */
	private static final Duration LONGEST_DRAIN_TIMEOUT = Duration.ofMinutes(5);

	/**
	 * Executes the operation.
	 */
	OperationResult execute(DatabaseLifecycle lifecycle, String name) {
		switch ((this.operation != null) ? this.operation : "") {
			case "probe" -> {
				rejectAllBut();
				lifecycle.getOperations(name).probe();
			}
			case "suspend" -> {
				rejectAllBut("mode", "drainTimeout");
				return OperationResult.drained(lifecycle.getOperations(name).suspend(isFailing(), readDrainTimeout()));
			}
			case "resume" -> {
				rejectAllBut();
				lifecycle.getOperations(name).resume();
			}
			case "set-maximum-pool-size" -> {
				rejectAllBut("maximum");
				lifecycle.getOperations(name).setMaximumPoolSize(readMaximum());
			}
			case "rotate" -> {
				rejectAllBut();
				lifecycle.getOperations(name).rotate();
			}
			case "verify" -> {
				rejectAllBut();
				lifecycle.getOperations(name).verify();
			}
			case "check-backup" -> {
				rejectAllBut();
				lifecycle.getOperations(name).checkBackups();
			}
			case "verify-audit" -> {
				rejectAllBut();
				return OperationResult.verified(verifyAudit(lifecycle, name));
			}
			case "maintain" -> {
				rejectAllBut("task", "table", "dryRun");
				return this.maintenance.maintain(lifecycle.get(name), lifecycle.getEngine(name));
			}
			case "cancel-maintenance" -> {
				rejectAllBut("id");
				return this.maintenance.cancel(lifecycle.get(name));
			}
			case "print-grants" -> {
				rejectAllBut();
				return OperationResult.granted(writeGrants(lifecycle, name));
			}
			case "clear-caches" -> {
				rejectAllBut();
				CacheTopic.clear(lifecycle, name);
			}
			case "migrate" -> {
				rejectAllBut();
				lifecycle.getOperations(name).migrate();
			}
			case "remove" -> {
				rejectAllBut("drainTimeout");
				lifecycle.get(name);
				return OperationResult.removed(lifecycle.remove(name, readDrainTimeout()).aborted());
			}
			default -> throw unknown("operation", this.operation,
					"probe, suspend, resume, set-maximum-pool-size, rotate, verify, verify-audit, maintain, cancel-maintenance, print-grants, check-backup, clear-caches, migrate, remove");
		}
		return OperationResult.NONE;
	}

	/**
	 * The message of a driver is not shown, as it may name a login.
	 */
	private static AuditChainReport verifyAudit(DatabaseLifecycle lifecycle, String name) {
		Report<AuditChainReport> report = lifecycle.get(name).inspect().auditChain();
		if (report.value() != null) {
			return report.value();
		}
		String reason = (report.status() == ReportStatus.UNAVAILABLE) ? "The database did not answer the question."
				: report.message() + ((report.fix() != null) ? " " + report.fix() : "");
		throw new IllegalDatabaseOperationException(name,
				"The audit of database '%s' was not verified: %s".formatted(name, reason));
	}

	/**
	 * The database is not asked, so it may be down.
	 */
	private static List<String> writeGrants(DatabaseLifecycle lifecycle, String name) {
		DatabaseSnapshot snapshot = lifecycle.get(name).getSnapshot();
		PreparationReport verified = snapshot.preparation(PrivilegeReporter.NAME);
		DatabaseDefinition definition = lifecycle.getDefinition(name);
		return PrivilegeGrants.write(definition, (verified != null) ? verified.details() : null,
				definition.settings().username());
	}

	private void rejectAllBut(String... known) {
		values().keySet().stream().filter((key) -> !List.of(known).contains(key)).findFirst().ifPresent((key) -> {
			throw invalid("Operation '%s' has no parameter '%s'. Known: %s.".formatted(this.operation, key,
					(known.length > 0) ? String.join(", ", known) : "none"));
		});
	}

	private boolean isFailing() {
		if (this.mode != null && !this.mode.equals("wait") && !this.mode.equals("fail")) {
			throw unknown("mode", this.mode, "wait, fail");
		}
		return "fail".equals(this.mode);
	}

	private Duration readDrainTimeout() {
		if (this.drainTimeout == null) {
			return DEFAULT_DRAIN_TIMEOUT;
		}
		try {
			Duration timeout = DurationStyle.detectAndParse(this.drainTimeout);
			if (!timeout.isNegative() && timeout.compareTo(LONGEST_DRAIN_TIMEOUT) <= 0) {
				return timeout;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// rejected like a value out of range
		}
		throw invalid("'drainTimeout' cannot be '%s': it must be a duration between 0s and 5m, such as 10s."
			.formatted(this.drainTimeout));
	}

	private int readMaximum() {
		try {
			return Integer.parseInt((this.maximum != null) ? this.maximum : "");
		}
		catch (NumberFormatException ex) {
			throw invalid("'maximum' cannot be '%s': it must be a number of connections.".formatted(this.maximum));
		}
	}

	/**
	 * Returns the parameters that were given.
	 */
	Map<String, String> values() {
		Map<String, String> values = new LinkedHashMap<>();
		put(values, "mode", this.mode);
		put(values, "drainTimeout", this.drainTimeout);
		put(values, "maximum", this.maximum);
		put(values, "task", this.maintenance.task());
		put(values, "table", this.maintenance.table());
		put(values, "dryRun", this.maintenance.dryRun());
		put(values, "id", this.maintenance.id());
		return values;
	}

	private static void put(Map<String, String> values, String key, @Nullable String value) {
		if (value != null) {
			values.put(key, value);
		}
	}

	static InvalidEndpointRequestException unknown(String key, @Nullable String value, String known) {
		return invalid("Unknown %s '%s'. Known: %s.".formatted(key, value, known));
	}

	static InvalidEndpointRequestException invalid(String message) {
		return new InvalidEndpointRequestException(message, message);
	}

}
