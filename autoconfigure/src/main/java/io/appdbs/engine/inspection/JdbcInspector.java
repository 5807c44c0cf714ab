package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.jspecify.annotations.Nullable;

/**
 * Inspects servers of an engine. Each method is called in a transaction of its own, after
 * {@link #limit}, so that the failure of one does not affect the next. What an engine
 * does not report is an {@link InspectionException}. Must be thread-safe.
 * <p>
 * A method must not report nothing where the login may not read something: it checks the
 * rights first, and throws {@link InspectionException#insufficientRights}.
 */
public abstract class JdbcInspector {

	private final String engine;

	/**
	 * Creates a new {@link JdbcInspector}.
	 * @param engine the display name of the engine, for messages
	 */
	protected JdbcInspector(String engine) {
		this.engine = engine;
	}

	/**
	 * Makes the transaction that has just begun read-only, and limits its statements.
	 * @param connection the connection
	 * @param statementTimeout the time after which the server cancels a statement
	 * @param lockTimeout the time that a statement waits for a lock
	 * @throws SQLException if the server does not accept it
	 */
	public abstract void limit(Connection connection, Duration statementTimeout, Duration lockTimeout)
			throws SQLException;

	/**
	 * Checks the hash chain of a log of row audit.
	 * @param context what to work with
	 * @param log the name of the log as SQL has it
	 * @return the result
	 * @throws SQLException if the server does not answer
	 */
	public Sample<AuditChainReport> readAuditChain(InspectionContext context, String log) throws SQLException {
		throw unsupported("hash chains");
	}

	/**
	 * Reads the size of the database.
	 * @param context what to work with
	 * @return the size
	 * @throws SQLException if the server does not answer
	 */
	public Sample<SizeReport> readSize(InspectionContext context) throws SQLException {
		throw unsupported("sizes");
	}

	/**
	 * Reads the largest tables, without those of the system.
	 * @param context what to work with
	 * @return the tables, the largest first
	 * @throws SQLException if the server does not answer
	 */
	public Sample<List<TableReport>> readTables(InspectionContext context) throws SQLException {
		throw unsupported("tables");
	}

	/**
	 * Reads the largest indexes, without those of the system.
	 * @param context what to work with
	 * @return the indexes, the largest first
	 * @throws SQLException if the server does not answer
	 */
	public Sample<List<IndexReport>> readIndexes(InspectionContext context) throws SQLException {
		throw unsupported("indexes");
	}

	/**
	 * Reads what sessions do, except for this one.
	 * @param context what to work with
	 * @return the activity
	 * @throws SQLException if the server does not answer
	 */
	public Sample<ActivityReport> readActivity(InspectionContext context) throws SQLException {
		throw unsupported("activity");
	}

	/**
	 * Reads the statements that took the most time in total.
	 * @param context what to work with
	 * @return the statements, the slowest first
	 * @throws SQLException if the server does not answer
	 */
	public Sample<List<StatementReport>> readStatements(InspectionContext context) throws SQLException {
		throw unsupported("statements");
	}

	/**
	 * Returns the checks that the engine has, except for {@code unused-index}, which
	 * needs the replicas as well.
	 * @return the checks, none unless overridden
	 */
	public List<FindingCheck> getChecks() {
		return List.of();
	}

	/**
	 * Reads the indexes that have not been used.
	 * @param context what to work with
	 * @return the indexes
	 * @throws SQLException if the server does not answer
	 */
	public UnusedIndexes readUnusedIndexes(InspectionContext context) throws SQLException {
		throw unsupported("the use of indexes");
	}

	/**
	 * Returns the statement that drops an index which is not used, for a finding.
	 * @param index the index
	 * @return the statement
	 */
	public String getDropIndexStatement(IndexReport index) {
		return "DROP INDEX %s;".formatted(index.name());
	}

	/**
	 * Reads since when the server has collected statistics of use.
	 * @param context what to work with
	 * @return the time or {@code null} if it is not known
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable Instant readStatisticsSince(InspectionContext context) throws SQLException {
		return null;
	}

	/**
	 * Reads figures for meters.
	 * @param context what to work with
	 * @return the figures, those that cannot be read are {@code null}
	 * @throws SQLException if the server does not answer
	 */
	public ServerReadings readReadings(InspectionContext context) throws SQLException {
		return ServerReadings.NONE;
	}

	/**
	 * Returns what reads the plans of statements.
	 * @return the explainer, or {@code null} if there are no plans without values;
	 * {@code null} unless overridden
	 */
	public @Nullable StatementExplainer getExplainer() {
		return null;
	}

	/**
	 * Returns what a failure of the driver means for the report.
	 * @param failure the exception of the driver
	 * @param context what the inspector has worked with
	 * @return the exception with the missing right and its grant, or {@code null} if it
	 * failed for another reason
	 */
	public @Nullable InspectionException translate(SQLException failure, InspectionContext context) {
		return null;
	}

	private InspectionException unsupported(String what) {
		return InspectionException.unsupported("%s does not report %s.".formatted(this.engine, what));
	}

}
