package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Implemented by exceptions that report that a database gave no connection, and that the
 * same may succeed later: the database is down or suspended, or its pool had no
 * connection in time. Others wrap them; look for them among the causes.
 */
public interface TransientDatabaseFailure {

	/**
	 * Return the name of the database.
	 * @return the name as written below {@code app.dbs}
	 */
	String getDatabase();

	/**
	 * Return why the database cannot be used.
	 * @return the outage or {@code null} if the database is up
	 */
	default @Nullable DatabaseOutage getOutage() {
		return null;
	}

}
