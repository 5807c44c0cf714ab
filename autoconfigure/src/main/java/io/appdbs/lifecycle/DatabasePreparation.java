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
 * A step between connecting to a database and its state {@code UP}, such as migrating it.
 */
public interface DatabasePreparation {

	/**
	 * Returns the name of the step, as shown to operators.
	 * @return the name in lower case
	 */
	String getName();

	/**
	 * Prepares the database. Runs on the thread that opens the database, and again if an
	 * attempt to open the database has failed.
	 * @param definition the database
	 * @param details where to connect to
	 * @return the result for operators, by name, or {@code null} if there was nothing to
	 * do
	 * @throws io.appdbs.DatabaseStartException if it failed and retrying cannot help
	 * @throws Exception if it failed and may be retried
	 */
	@Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails details) throws Exception;

	/**
	 * Returns whether the step verifies the privileges of the login. Such a step is
	 * repeated before newer credentials are used and, for a database with row-level
	 * security or row audit, while the application runs. It throws a
	 * {@link VerificationFailedException} if the application must not use the database.
	 * @return {@code false} unless overridden
	 */
	default boolean isVerificationOfLogin() {
		return false;
	}

	/**
	 * Executes several steps in order.
	 * @param preparations the steps
	 * @param definition the database
	 * @param details where to connect to
	 * @return the reports of the steps
	 * @throws Exception if a step failed; the remaining ones are not executed then
	 */
	static List<PreparationReport> prepareAll(List<DatabasePreparation> preparations, DatabaseDefinition definition,
			DatabaseConnectionDetails details) throws Exception {
		List<PreparationReport> reports = new ArrayList<>();
		for (DatabasePreparation preparation : preparations) {
			long begin = System.nanoTime();
			Map<String, Object> result = preparation.prepare(definition, details);
			if (result != null) {
				reports.add(new PreparationReport(preparation.getName(), Duration.ofNanos(System.nanoTime() - begin),
						result));
			}
		}
		return reports;
	}

}
