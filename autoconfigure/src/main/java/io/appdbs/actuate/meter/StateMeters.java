package io.appdbs.actuate.meter;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import io.appdbs.Database;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.TroubleshootingSection;
import io.appdbs.settings.DatabaseDefinition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Meters of what a database is, and of its state.
 */
final class StateMeters {

	private static final List<String> STATES = List.of("starting", "up", "suspended", "down");

	private StateMeters() {
	}

	static void bind(MeterRegistry registry, Database database, DatabaseDefinition definition, Tags tags,
			Collection<Meter> meters) {
		meters.add(Gauge.builder("appdbs.info", () -> 1)
			.description("What the database is, as tags. Always 1")
			.tags(tags.and("engine", definition.engine().getId(), "required",
					Boolean.toString(definition.settings().required()), "replica.of",
					Objects.requireNonNullElse(definition.replicaOf(), "none")))
			.register(registry));
		for (String state : STATES) {
			meters.add(Gauge.builder("appdbs.state", database, (it) -> toNumber(state.equals(state(it.getSnapshot()))))
				.description("Whether the database is in the state: 1 for one of them, 0 for the others")
				.tags(tags.and("state", state))
				.register(registry));
		}
		if (definition.replicaOf() == null) {
			meters.add(Gauge.builder("appdbs.migration.failed", database, (it) -> toNumber(isMigrationFailed(it)))
				.description("Whether the database is down because its migration failed")
				.tags(tags)
				.register(registry));
		}
		else {
			bindReplica(registry, database, tags, meters);
		}
	}

	private static void bindReplica(MeterRegistry registry, Database database, Tags tags, Collection<Meter> meters) {
		meters.add(DatabaseMeters.time("appdbs.replication.lag", database, StateMeters::replicationLag)
			.description("Time by which the replica lags behind its database")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("appdbs.replication.stopped", database, (it) -> toNumber(isStopped(it.getSnapshot())))
			.description("Whether the replica is known not to replicate")
			.tags(tags)
			.register(registry));
	}

	private static String state(DatabaseSnapshot snapshot) {
		boolean suspended = snapshot.state() == DatabaseState.UP && snapshot.suspended();
		return suspended ? "suspended" : snapshot.state().name().toLowerCase(Locale.ROOT);
	}

	private static boolean isMigrationFailed(Database database) {
		return database.getState() == DatabaseState.DOWN
				&& database.getLastFailure() instanceof DatabaseStartException failure
				&& failure.getSection() == TroubleshootingSection.MIGRATION;
	}

	private static @Nullable Duration replicationLag(DatabaseSnapshot snapshot) {
		DatabaseReplica replica = snapshot.replica();
		return (replica != null) ? replica.lag() : null;
	}

	private static boolean isStopped(DatabaseSnapshot snapshot) {
		DatabaseReplica replica = snapshot.replica();
		return replica != null && replica.problem() != null;
	}

	/**
	 * Returns the value of a meter that is 1 or 0.
	 */
	static int toNumber(boolean value) {
		return value ? 1 : 0;
	}

}
