package io.appdbs.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long credentials that expire are used.
 *
 * @param renewAt when to ask for newer ones; random, so that applications do not all ask
 * at once
 * @param endingAt when they are about to expire, so that waiting for newer ones is worth
 * it: a login takes time, and clocks differ
 * @param end when to stop using them if there are no newer ones
 */
record CredentialsTerm(Instant renewAt, Instant endingAt, Instant end) {

	private static final Duration LONGEST_MARGIN = Duration.ofSeconds(60);

	/** The clock of the issuer may be behind. */
	private static final Duration SHORTEST = Duration.ofSeconds(10);

	/**
	 * Returns the term of credentials that have just been received.
	 */
	static CredentialsTerm of(Instant expiresAt, Instant now) {
		Instant end = isOver(expiresAt, now) ? now.plus(SHORTEST) : expiresAt;
		long life = Duration.between(now, end).toMillis();
		long margin = Math.min(LONGEST_MARGIN.toMillis(), life / 4);
		return new CredentialsTerm(renewalWithin(now, life), end.minusMillis(margin), end);
	}

	/**
	 * Returns the term of the same credentials when they are received again.
	 */
	CredentialsTerm again(Instant now) {
		return new CredentialsTerm(renewalWithin(now, Math.max(0, Duration.between(now, this.end).toMillis())),
				this.endingAt, this.end);
	}

	private static Instant renewalWithin(Instant now, long life) {
		return now.plusMillis(life / 2 + ThreadLocalRandom.current().nextLong(life / 5 + 1));
	}

	/**
	 * Returns whether a point in time has been reached.
	 */
	static boolean isOver(Instant expiresAt, Instant now) {
		return !now.isBefore(expiresAt);
	}

}
