package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Supplies the credentials of databases whose credentials change. A bean with the name of
 * a database as qualifier is for that one; a bean without qualifier is for every database
 * that has no other.
 */
@FunctionalInterface
public interface DatabaseCredentialsProvider {

	/**
	 * Returns the credentials to use now. Called at each
	 * {@code credentials.refresh-interval} or, if they expire, before they do, and when
	 * the server has refused the credentials in use. Called by one thread at a time for
	 * the database, and one more for each of its replicas without a separate password. A
	 * thread is interrupted after {@code credentials.timeout}.
	 * @param database the name of the database, also for a replica
	 * @return the credentials or {@code null} for those that are configured
	 * @throws DatabaseCredentialsException if there are none and an early retry would
	 * fail, too; its message is shown to operators
	 * @throws Exception if it failed otherwise; only the type of that exception is shown
	 */
	@Nullable DatabaseCredentials getCredentials(String database) throws Exception;

	/**
	 * Returns the credentials to use now for a server, if they are valid for one server
	 * only, as a signed token is. Called instead of {@link #getCredentials(String)} for a
	 * database that has a host.
	 * @param database the name of the database, also for a replica
	 * @param host the host as written in the URL, the first one of several
	 * @param port the port
	 * @return the credentials or {@code null} for those that are configured; those of
	 * {@link #getCredentials(String)} unless overridden
	 * @throws DatabaseCredentialsException as in {@link #getCredentials(String)}
	 * @throws Exception as in {@link #getCredentials(String)}
	 */
	default @Nullable DatabaseCredentials getCredentials(String database, String host, int port) throws Exception {
		return getCredentials(database);
	}

}
