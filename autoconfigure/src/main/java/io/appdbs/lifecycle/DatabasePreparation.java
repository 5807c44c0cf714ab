package io.appdbs.lifecycle;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;

/**
 * A step between connecting to a database and its being UP, such as migrating.
 */
@FunctionalInterface
public interface DatabasePreparation {

	/**
	 * Prepare the database. Runs on the database's own thread, and again if an attempt to
	 * open the database failed.
	 * @param definition the database
	 * @param target where to connect to
	 * @throws io.appdbs.DatabaseStartException if retrying cannot mend it
	 * @throws Exception if it failed otherwise
	 */
	void prepare(DatabaseDefinition definition, ConnectionTarget target) throws Exception;

}
