package io.appdbs.credentials;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the credentials of one database: {@linkplain FixedCredentials those in its
 * settings} or {@linkplain RotatingCredentials those of a provider}. The defaults are for
 * credentials that do not change.
 */
public interface CredentialsStrategy {

	/**
	 * Returns the database, whose connection details have the credentials in use.
	 * @return the definition to connect with
	 */
	DatabaseDefinition getDefinition();

	/**
	 * Returns whether the credentials can change while the application runs.
	 * @return whether a connector must be able to replace its connections
	 */
	default boolean isRotating() {
		return false;
	}

	/**
	 * Loads the newest credentials without trying them. Called before each attempt to
	 * open the database.
	 * @throws DatabaseCredentialsException if there are none
	 * @throws InterruptedException if the current thread is interrupted
	 */
	default void load() throws InterruptedException {
	}

	/**
	 * Loads newer credentials if a connection attempt failed because of those in use:
	 * they may have been replaced a moment ago.
	 * @param failure the exception of the driver
	 * @return whether another attempt uses other credentials
	 * @throws DatabaseCredentialsException if there are none
	 * @throws InterruptedException if the current thread is interrupted
	 */
	default boolean reload(Throwable failure) throws InterruptedException {
		return false;
	}

	/**
	 * Replaces the credentials from now on, as the database has been opened.
	 * @param replacement connects with newer credentials
	 */
	default void begin(Replacement replacement) {
	}

	/**
	 * Looks for newer credentials soon if the server refused those in use. Does not wait.
	 * @param failure the exception of a probe
	 */
	default void probeFailed(Throwable failure) {
	}

	/**
	 * Looks for newer credentials and waits for the outcome, as the server refused those
	 * in use. A token was already renewed when it was refused.
	 */
	default void loginRefused() {
	}

	/**
	 * Looks for newer credentials now, and uses them.
	 * @throws IllegalDatabaseOperationException if the credentials cannot change, or
	 * newer ones could not be loaded or used
	 */
	void rotate();

	/**
	 * Returns which credentials are in use.
	 * @return the usage or {@code null} if they cannot change or have not been loaded
	 */
	default @Nullable CredentialsUsage getUsage() {
		return null;
	}

	/**
	 * Ends the search for newer credentials, as the database is closed.
	 */
	default void close() {
	}

	/**
	 * Connects with newer credentials.
	 */
	@FunctionalInterface
	interface Replacement {

		/**
		 * Connects with newer credentials from now on, if the server accepts them.
		 * @param details where to connect to, with the newer credentials
		 * @return closes the connections with the former ones, without waiting
		 * @throws Exception if the server did not accept them; nothing has changed then
		 */
		Runnable replace(DatabaseConnectionDetails details) throws Exception;

	}

}
