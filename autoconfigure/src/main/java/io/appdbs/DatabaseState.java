package io.appdbs;

/**
 * The states of a {@link Database}: {@code STARTING -> UP <-> DOWN -> CLOSED}.
 */
public enum DatabaseState {

	/**
	 * The first connection is being opened.
	 */
	STARTING,

	/**
	 * Usable.
	 */
	UP,

	/**
	 * Not usable; {@link Database#getLastFailure()} has the reason.
	 */
	DOWN,

	/**
	 * Closed together with the application, or removed at run time.
	 */
	CLOSED

}
