package io.appdbs.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * For how long credentials that have an end are used.
 *
 * @param renewAt when to ask for newer ones; differs from one application to the next, as
 * they would otherwise all ask at once
 * @param endingAt from when on newer ones are worth waiting for: a login takes time, and
 * clocks differ
 * @param end until when they are used if there are no newer ones
 */
public record CredentialsTerm(Instant renewAt, Instant endingAt, Instant end) {

	private static final Duration LONGEST_MARGIN = Duration.ofSeconds(60);

	/** The clock of who issued them may be behind. */
	private static final Duration SHORTEST = Duration.ofSeconds(10);

	/**
	 * Return the term of credentials that have just been received.
	 */
	static CredentialsTerm of(Instant expiresAt, Instant now) {
		Instant end = isOver(expiresAt, now) ? now.plus(SHORTEST) : expiresAt;
		long life = Duration.between(now, end).toMillis();
		long margin = Math.min(LONGEST_MARGIN.toMillis(), life / 4);
		return new CredentialsTerm(renewalWithin(now, life), end.minusMillis(margin), end);
	}

	/**
	 * Return the term of credentials that have been received once more.
	 */
	CredentialsTerm again(Instant now) {
		return new CredentialsTerm(renewalWithin(now, Math.max(0, Duration.between(now, this.end).toMillis())),
				this.endingAt, this.end);
	}

	private static Instant renewalWithin(Instant now, long life) {
		return now.plusMillis(life / 2 + ThreadLocalRandom.current().nextLong(life / 5 + 1));
	}

	/**
	 * Return whether credentials have ended before they were received.
	 */
	public static boolean isOver(Instant expiresAt, Instant now) {
		return !now.isBefore(expiresAt);
	}

}
