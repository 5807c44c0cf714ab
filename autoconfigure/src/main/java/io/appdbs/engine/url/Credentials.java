package io.appdbs.engine.url;

import org.jspecify.annotations.Nullable;

/**
 * User and password of a URL, which can have them in several places.
 */
public final class Credentials {

	private @Nullable String username;

	private @Nullable String password;

	/**
	 * Returns whether a parameter is a credential.
	 * @param name the name of the parameter
	 * @return whether it is the user or the password
	 */
	public static boolean isCredential(String name) {
		return "user".equalsIgnoreCase(name) || "password".equalsIgnoreCase(name);
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public @Nullable String getPassword() {
		return this.password;
	}

	/**
	 * Adds the credentials of one place of the URL.
	 * @param username the user, or {@code null} if the place has none
	 * @param password the password, or {@code null} if the place has none
	 * @throws InvalidUrlException if another place has different ones
	 */
	public void add(@Nullable String username, @Nullable String password) {
		this.username = merge(this.username, username, "users");
		this.password = merge(this.password, password, "passwords");
	}

	/**
	 * Adds a parameter if it is a credential.
	 * @param name the name of the parameter
	 * @param value the value of the parameter
	 * @return whether it was a credential
	 */
	public boolean addParameter(String name, String value) {
		if ("user".equalsIgnoreCase(name)) {
			add(value, null);
			return true;
		}
		if ("password".equalsIgnoreCase(name)) {
			add(null, value);
			return true;
		}
		return false;
	}

	private static @Nullable String merge(@Nullable String former, @Nullable String added, String what) {
		if (former != null && added != null && !former.equals(added)) {
			throw new InvalidUrlException("has two different " + what,
					"Write user and password once, preferably as the keys 'username' and 'password'.");
		}
		return (added != null) ? added : former;
	}

}
