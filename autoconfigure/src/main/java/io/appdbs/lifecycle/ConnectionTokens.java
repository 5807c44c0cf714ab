package io.appdbs.lifecycle;

import io.appdbs.DatabaseCredentialsException;
import io.appdbs.credentials.CredentialsInUse;
import io.appdbs.engine.ConnectionDetailsSupplier;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Supplies where a database is with the credentials in use, and the token for each
 * connection where these are one.
 *
 * @param rotation the credentials
 * @param outcome what came of looking for newer ones
 */
record ConnectionTokens(CredentialsRotation rotation, CredentialsOutcome outcome) implements ConnectionDetailsSupplier {

	@Override
	public DatabaseConnectionDetails get() {
		CredentialsInUse inUse = this.rotation.getInUse();
		return (inUse != null) ? inUse.target() : this.rotation.getConfigured();
	}

	/**
	 * Waits for another token only if the one in use ends soon. That is used until its
	 * end if there is no other, and longer if the provider supplies no newer one.
	 */
	@Override
	public DatabaseConnectionDetails withCurrentLogin(DatabaseConnectionDetails target) {
		CredentialsInUse candidate = this.rotation.getCandidate();
		if (candidate != null && candidate.isTokenFor(target)) {
			return candidate.logInTo(target);
		}
		if (find(target) != null) {
			this.rotation.refreshIf((each) -> each.isEnding() && this.outcome.isRequestDue());
		}
		CredentialsInUse token = find(target);
		if (token == null) {
			return target;
		}
		DatabaseCredentialsException unanswered = this.outcome.getUnanswered();
		if (unanswered != null && token.isOver()) {
			throw unanswered;
		}
		return token.logInTo(target);
	}

	/**
	 * Another thread may have renewed the token already.
	 */
	@Override
	public @Nullable DatabaseConnectionDetails withNewLogin(DatabaseConnectionDetails target,
			@Nullable String refused) {
		if (find(target) == null) {
			return null;
		}
		this.rotation.refreshIf((each) -> each.hasPassword(refused));
		CredentialsInUse token = find(target);
		return (token != null && !token.hasPassword(refused)) ? token.logInTo(target) : null;
	}

	private @Nullable CredentialsInUse find(DatabaseConnectionDetails target) {
		CredentialsInUse inUse = this.rotation.getInUse();
		return (inUse != null && inUse.isTokenFor(target)) ? inUse : null;
	}

}
