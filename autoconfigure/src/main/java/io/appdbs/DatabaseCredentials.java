package io.appdbs;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What to log in to a database with.
 *
 * @param username the username or {@code null} for the one that is configured
 * @param password the password
 */
public record DatabaseCredentials(@Nullable String username, String password) {

	public DatabaseCredentials {
		Objects.requireNonNull(password, "password must not be null");
	}

	/**
	 * Return a text without username and password.
	 */
	@Override
	public String toString() {
		return "DatabaseCredentials[]";
	}

}
