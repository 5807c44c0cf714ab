package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.Database;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.PreparationReport;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} for one database, which reads its snapshot.
 *
 * @param database the database
 */
record DatabaseHealthIndicator(Database database) implements HealthIndicator {

	@Override
	public Health health() {
		DatabaseSnapshot snapshot = this.database.getSnapshot();
		return new Health.Builder(status(snapshot), details(snapshot)).build();
	}

	private static Status status(DatabaseSnapshot snapshot) {
		return switch (snapshot.state()) {
			case UP -> usable(snapshot);
			case DOWN -> unusable(snapshot, Status.DOWN);
			case STARTING, CLOSED -> unusable(snapshot, Status.OUT_OF_SERVICE);
		};
	}

	private static Status usable(DatabaseSnapshot snapshot) {
		DatabaseReplica replica = snapshot.replica();
		if (replica != null && replica.problem() != null) {
			return DatabasesHealthContributor.DEGRADED;
		}
		if (!findUnreachable(snapshot).isEmpty()) {
			return DatabasesHealthContributor.DEGRADED;
		}
		BackupStatus backup = snapshot.backup();
		if (backup != null && !backup.findings().isEmpty()) {
			return DatabasesHealthContributor.DEGRADED;
		}
		return isWatched(snapshot) ? Status.UP : Status.UNKNOWN;
	}

	private static Status unusable(DatabaseSnapshot snapshot, Status required) {
		return snapshot.required() ? required : DatabasesHealthContributor.DEGRADED;
	}

	/**
	 * Returns whether the database is probed. If a bean of the application replaces it,
	 * it is up without a version.
	 */
	private static boolean isWatched(DatabaseSnapshot snapshot) {
		return snapshot.server().version() != null;
	}

	private static Map<String, Object> details(DatabaseSnapshot snapshot) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("engine", snapshot.server().engine());
		put(details, "version", snapshot.server().version());
		details.put("required", snapshot.required());
		details.put("since", snapshot.since());
		DatabaseOutage outage = snapshot.outage();
		if (snapshot.state() != DatabaseState.UP && outage != null) {
			details.put("cause", outage.reason());
			put(details, "nextAttempt", outage.nextAttempt());
		}
		if (snapshot.suspended()) {
			details.put("suspended", true);
		}
		putReplica(details, snapshot.replica());
		List<String> unreachable = findUnreachable(snapshot);
		put(details, "unreachableNodes", unreachable.isEmpty() ? null : unreachable);
		putBackup(details, snapshot.backup());
		put(details, "responseTime", snapshot.responseTime());
		put(details, "pool", snapshot.pool());
		put(details, "credentials", snapshot.credentials());
		put(details, "ssl", snapshot.ssl());
		Map<String, Object> migration = preparation(snapshot, "migration");
		put(details, "migrationVersion", (migration != null) ? migration.get("version") : null);
		put(details, "migrationChangeSet", (migration != null) ? migration.get("changeSet") : null);
		put(details, "rowLevelSecurity", preparation(snapshot, "row-level-security"));
		put(details, "privileges", preparation(snapshot, "privileges"));
		IndexDrift indexes = IndexDrift.find(snapshot);
		put(details, "indexes", (indexes != null) ? indexes.summarize() : null);
		put(details, "validators", ValidatorProblems.summarize(preparation(snapshot, "validators")));
		return details;
	}

	/**
	 * Returns the nodes of a cluster without which some statements fail and others work.
	 */
	private static List<String> findUnreachable(DatabaseSnapshot snapshot) {
		DatabaseCluster cluster = snapshot.server().cluster();
		return (cluster != null) ? cluster.findUnreachable().stream().map(Node::address).toList() : List.of();
	}

	private static void putReplica(Map<String, Object> details, @Nullable DatabaseReplica replica) {
		if (replica != null) {
			details.put("replicaOf", replica.of());
			put(details, "replicationLag", replica.lag());
			put(details, "replicationProblem", replica.problem());
		}
	}

	/**
	 * Without the words of tools.
	 */
	private static void putBackup(Map<String, Object> details, @Nullable BackupStatus backup) {
		if (backup != null) {
			Map<String, Object> values = new LinkedHashMap<>();
			put(values, "state", backup.state());
			put(values, "last", backup.last());
			put(values, "findings", backup.findings().isEmpty() ? null
					: backup.findings().stream().map(BackupFinding::message).toList());
			details.put("backup", values);
		}
	}

	private static @Nullable Map<String, Object> preparation(DatabaseSnapshot snapshot, String name) {
		PreparationReport report = snapshot.preparation(name);
		return (report != null) ? report.details() : null;
	}

	private static void put(Map<String, Object> details, String key, @Nullable Object value) {
		if (value != null) {
			details.put(key, value);
		}
	}

}
