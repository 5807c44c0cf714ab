package io.appdbs.lifecycle;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What the {@linkplain DatabaseServices services} of a database know of it.
 */
public interface DatabaseAccess {

	/**
	 * Returns the definition of the database.
	 * @return the definition
	 */
	DatabaseDefinition getDefinition();

	/**
	 * Returns the engine.
	 * @return the engine of the server, or of the definition until the server has
	 * answered
	 */
	Engine findEngine();

	/**
	 * Returns a snapshot of the database.
	 * @return the snapshot
	 */
	DatabaseSnapshot getSnapshot();

	/**
	 * Returns why the database cannot be used now.
	 * @return the outage, or {@code null} if it is up
	 */
	@Nullable DatabaseOutage getOutage();

	/**
	 * Returns whether new borrows are blocked.
	 * @return whether the database is suspended
	 */
	boolean isSuspended();

	/**
	 * Returns where the application connects to, with the credentials in use.
	 * @return the connection details, or {@code null} if the database has not been
	 * opened, or a bean of the application connects to it
	 */
	@Nullable DatabaseConnectionDetails getDetailsInUse();

	/**
	 * Replaces the report of a preparation that has been repeated while the application
	 * runs.
	 * @param report the report
	 */
	void report(PreparationReport report);

	/**
	 * Returns the statistics, to which services add theirs.
	 * @return the statistics
	 */
	DatabaseStatistics getStatistics();

	/**
	 * Returns the connector.
	 * @return the connector
	 */
	DatabaseConnector getConnector();

}
