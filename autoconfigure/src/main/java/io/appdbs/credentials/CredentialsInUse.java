package io.appdbs.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentials;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Credentials in use.
 *
 * @param credentials the credentials or {@code null} for those that are configured
 * @param target where to connect to with them; has no token, which is added for each
 * connection
 * @param since since when
 * @param rotations how many there were before
 * @param term for how long they are used or {@code null} if that is not known
 */
public record CredentialsInUse(@Nullable DatabaseCredentials credentials, DatabaseConnectionDetails target,
		Instant since, long rotations, @Nullable CredentialsTerm term) {

	/**
	 * Begin to use credentials.
	 * @param credentials the credentials or {@code null} for those that are configured
	 * @param configured where to connect to with those that are configured
	 * @param rotations how many there were before
	 */
	public static CredentialsInUse begin(@Nullable DatabaseCredentials credentials,
			DatabaseConnectionDetails configured, long rotations) {
		Instant now = Instant.now();
		Instant expiresAt = (credentials != null) ? credentials.expiresAt() : null;
		return new CredentialsInUse(credentials, apply(credentials, configured), now, rotations,
				(expiresAt != null) ? CredentialsTerm.of(expiresAt, now) : null);
	}

	private static DatabaseConnectionDetails apply(@Nullable DatabaseCredentials credentials,
			DatabaseConnectionDetails configured) {
		if (credentials == null) {
			return configured;
		}
		return configured.withCredentials(
				(credentials.username() != null) ? credentials.username() : configured.username(),
				credentials.connectingOnly() ? null : credentials.password());
	}

	/**
	 * Return whether connections need not be replaced because of other credentials: these
	 * are the same, or another token of the same user.
	 */
	public boolean isContinuedBy(@Nullable DatabaseCredentials other) {
		if (this.credentials == null || other == null) {
			return this.credentials == other;
		}
		return Objects.equals(this.credentials.username(), other.username())
				&& this.credentials.connectingOnly() == other.connectingOnly()
				&& (other.connectingOnly() || this.credentials.password().equals(other.password()));
	}

	/**
	 * Return the same credentials with what they are continued by.
	 */
	public CredentialsInUse continuedBy(@Nullable DatabaseCredentials other) {
		Instant now = Instant.now();
		Instant expiresAt = (other != null) ? other.expiresAt() : null;
		CredentialsTerm term = null;
		if (expiresAt != null) {
			term = (this.term != null && Objects.equals(other, this.credentials)) ? this.term.again(now)
					: CredentialsTerm.of(expiresAt, now);
		}
		return new CredentialsInUse(other, this.target, this.since, this.rotations, term);
	}

	public boolean isToken() {
		return this.credentials != null && this.credentials.connectingOnly();
	}

	/**
	 * Return whether a target is to be logged in to with this token.
	 */
	public boolean isTokenFor(DatabaseConnectionDetails target) {
		return isToken() && target.password() == null && Objects.equals(this.target.username(), target.username());
	}

	public DatabaseConnectionDetails logInTo(DatabaseConnectionDetails target) {
		return target.withCredentials(target.username(),
				(this.credentials != null) ? this.credentials.password() : null);
	}

	public boolean hasPassword(@Nullable String password) {
		return this.credentials != null && this.credentials.password().equals(password);
	}

	public @Nullable Instant getExpiresAt() {
		return (this.credentials != null) ? this.credentials.expiresAt() : null;
	}

	/**
	 * Return whether to ask for newer ones. Those without an end may be replaced at any
	 * time.
	 */
	public boolean isDue() {
		return this.term == null || CredentialsTerm.isOver(this.term.renewAt(), Instant.now());
	}

	public boolean isEnding() {
		return this.term != null && CredentialsTerm.isOver(this.term.endingAt(), Instant.now());
	}

	public boolean isOver() {
		return this.term != null && CredentialsTerm.isOver(this.term.end(), Instant.now());
	}

	/**
	 * Return how long connections may be used after newer credentials have been taken
	 * over, at most a given time. Those of a token do not end with it.
	 */
	public Duration limitRetirement(Duration longest) {
		if (this.term == null || isToken()) {
			return longest;
		}
		Duration left = Duration.between(Instant.now(), this.term.endingAt());
		return (left.compareTo(longest) < 0) ? left : longest;
	}

	public CredentialsUsage toUsage(@Nullable String failure) {
		return new CredentialsUsage(this.since, this.rotations, getExpiresAt(), failure);
	}

	/**
	 * Return a text without secrets.
	 */
	@Override
	public String toString() {
		return "CredentialsInUse[since=" + this.since + "]";
	}

}
