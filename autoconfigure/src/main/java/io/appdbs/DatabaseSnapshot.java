package io.appdbs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.appdbs.backup.BackupStatus;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot of a database, without user information and secrets. Taking it never accesses
 * the database.
 *
 * @param name the name as written below {@code app.dbs}
 * @param required whether the application needs the database
 * @param server where the database is
 * @param state the state
 * @param since time of the last change of state
 * @param outage why the database cannot be used or {@code null} if it can
 * @param failedAtStart whether the database was down when the application started
 * @param responseTime duration of the last successful probe, or {@code null} if none has
 * been answered yet
 * @param startTime time that it took to open the database, or {@code null} if it has
 * never been open
 * @param pool the use of the pool or {@code null} if there is none that can be counted
 * @param credentials which credentials are in use or {@code null} if they cannot change
 * @param ssl which certificates are in use or {@code null} without an SSL bundle
 * @param preparations the preparations before the database came up, in order
 * @param suspended whether the database is suspended
 * @param replica its state as a replica, or {@code null} if it is not a replica
 * @param backup what is known about its backups, or {@code null} if nothing is observed
 */
public record DatabaseSnapshot(String name, boolean required, DatabaseServer server, DatabaseState state, Instant since,
		@Nullable DatabaseOutage outage, boolean failedAtStart, @Nullable Duration responseTime,
		@Nullable Duration startTime, @Nullable PoolUsage pool, @Nullable CredentialsUsage credentials,
		@Nullable SslUsage ssl, List<PreparationReport> preparations, boolean suspended,
		@Nullable DatabaseReplica replica, @Nullable BackupStatus backup) {

	public DatabaseSnapshot {
		preparations = List.copyOf(preparations);
	}

	/**
	 * Returns the report of a preparation.
	 * @param name the name, such as {@code migration}
	 * @return the report, or {@code null} if there was no such preparation
	 */
	public @Nullable PreparationReport preparation(String name) {
		return this.preparations.stream().filter((report) -> report.name().equals(name)).findFirst().orElse(null);
	}

}
