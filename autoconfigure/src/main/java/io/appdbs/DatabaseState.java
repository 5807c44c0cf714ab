package io.appdbs;

/**
 * The states of a {@link Database}: {@code STARTING -> UP <-> DOWN -> CLOSED}.
 */
public enum DatabaseState {

	/**
	 * Being connected to for the first time.
	 */
	STARTING,

	/**
	 * Usable.
	 */
	UP,

	/**
	 * Not usable; {@link Database#getLastFailure()} says why.
	 */
	DOWN,

	/**
	 * Closed together with the application.
	 */
	CLOSED

}
