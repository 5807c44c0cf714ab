package io.appdbs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Why a database cannot be used right now.
 *
 * @param database the name of the database
 * @param reason the reason, without user information
 * @param since since when the database has been down, starting, closed or suspended
 * @param nextAttempt when the next attempt is made, or {@code null} if none is
 */
public record DatabaseOutage(String database, String reason, Instant since, @Nullable Instant nextAttempt) {

	/**
	 * Returns the outage as a sentence.
	 */
	@Override
	public String toString() {
		return "Database '%s' is down since %s: %s.%s".formatted(this.database, this.since, this.reason,
				(this.nextAttempt != null) ? " Next attempt at %s.".formatted(this.nextAttempt) : "");
	}

}
