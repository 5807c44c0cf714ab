package io.appdbs.inspection.support;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.ServerReadings;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.jspecify.annotations.Nullable;

/**
 * A connection that inspects a database. Used by one thread, except for {@link #abort()}.
 * Methods throw {@link InspectionException} if the engine does not report something, or
 * the login may not read it.
 */
public interface InspectionSession extends AutoCloseable {

	/**
	 * Reads the size of the database.
	 * @return the size
	 * @throws Exception if it cannot be read
	 */
	Sample<SizeReport> readSize() throws Exception;

	/**
	 * Reads the largest tables or collections.
	 * @return the tables
	 * @throws Exception if they cannot be read
	 */
	Sample<List<TableReport>> readTables() throws Exception;

	/**
	 * Reads the largest indexes.
	 * @return the indexes
	 * @throws Exception if they cannot be read
	 */
	Sample<List<IndexReport>> readIndexes() throws Exception;

	/**
	 * Reads what sessions do.
	 * @return the activity
	 * @throws Exception if it cannot be read
	 */
	Sample<ActivityReport> readActivity() throws Exception;

	/**
	 * Reads the statements that took the most time.
	 * @return the statements
	 * @throws Exception if they cannot be read
	 */
	Sample<List<StatementReport>> readStatements() throws Exception;

	/**
	 * Reads the generic plan of a statement, which is not executed. Only for sessions
	 * that were {@linkplain Factory#openAsApplication opened for it}.
	 * @param sql the statement
	 * @param prepared whether question marks in it are parameters
	 * @return the plan
	 * @throws Exception if there is none
	 */
	default String explain(String sql, boolean prepared) throws Exception {
		throw InspectionException.unsupported("The database has no plans of statements.");
	}

	/**
	 * Checks the hash chain of the log of row audit.
	 * @return the result
	 * @throws Exception if it cannot be checked
	 */
	default Sample<AuditChainReport> readAuditChain() throws Exception {
		throw InspectionException.unsupported("The database has no row audit.");
	}

	/**
	 * Returns the checks that the engine has, except for {@code unused-index}.
	 * @return the checks
	 */
	List<Check> getChecks();

	/**
	 * Reads the indexes that this server has not used.
	 * @return the indexes
	 * @throws Exception if they cannot be read
	 */
	UnusedIndexes readUnusedIndexes() throws Exception;

	/**
	 * Returns the statement or command that drops an index, for a finding.
	 * @param index the index
	 * @return the statement or command
	 */
	String getDropIndexStatement(IndexReport index);

	/**
	 * Reads since when the server has collected statistics of use.
	 * @return the time or {@code null} if it is not known
	 * @throws Exception if it cannot be read
	 */
	@Nullable Instant readStatisticsSince() throws Exception;

	/**
	 * Reads figures for meters.
	 * @return the figures
	 * @throws Exception if they cannot be read
	 */
	ServerReadings readReadings() throws Exception;

	/**
	 * Returns what a failure means for the report.
	 * @param failure what a method has thrown
	 * @return the status and the reason
	 */
	InspectionException translate(Exception failure);

	/**
	 * Ends what runs on the connection, from another thread and without waiting.
	 */
	void abort();

	@Override
	void close();

	/**
	 * Looks for one kind of finding.
	 *
	 * @param kind the kind of finding
	 * @param validFor how long the result is valid, zero if it is made in each inspection
	 * @param reader makes the check
	 */
	record Check(String kind, Duration validFor, Reader reader) {

	}

	/**
	 * Makes a check.
	 */
	@FunctionalInterface
	interface Reader {

		/**
		 * Makes the check.
		 * @return the findings
		 * @throws Exception if it cannot be made
		 */
		List<Finding> read() throws Exception;

	}

	/**
	 * Opens sessions.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Opens a session.
		 * @param timeout the time within which all questions must have been answered
		 * @return the session
		 * @throws InspectionException if the database cannot be inspected
		 * @throws Exception if the server does not accept the session
		 */
		InspectionSession open(Duration timeout) throws Exception;

		/**
		 * Opens a session that has the login and the schemas of the application's
		 * connections.
		 * @param timeout the time within which all questions must have been answered
		 * @return the session
		 * @throws InspectionException if the database cannot be inspected
		 * @throws Exception if the server does not accept the session
		 */
		default InspectionSession openAsApplication(Duration timeout) throws Exception {
			return open(timeout);
		}

	}

}
