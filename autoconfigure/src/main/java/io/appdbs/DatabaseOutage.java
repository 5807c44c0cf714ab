package io.appdbs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Why a database cannot be used right now.
 *
 * @param database the name of the database
 * @param reason the reason in plain words, without user information
 * @param since since when the database has been down, starting, closed or suspended
 * @param nextAttempt when the database is tried next or {@code null} if it is not
 */
public record DatabaseOutage(String database, String reason, Instant since, @Nullable Instant nextAttempt) {

	/**
	 * Return the outage as a sentence.
	 */
	@Override
	public String toString() {
		return "Database '%s' is down since %s: %s.%s".formatted(this.database, this.since, this.reason,
				(this.nextAttempt != null) ? " Next attempt at %s.".formatted(this.nextAttempt) : "");
	}

}
