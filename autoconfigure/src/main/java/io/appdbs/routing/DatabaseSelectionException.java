package io.appdbs.routing;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a route is used and no database is selected, the selected one is not one of
 * the route's, or another one has been selected within a transaction. Nothing has been
 * executed, and no retry helps.
 */
public class DatabaseSelectionException extends RuntimeException {

	private final String route;

	private final @Nullable String database;

	/**
	 * Creates a new {@link DatabaseSelectionException}.
	 * @param route the name of the route
	 * @param database the selected database or {@code null} if there is none
	 * @param message what is wrong, and how to fix it
	 * @param cause the cause or {@code null} if there is none
	 */
	public DatabaseSelectionException(String route, @Nullable String database, String message,
			@Nullable Throwable cause) {
		super("Route '%s': %s".formatted(route, message), cause);
		this.route = route;
		this.database = database;
	}

	/**
	 * Returns the name of the route.
	 * @return the name
	 */
	public String getRoute() {
		return this.route;
	}

	/**
	 * Returns the selected database.
	 * @return the name of the database or {@code null} if none was selected
	 */
	public @Nullable String getDatabase() {
		return this.database;
	}

}
