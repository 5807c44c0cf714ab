package io.appdbs.lifecycle;

import java.time.Duration;

import io.appdbs.DatabaseOutage;
import org.jspecify.annotations.Nullable;

/**
 * What a connector asks before it lets a caller near the database.
 */
@FunctionalInterface
public interface DatabaseGate {

	/**
	 * Return why the database cannot be used. Waits while the database is starting, and
	 * otherwise answers at once.
	 * @param timeout how long to wait for a database that is starting
	 * @return the outage or {@code null} if the database is up
	 */
	@Nullable DatabaseOutage check(Duration timeout);

}
