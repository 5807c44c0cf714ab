package io.appdbs;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Credentials for the login to a database.
 *
 * @param username the username or {@code null} for the one that is configured
 * @param password the password, or the token
 * @param expiresAt when they expire, or {@code null} if that is not known
 * @param connectingOnly whether they are checked only when a connection is opened, so
 * that open connections remain valid
 */
public record DatabaseCredentials(@Nullable String username, String password, @Nullable Instant expiresAt,
		boolean connectingOnly) {

	public DatabaseCredentials {
		Objects.requireNonNull(password, "password must not be null");
		if (connectingOnly) {
			Objects.requireNonNull(username, "username must not be null");
			Objects.requireNonNull(expiresAt, "expiresAt must not be null");
		}
	}

	/**
	 * Creates credentials without a known expiry. When the provider returns others, the
	 * connections that use these are replaced.
	 * @param username the username or {@code null} for the one that is configured
	 * @param password the password
	 */
	public DatabaseCredentials(@Nullable String username, String password) {
		this(username, password, null, false);
	}

	/**
	 * Creates credentials with a token that the server checks only when a connection is
	 * opened. Open connections are kept when the token expires or is replaced.
	 * @param username the username
	 * @param token the token
	 * @param expiresAt when the token expires
	 * @return the credentials
	 */
	public static DatabaseCredentials forConnecting(String username, String token, Instant expiresAt) {
		return new DatabaseCredentials(username, token, expiresAt, true);
	}

	/**
	 * Creates credentials whose connections the server closes when they expire. The
	 * connections are replaced before that.
	 * @param username the username or {@code null} for the one that is configured
	 * @param password the password
	 * @param expiresAt when the credentials expire
	 * @return the credentials
	 */
	public static DatabaseCredentials until(@Nullable String username, String password, Instant expiresAt) {
		return new DatabaseCredentials(username, password, Objects.requireNonNull(expiresAt), false);
	}

	/**
	 * Returns text without username and password.
	 */
	@Override
	public String toString() {
		return "DatabaseCredentials[]";
	}

}
