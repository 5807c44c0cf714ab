package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.lifecycle.DatabaseLifecycle;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} for all databases that have been added at run time. They never
 * take the application down.
 *
 * @param lifecycle the databases
 */
record RuntimeHealthIndicator(DatabaseLifecycle lifecycle) implements HealthIndicator {

	/** Details of more would not be readable. */
	private static final int MAX_NAMES = 10;

	/**
	 * Returns whether there is a database that has been added at run time.
	 */
	boolean isPresent() {
		return !this.lifecycle.getAdded().isEmpty();
	}

	@Override
	public Health health() {
		List<? extends Database> databases = List.copyOf(this.lifecycle.getAdded());
		List<? extends Database> down = databases.stream()
			.filter((database) -> database.getState() == DatabaseState.DOWN)
			.toList();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("total", databases.size());
		for (DatabaseState state : List.of(DatabaseState.UP, DatabaseState.STARTING, DatabaseState.DOWN)) {
			details.put(state.name().toLowerCase(Locale.ROOT),
					databases.stream().filter((database) -> database.getState() == state).count());
		}
		if (!down.isEmpty()) {
			details.put("databasesDown", down.stream().limit(MAX_NAMES).map(Database::getName).toList());
		}
		return Health.status(down.isEmpty() ? Status.UP : DatabasesHealthContributor.DEGRADED)
			.withDetails(details)
			.build();
	}

}
