package io.appdbs.engine.inspection;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.appdbs.inspection.Finding;

/**
 * Looks for one kind of finding.
 *
 * @param kind the kind, which the identifiers of its findings begin with
 * @param validFor how long the result is valid, because the check is expensive; zero if
 * it is made in each inspection
 * @param reader makes the check
 */
public record FindingCheck(String kind, Duration validFor, Reader reader) {

	/**
	 * Creates a check that is made in each inspection.
	 * @param kind the kind of finding
	 * @param reader makes the check
	 */
	public FindingCheck(String kind, Reader reader) {
		this(kind, Duration.ZERO, reader);
	}

	/**
	 * Makes a check.
	 */
	@FunctionalInterface
	public interface Reader {

		/**
		 * Makes the check.
		 * @param context what to work with
		 * @return the findings
		 * @throws SQLException if the server does not answer
		 * @throws InspectionException if the check cannot be made, or not for all objects
		 */
		List<Finding> read(InspectionContext context) throws SQLException;

	}

}
