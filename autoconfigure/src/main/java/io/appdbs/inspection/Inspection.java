package io.appdbs.inspection;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Inspects one database, on a connection that the application does not use, which is
 * read-only and limited in time. Methods wait for the result. They do not throw if the
 * database cannot be inspected: the {@linkplain Report#status() status} says so.
 * <p>
 * Concurrent callers share one inspection, and its result for some time. Thread-safe.
 */
public interface Inspection {

	/**
	 * Returns an inspection whose results are taken anew, at most once in 10 seconds per
	 * topic.
	 * @return an inspection of the same database
	 */
	Inspection fresh();

	/**
	 * Returns the size of the database.
	 * @return the report
	 */
	Report<SizeReport> size();

	/**
	 * Returns the largest tables or collections.
	 * @return the report, the largest first, at most {@code inspection.limit}
	 */
	Report<List<TableReport>> tables();

	/**
	 * Returns the largest indexes.
	 * @return the report, the largest first, at most {@code inspection.limit}
	 */
	Report<List<IndexReport>> indexes();

	/**
	 * Returns what sessions do now, and what they wait for.
	 * @return the report
	 */
	Report<ActivityReport> activity();

	/**
	 * Returns the statements that took the most time in total.
	 * @return the report, the slowest first, at most {@code inspection.limit}
	 */
	Report<List<StatementReport>> statements();

	/**
	 * Checks now the hash chain of the log of row audit, and logs the result.
	 * @return the report; its status is not {@code OK} if the chain could not be checked,
	 * and {@code OK} if it is broken
	 */
	Report<AuditChainReport> auditChain();

	/**
	 * Returns the plans of slow statements, without inspecting the database.
	 * @return the latest plan of each statement, the last one first, at most
	 * {@code inspection.limit}; empty unless {@code slow-query-plan} is set
	 */
	List<StatementPlan> getLastPlans();

	/**
	 * Returns what is wrong with the database. The status is {@code OK} if all checks
	 * were made that the engine has; otherwise the value has the findings of those that
	 * were.
	 * @return the report
	 */
	Report<FindingsReport> findings();

	/**
	 * Returns the latest findings, without inspecting the database.
	 * @return the report or {@code null} if {@link #findings()} has not been called, and
	 * the interval of the inspection has not passed
	 */
	@Nullable Report<FindingsReport> getLastFindings();

	/**
	 * Returns the figures that were read together with the latest findings, without
	 * inspecting the database.
	 * @return the figures or {@code null} if there are none
	 */
	@Nullable Readings getLastReadings();

}
