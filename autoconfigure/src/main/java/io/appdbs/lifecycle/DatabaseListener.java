package io.appdbs.lifecycle;

import io.appdbs.Database;

/**
 * Receives databases that are added and removed while the application runs, on the thread
 * that does it.
 */
public interface DatabaseListener {

	/**
	 * A database has been added. It may not have been opened yet.
	 * @param database the database
	 */
	void added(Database database);

	/**
	 * A database has been removed.
	 * @param database the database
	 */
	void removed(Database database);

}
