package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Servers that could not be reached. One attempt at a time finds out whether such a
 * server is back. Meanwhile, the attempts of its other databases fail at once: otherwise
 * they would occupy all threads, which databases on other servers need.
 */
final class UnreachableServers {

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final Map<List<String>, Attempts> servers = new HashMap<>();

	/**
	 * Begins an attempt to reach the server of a database.
	 * @return {@code null} to make the attempt, which must be {@linkplain #ended ended},
	 * or why the server cannot be reached
	 */
	synchronized @Nullable StartFailure begin(DatabaseDefinition database) {
		Attempts attempts = this.servers.get(hosts(database));
		if (attempts == null) {
			return null;
		}
		if (attempts.running() || System.nanoTime() - attempts.ended() < PAUSE.toNanos()) {
			return StartFailure.of(database, attempts.failure().cause());
		}
		this.servers.put(hosts(database), new Attempts(attempts.failure(), true, attempts.ended()));
		return null;
	}

	/**
	 * Ends an attempt.
	 * @param failure why the database cannot be used, or {@code null} if it can
	 */
	synchronized void ended(DatabaseDefinition database, @Nullable StartFailure failure) {
		List<String> hosts = hosts(database);
		if (failure == null || failure.isPermanent() || failure.isAnswer() || hosts.isEmpty()) {
			this.servers.remove(hosts);
		}
		else {
			this.servers.put(hosts, new Attempts(failure, false, System.nanoTime()));
		}
	}

	private static List<String> hosts(DatabaseDefinition database) {
		return database.connectionDetails().get().hosts();
	}

	/**
	 * The attempts to reach a server.
	 *
	 * @param failure why the last one failed
	 * @param running whether another one is running
	 * @param ended the {@link System#nanoTime()} of the last one
	 */
	private record Attempts(StartFailure failure, boolean running, long ended) {

	}

}
