package io.appdbs.engine.url;

import org.jspecify.annotations.Nullable;

/**
 * User and password as they are found in the places of a URL that can hold them.
 */
public final class Credentials {

	private @Nullable String username;

	private @Nullable String password;

	/**
	 * Return whether a parameter is a credential.
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
	 * Add what one place of the URL says.
	 * @param username the user or {@code null} if the place says none
	 * @param password the password or {@code null} if the place says none
	 * @throws InvalidUrlException if another place said something else
	 */
	public void add(@Nullable String username, @Nullable String password) {
		this.username = merge(this.username, username, "users");
		this.password = merge(this.password, password, "passwords");
	}

	/**
	 * Add a parameter if it is a credential.
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
					"Write user and password once, best as 'username' and 'password' beside the URL.");
		}
		return (added != null) ? added : former;
	}

}
