package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;

import io.appdbs.DatabaseCredentialsException;
import io.appdbs.credentials.CredentialsInUse;
import io.appdbs.credentials.CredentialsTerm;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What came of looking for newer credentials of a database. Changed by one thread at a
 * time.
 */
final class CredentialsOutcome {

	private static final Log logger = LogFactory.getLog(CredentialsOutcome.class);

	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

	private final String database;

	private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

	private volatile @Nullable String failure;

	private volatile @Nullable DatabaseCredentialsException unanswered;

	private volatile Instant nextRequest = Instant.MIN;

	private boolean ended;

	CredentialsOutcome(String database) {
		this.database = database;
	}

	/**
	 * The provider has supplied what is in use now.
	 */
	void answered(CredentialsInUse inUse) {
		this.failure = null;
		this.unanswered = null;
		this.backoff.reset();
		this.nextRequest = Instant.now().plus(SHORTEST_INTERVAL);
		Instant expiresAt = inUse.getExpiresAt();
		boolean ended = expiresAt != null && CredentialsTerm.isOver(expiresAt, Instant.now());
		if (ended && !this.ended) {
			logger.warn(
					"Database '%s': its credentials provider supplies credentials that have ended at %s; clocks may differ"
						.formatted(this.database, expiresAt));
		}
		this.ended = ended;
	}

	/**
	 * The provider has supplied nothing.
	 */
	void unanswered(@Nullable CredentialsInUse inUse, DatabaseCredentialsException cause) {
		this.unanswered = cause;
		failed(inUse, String.valueOf(cause.getMessage()), cause);
	}

	/**
	 * The credentials in use stay. Logged once until something else happens.
	 */
	void failed(@Nullable CredentialsInUse inUse, String failure, Throwable cause) {
		this.nextRequest = Instant.now().plus(this.backoff.next());
		if (failure.equals(this.failure)) {
			return;
		}
		this.failure = failure;
		String end = (inUse != null && inUse.term() != null) ? ", which end at " + inUse.term().end() : "";
		logger.warn("Database '%s' keeps its credentials%s: %s".formatted(this.database, end, failure));
		logger.debug("Why the credentials could not be replaced", cause);
	}

	/**
	 * Return why newer ones could not be got or used.
	 */
	@Nullable String getFailure() {
		return this.failure;
	}

	/**
	 * Return why the provider has supplied nothing when it was asked last.
	 */
	@Nullable DatabaseCredentialsException getUnanswered() {
		return this.unanswered;
	}

	/**
	 * Return whether the provider may be asked because the credentials in use end.
	 */
	boolean isRequestDue() {
		return CredentialsTerm.isOver(this.nextRequest, Instant.now());
	}

	/**
	 * Return how long credentials need not be looked at, at most a given time.
	 */
	Duration getDelay(CredentialsTerm term, Duration longest) {
		Instant next = term.renewAt().isAfter(this.nextRequest) ? term.renewAt() : this.nextRequest;
		Duration left = Duration.between(Instant.now(), next);
		if (left.compareTo(SHORTEST_INTERVAL) < 0) {
			return SHORTEST_INTERVAL;
		}
		return (left.compareTo(longest) < 0) ? left : longest;
	}

}
