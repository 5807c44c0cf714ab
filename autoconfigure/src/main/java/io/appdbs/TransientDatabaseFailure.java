package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Implemented by exceptions for a connection that a database could not supply, although a
 * retry may succeed: the database is down or suspended, or waiting for a connection of
 * its pool timed out. Such exceptions may be wrapped; look for them among the causes.
 */
public interface TransientDatabaseFailure {

	/**
	 * Returns the name of the database.
	 * @return the name as written below {@code app.dbs}
	 */
	String getDatabase();

	/**
	 * Returns why the database cannot be used.
	 * @return the outage or {@code null} if the database is up
	 */
	default @Nullable DatabaseOutage getOutage() {
		return null;
	}

}
