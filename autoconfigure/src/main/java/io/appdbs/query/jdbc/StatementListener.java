package io.appdbs.query.jdbc;

import java.sql.SQLException;
import java.util.List;

import io.appdbs.query.ExecutedQuery;
import io.appdbs.query.QueryLog;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import org.jspecify.annotations.Nullable;

/**
 * Logs each statement, or batch of statements, after it has been executed.
 *
 * @param log the log
 */
record StatementListener(QueryLog log) implements QueryExecutionListener {

	@Override
	public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		// datasource-proxy measures the time
	}

	@Override
	public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		long nanos = execution.getElapsedTime();
		if (this.log.count(nanos)) {
			this.log.write(new ExecutedQuery(StatementText.of(queries, this.log.hasParameters()), nanos,
					execution.getBatchSize(), describe(execution.getThrowable())), null);
		}
	}

	/**
	 * Returns the type only: the message can contain values.
	 */
	private static @Nullable String describe(@Nullable Throwable failure) {
		if (failure == null) {
			return null;
		}
		String name = failure.getClass().getSimpleName();
		return (failure instanceof SQLException ex && ex.getSQLState() != null) ? name + "(" + ex.getSQLState() + ")"
				: name;
	}

}
