package io.appdbs.actuate.meter;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceTask.State;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Meters of the operations that the settings allow to maintain a database.
 */
final class MaintenanceMeters {

	private MaintenanceMeters() {
	}

	static void bind(MeterRegistry registry, DatabaseStatistics statistics, Collection<MaintenanceOperation> operations,
			Tags tags, Collection<Meter> meters) {
		for (MaintenanceOperation operation : operations) {
			for (State state : State.values()) {
				if (state != State.RUNNING) {
					meters.add(FunctionTimer
						.builder("appdbs.maintenance", statistics, (it) -> it.getMaintenances(operation, state),
								(it) -> it.getMaintenanceTime(operation, state).toNanos(), TimeUnit.NANOSECONDS)
						.description("Tasks that have maintained the database, by operation and outcome")
						.tags(tags.and("operation", operation.getName(), "outcome",
								state.name().toLowerCase(Locale.ROOT)))
						.register(registry));
				}
			}
		}
	}

}
