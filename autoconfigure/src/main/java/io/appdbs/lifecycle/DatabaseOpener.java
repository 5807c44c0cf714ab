package io.appdbs.lifecycle;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;

/**
 * Opens the databases of one kind.
 */
@FunctionalInterface
public interface DatabaseOpener {

	/**
	 * Open the database: connect to it and return when it has answered. Runs on the
	 * database's own thread, which is interrupted when the application is closed
	 * meanwhile.
	 * @param definition the database
	 * @param target where to connect to
	 * @return what was opened; the caller closes it
	 * @throws Exception if the database cannot be opened; nothing is left open then
	 */
	OpenedDatabase open(DatabaseDefinition definition, ConnectionTarget target) throws Exception;

}
