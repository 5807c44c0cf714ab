package io.appdbs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * All that is known of a database at one moment, without user information and secrets.
 * Taking it never talks to the database.
 *
 * @param name the name as written below {@code app.dbs}
 * @param required whether the application needs the database
 * @param server where the database is
 * @param state the state
 * @param since since when the state has held
 * @param outage why the database cannot be used or {@code null} if it can
 * @param failedAtStart whether the database was down when the application started
 * @param responseTime how long the last answered probe took or {@code null} if none has
 * been answered yet
 * @param startTime how long it took to open the database or {@code null} if it has never
 * been open
 * @param pool the use of the pool or {@code null} if there is none that can be counted
 * @param credentials which credentials are in use or {@code null} if they cannot change
 * @param preparations what was done before the database came up, in order
 * @param suspended whether callers are kept away from the database
 * @param replica what is known of it as a replica or {@code null} if it is none
 */
public record DatabaseSnapshot(String name, boolean required, DatabaseServer server, DatabaseState state, Instant since,
		@Nullable DatabaseOutage outage, boolean failedAtStart, @Nullable Duration responseTime,
		@Nullable Duration startTime, @Nullable PoolUsage pool, @Nullable CredentialsUsage credentials,
		List<PreparationReport> preparations, boolean suspended, @Nullable DatabaseReplica replica) {

	public DatabaseSnapshot {
		preparations = List.copyOf(preparations);
	}

	/**
	 * Return what was done before the database came up, under a name.
	 * @param name the name, such as {@code migration}
	 * @return the report or {@code null} if there was nothing of that name to do
	 */
	public @Nullable PreparationReport preparation(String name) {
		return this.preparations.stream().filter((report) -> report.name().equals(name)).findFirst().orElse(null);
	}

}
