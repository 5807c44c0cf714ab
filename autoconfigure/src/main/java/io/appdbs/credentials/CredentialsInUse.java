package io.appdbs.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentials;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * The credentials in use.
 *
 * @param credentials the credentials or {@code null} for those that are configured
 * @param details where to connect to with them, without a token, which is added for each
 * connection
 * @param since when their use began
 * @param rotations how often they have been replaced
 * @param term how long they are used or {@code null} if they do not expire
 */
record CredentialsInUse(@Nullable DatabaseCredentials credentials, DatabaseConnectionDetails details, Instant since,
		long rotations, @Nullable CredentialsTerm term) {

	/**
	 * Creates the record of credentials whose use begins now.
	 * @param credentials the credentials or {@code null} for those that are configured
	 * @param configured the connection details with those that are configured
	 * @param rotations how often they have been replaced
	 */
	static CredentialsInUse begin(@Nullable DatabaseCredentials credentials, DatabaseConnectionDetails configured,
			long rotations) {
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
	 * Returns whether existing connections stay valid with other credentials: they are
	 * the same, or another token of the same user.
	 */
	boolean isContinuedBy(@Nullable DatabaseCredentials other) {
		if (this.credentials == null || other == null) {
			return this.credentials == other;
		}
		return Objects.equals(this.credentials.username(), other.username())
				&& this.credentials.connectingOnly() == other.connectingOnly()
				&& (other.connectingOnly() || this.credentials.password().equals(other.password()));
	}

	/**
	 * Returns the same credentials with a renewed term or token.
	 */
	CredentialsInUse continuedBy(@Nullable DatabaseCredentials other) {
		Instant now = Instant.now();
		Instant expiresAt = (other != null) ? other.expiresAt() : null;
		CredentialsTerm term = null;
		if (expiresAt != null) {
			term = (this.term != null && Objects.equals(other, this.credentials)) ? this.term.again(now)
					: CredentialsTerm.of(expiresAt, now);
		}
		return new CredentialsInUse(other, this.details, this.since, this.rotations, term);
	}

	boolean isToken() {
		return this.credentials != null && this.credentials.connectingOnly();
	}

	/**
	 * Returns whether this token belongs to connection details.
	 */
	boolean isTokenFor(DatabaseConnectionDetails details) {
		return isToken() && details.password() == null && Objects.equals(this.details.username(), details.username());
	}

	DatabaseConnectionDetails logInTo(DatabaseConnectionDetails details) {
		return details.withCredentials(details.username(),
				(this.credentials != null) ? this.credentials.password() : null);
	}

	boolean hasPassword(@Nullable String password) {
		return this.credentials != null && this.credentials.password().equals(password);
	}

	@Nullable Instant getExpiresAt() {
		return (this.credentials != null) ? this.credentials.expiresAt() : null;
	}

	/**
	 * Returns whether to ask for newer ones. Those that do not expire may be replaced at
	 * any time.
	 */
	boolean isDue() {
		return this.term == null || CredentialsTerm.isOver(this.term.renewAt(), Instant.now());
	}

	boolean isEnding() {
		return this.term != null && CredentialsTerm.isOver(this.term.endingAt(), Instant.now());
	}

	boolean isOver() {
		return this.term != null && CredentialsTerm.isOver(this.term.end(), Instant.now());
	}

	/**
	 * Returns how long connections may be used after newer credentials have replaced
	 * these. Connections outlive a token.
	 * @param longest the longest time to return
	 */
	Duration limitRetirement(Duration longest) {
		if (this.term == null || isToken()) {
			return longest;
		}
		Duration left = Duration.between(Instant.now(), this.term.endingAt());
		return (left.compareTo(longest) < 0) ? left : longest;
	}

	CredentialsUsage toUsage(long failures, @Nullable String failure) {
		return new CredentialsUsage(this.since, this.rotations, failures, getExpiresAt(), failure);
	}

	/**
	 * Returns a text without secrets.
	 */
	@Override
	public String toString() {
		return "CredentialsInUse[since=" + this.since + "]";
	}

}
