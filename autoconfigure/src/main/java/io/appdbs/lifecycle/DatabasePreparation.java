package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A step between connecting to a database and its being UP, such as migrating.
 */
public interface DatabasePreparation {

	/**
	 * Return what operators know the step by.
	 * @return the name, lower case
	 */
	String getName();

	/**
	 * Prepare the database. Runs on the database's own thread, and again if an attempt to
	 * open the database failed.
	 * @param definition the database
	 * @param target where to connect to
	 * @return what came out, by name, for operators to read, or {@code null} if there was
	 * nothing to do
	 * @throws io.appdbs.DatabaseStartException if retrying cannot mend it
	 * @throws Exception if it failed otherwise
	 */
	@Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails target) throws Exception;

	/**
	 * Return whether the step verifies what the login may do. Such a step is taken again
	 * before other credentials are used and, for a database with row-level security,
	 * while the application runs. It throws a {@link VerificationFailedException} if the
	 * application must not use the database.
	 * @return {@code false} unless overridden
	 */
	default boolean isVerificationOfLogin() {
		return false;
	}

	/**
	 * Take several steps, one after the other.
	 * @param preparations the steps
	 * @param definition the database
	 * @param target where to connect to
	 * @return what was done
	 * @throws Exception if one of them failed; the rest is left out then
	 */
	static List<PreparationReport> prepareAll(List<DatabasePreparation> preparations, DatabaseDefinition definition,
			DatabaseConnectionDetails target) throws Exception {
		List<PreparationReport> reports = new ArrayList<>();
		for (DatabasePreparation preparation : preparations) {
			long begin = System.nanoTime();
			Map<String, Object> details = preparation.prepare(definition, target);
			if (details != null) {
				reports.add(new PreparationReport(preparation.getName(), Duration.ofNanos(System.nanoTime() - begin),
						details));
			}
		}
		return reports;
	}

}
