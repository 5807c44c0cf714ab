package io.appdbs.query.jdbc;

import java.sql.SQLException;
import java.util.List;

import io.appdbs.query.ExecutedQuery;
import io.appdbs.query.QueryLog;
import io.appdbs.query.SlowQuery;
import io.appdbs.query.SlowQueryListener;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.StatementType;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import org.jspecify.annotations.Nullable;

/**
 * Logs each statement, or batch of statements, after it has been executed.
 *
 * @param log the log
 * @param mask hides the values of columns
 */
record StatementListener(QueryLog log, SqlMask mask) implements QueryExecutionListener {

	@Override
	public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		// datasource-proxy measures the time
	}

	@Override
	public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		long nanos = execution.getElapsedTime();
		if (this.log.count(nanos)) {
			this.log.write(new ExecutedQuery(StatementText.of(queries, this.log.hasParameters(), this.mask), nanos,
					execution.getBatchSize(), describe(execution.getThrowable())), null);
		}
		SlowQueryListener listener = this.log.findSlowQueryListener(nanos);
		// which one of several was slow is not known
		if (listener != null && queries.size() == 1) {
			String sql = String.valueOf(queries.get(0).getQuery());
			listener.onSlowQuery(new SlowQuery(sql, StatementText.of(queries, false, this.mask),
					execution.getStatementType() != StatementType.STATEMENT, nanos));
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
