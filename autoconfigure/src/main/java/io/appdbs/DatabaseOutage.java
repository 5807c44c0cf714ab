package io.appdbs;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

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

	private static final String REMOVED = "it was removed";

	private static final String SUSPENDED = "it is suspended until the operation 'resume'";

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss")
		.withZone(ZoneId.systemDefault());

	/**
	 * Returns the outage of a database that has been removed, which does not end.
	 * @param database the name of the database
	 * @param since when it was removed
	 * @return the outage
	 */
	public static DatabaseOutage removed(String database, Instant since) {
		return new DatabaseOutage(database, REMOVED, since, null);
	}

	/**
	 * Returns the outage of a database that an operator has suspended.
	 * @param database the name of the database
	 * @param since when it was suspended
	 * @return the outage
	 */
	public static DatabaseOutage suspended(String database, Instant since) {
		return new DatabaseOutage(database, SUSPENDED, since, null);
	}

	/**
	 * Returns the outage as a sentence.
	 */
	@Override
	public String toString() {
		if (this.reason.equals(REMOVED)) {
			return "Database '%s' was removed at %s. It serves nothing any more.".formatted(this.database,
					TIME.format(this.since));
		}
		if (this.reason.equals(SUSPENDED)) {
			return "Database '%s' has been suspended since %s. It can be used again after the operation 'resume'."
				.formatted(this.database, this.since);
		}
		// the message of a driver may end with a full stop
		return "Database '%s' is down since %s: %s.%s".formatted(this.database, this.since,
				this.reason.replaceFirst("\\.$", ""),
				(this.nextAttempt != null) ? " Next attempt at %s.".formatted(this.nextAttempt) : "");
	}

}
