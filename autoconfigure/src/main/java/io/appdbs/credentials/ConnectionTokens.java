package io.appdbs.credentials;

import io.appdbs.DatabaseCredentialsException;
import io.appdbs.engine.ConnectionDetailsSupplier;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * {@link ConnectionDetailsSupplier} with the credentials in use. If they are a token,
 * each connection gets the current one.
 *
 * @param rotation the credentials
 * @param outcome the outcome of looking for newer ones
 */
record ConnectionTokens(CredentialsRotation rotation, CredentialsOutcome outcome) implements ConnectionDetailsSupplier {

	@Override
	public DatabaseConnectionDetails get() {
		CredentialsInUse inUse = this.rotation.getInUse();
		return (inUse != null) ? inUse.details() : this.rotation.getConfigured();
	}

	/**
	 * Adds the token. Waits for a newer one only if the current one is about to expire.
	 * Without a newer one, the current one is used until it expires, and longer if the
	 * provider returns no other.
	 */
	@Override
	public DatabaseConnectionDetails withCurrentLogin(DatabaseConnectionDetails details) {
		CredentialsInUse candidate = this.rotation.getCandidate();
		if (candidate != null && candidate.isTokenFor(details)) {
			return candidate.logInTo(details);
		}
		if (find(details) != null) {
			this.rotation.refreshIf((each) -> each.isEnding() && this.outcome.isRequestDue());
		}
		CredentialsInUse token = find(details);
		if (token == null) {
			return details;
		}
		DatabaseCredentialsException unanswered = this.outcome.getUnanswered();
		if (unanswered != null && token.isOver()) {
			throw unanswered;
		}
		return token.logInTo(details);
	}

	/**
	 * Renews the token, unless another thread has already renewed it.
	 */
	@Override
	public @Nullable DatabaseConnectionDetails withNewLogin(DatabaseConnectionDetails details,
			@Nullable String refused) {
		if (find(details) == null) {
			return null;
		}
		this.rotation.refreshIf((each) -> each.hasPassword(refused));
		CredentialsInUse token = find(details);
		return (token != null && !token.hasPassword(refused)) ? token.logInTo(details) : null;
	}

	private @Nullable CredentialsInUse find(DatabaseConnectionDetails details) {
		CredentialsInUse inUse = this.rotation.getInUse();
		return (inUse != null && inUse.isTokenFor(details)) ? inUse : null;
	}

}
