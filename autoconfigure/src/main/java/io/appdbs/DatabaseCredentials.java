package io.appdbs;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What to log in to a database with.
 *
 * @param username the username or {@code null} for the one that is configured
 * @param password the password, or the token
 * @param expiresAt when they end or {@code null} if that is not known
 * @param connectingOnly whether they matter for connecting only, so that open connections
 * outlast them
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
	 * Create credentials without a known end. When the provider returns others, the
	 * connections with these are replaced.
	 * @param username the username or {@code null} for the one that is configured
	 * @param password the password
	 */
	public DatabaseCredentials(@Nullable String username, String password) {
		this(username, password, null, false);
	}

	/**
	 * Create credentials with a token that the server checks when a connection is opened,
	 * and not later. Connections that are open stay when the token ends or is followed by
	 * another one.
	 * @param username the username
	 * @param token the token
	 * @param expiresAt when the token ends
	 * @return the credentials
	 */
	public static DatabaseCredentials forConnecting(String username, String token, Instant expiresAt) {
		return new DatabaseCredentials(username, token, expiresAt, true);
	}

	/**
	 * Create credentials that the server ends, with everything that is connected with
	 * them. The connections are replaced before that.
	 * @param username the username or {@code null} for the one that is configured
	 * @param password the password
	 * @param expiresAt when the credentials end
	 * @return the credentials
	 */
	public static DatabaseCredentials until(@Nullable String username, String password, Instant expiresAt) {
		return new DatabaseCredentials(username, password, Objects.requireNonNull(expiresAt), false);
	}

	/**
	 * Return a text without username and password.
	 */
	@Override
	public String toString() {
		return "DatabaseCredentials[]";
	}

}
