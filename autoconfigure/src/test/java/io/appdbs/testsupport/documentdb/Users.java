package io.appdbs.testsupport.documentdb;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The users and their passwords. Without users, nobody has to log in.
 */
final class Users {

	private final Map<String, String> passwords = new ConcurrentHashMap<>();

	void set(String user, String password) {
		this.passwords.put(user, password);
	}

	void remove(String user) {
		this.passwords.remove(user);
	}

	boolean isEmpty() {
		return this.passwords.isEmpty();
	}

	/**
	 * Returns whether a connection of a user can execute commands.
	 * @param user the user or {@code null} if the client has not logged in
	 */
	boolean isAllowed(String user) {
		return isEmpty() || (user != null && this.passwords.containsKey(user));
	}

	/**
	 * Returns the password of a user.
	 * @throws CommandException if there is no such user
	 */
	String getPassword(String user) throws CommandException {
		String password = this.passwords.get(user);
		if (password == null) {
			throw authenticationFailed();
		}
		return password;
	}

	static CommandException authenticationFailed() {
		return new CommandException(ErrorCodes.AUTHENTICATION_FAILED, "Authentication failed.");
	}

}
