package io.appdbs.engine;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Supplies where a database is, and what to log in to it with where that changes from one
 * connection to the next.
 */
@FunctionalInterface
public interface ConnectionDetailsSupplier extends Supplier<DatabaseConnectionDetails> {

	/**
	 * Return a target with what to log in to it with now. May wait for that.
	 * @param target where to connect to
	 * @return the target itself unless its login is a token for connecting
	 * @throws io.appdbs.DatabaseCredentialsException if there is no valid token
	 */
	default DatabaseConnectionDetails logInTo(DatabaseConnectionDetails target) {
		return target;
	}

	/**
	 * Return a target with a newer token, because the server has refused one.
	 * @param target where to connect to
	 * @param refused the token
	 * @return the target with another token or {@code null} if there is none
	 */
	default @Nullable DatabaseConnectionDetails renew(DatabaseConnectionDetails target, @Nullable String refused) {
		return null;
	}

}
