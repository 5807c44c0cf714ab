package io.appdbs.engine;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Supplies the connection details of a database, and the login of each connection if that
 * changes from one connection to the next.
 */
@FunctionalInterface
public interface ConnectionDetailsSupplier extends Supplier<DatabaseConnectionDetails> {

	/**
	 * Returns the connection details with the login that is valid now. May wait for it.
	 * @param details where to connect to
	 * @return the same details unless the login is a token for each connection
	 * @throws io.appdbs.DatabaseCredentialsException if there is no valid token
	 */
	default DatabaseConnectionDetails withCurrentLogin(DatabaseConnectionDetails details) {
		return details;
	}

	/**
	 * Returns the connection details with a newer token, because the server has refused
	 * one.
	 * @param details where to connect to
	 * @param rejected the token that the server has refused
	 * @return the details with another token, or {@code null} if there is none
	 */
	default @Nullable DatabaseConnectionDetails withNewLogin(DatabaseConnectionDetails details,
			@Nullable String rejected) {
		return null;
	}

}
