package io.appdbs.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

import io.appdbs.DatabaseCredentialsException;
import io.appdbs.engine.JitteredBackOff;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Outcome of the last search for newer credentials of a database. Changed by one thread
 * at a time.
 */
final class CredentialsOutcome {

	private static final Log logger = LogFactory.getLog(CredentialsOutcome.class);

	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

	private static final BackOff BACK_OFF = new JitteredBackOff(Duration.ofSeconds(1), Duration.ofSeconds(60));

	private final String database;

	private BackOffExecution backOff = BACK_OFF.start();

	private final LongAdder failures = new LongAdder();

	private volatile @Nullable String failure;

	private volatile @Nullable DatabaseCredentialsException unanswered;

	private volatile Instant nextRequest = Instant.MIN;

	private boolean expired;

	CredentialsOutcome(String database) {
		this.database = database;
	}

	/**
	 * Notes that the provider returned the credentials that are now in use.
	 */
	void answered(CredentialsInUse inUse) {
		this.failure = null;
		this.unanswered = null;
		this.backOff = BACK_OFF.start();
		this.nextRequest = Instant.now().plus(SHORTEST_INTERVAL);
		Instant expiresAt = inUse.getExpiresAt();
		boolean expired = expiresAt != null && CredentialsTerm.isOver(expiresAt, Instant.now());
		if (expired && !this.expired) {
			logger.warn(
					"The credentials provider of database '%s' returned credentials that expired at %s; the clocks may differ"
						.formatted(this.database, expiresAt));
		}
		this.expired = expired;
	}

	/**
	 * Notes that the provider returned no credentials.
	 */
	void unanswered(@Nullable CredentialsInUse inUse, DatabaseCredentialsException cause) {
		this.unanswered = cause;
		failed(inUse, String.valueOf(cause.getMessage()), cause);
	}

	/**
	 * Notes that the credentials in use were not replaced. Logs each reason once until
	 * another one occurs.
	 */
	void failed(@Nullable CredentialsInUse inUse, String failure, Throwable cause) {
		this.failures.increment();
		this.nextRequest = Instant.now().plusMillis(this.backOff.nextBackOff());
		if (failure.equals(this.failure)) {
			return;
		}
		this.failure = failure;
		String expiry = (inUse != null && inUse.term() != null) ? ", which expire at " + inUse.term().end() : "";
		logger.warn("Database '%s' keeps its credentials%s: %s".formatted(this.database, expiry, failure));
		logger.debug("The credentials were not replaced", cause);
	}

	/**
	 * Returns how often the credentials in use were not replaced because of a failure.
	 */
	long getFailures() {
		return this.failures.sum();
	}

	/**
	 * Returns why newer credentials could not be loaded or used.
	 */
	@Nullable String getFailure() {
		return this.failure;
	}

	/**
	 * Returns why the last request to the provider failed.
	 */
	@Nullable DatabaseCredentialsException getUnanswered() {
		return this.unanswered;
	}

	/**
	 * Returns whether the provider may be asked again because credentials expire.
	 */
	boolean isRequestDue() {
		return CredentialsTerm.isOver(this.nextRequest, Instant.now());
	}

	/**
	 * Returns how long credentials need not be renewed.
	 * @param longest the longest time to return
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
