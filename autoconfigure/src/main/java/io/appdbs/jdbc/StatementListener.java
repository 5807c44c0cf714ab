package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

import io.appdbs.query.ExecutedQuery;
import io.appdbs.query.QueryLog;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.MethodExecutionContext;
import net.ttddyy.dsproxy.listener.MethodExecutionListener;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import org.jspecify.annotations.Nullable;

/**
 * Logs statements: at once, or when their result has been read.
 */
class StatementListener implements QueryExecutionListener, MethodExecutionListener {

	private final QueryLog log;

	StatementListener(QueryLog log) {
		this.log = log;
	}

	@Override
	public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		// timed by the library
	}

	@Override
	public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		long nanos = execution.getElapsedTime();
		if (!this.log.count(nanos)) {
			return;
		}
		ExecutedQuery query = new ExecutedQuery(StatementText.of(queries, this.log.hasParameters()), nanos,
				execution.getBatchSize(), describe(execution.getThrowable()));
		CountedRows rows = findRows(execution.getResult());
		if (rows != null) {
			rows.whenRead(execution.getStatement(), (count) -> this.log.write(query, count));
		}
		else {
			this.log.write(query, countUpdated(execution.getResult()));
		}
	}

	/**
	 * The message could have values.
	 */
	private static @Nullable String describe(@Nullable Throwable failure) {
		if (failure == null) {
			return null;
		}
		String name = failure.getClass().getSimpleName();
		return (failure instanceof SQLException ex && ex.getSQLState() != null) ? name + "(" + ex.getSQLState() + ")"
				: name;
	}

	private static @Nullable CountedRows findRows(@Nullable Object result) {
		try {
			return (result instanceof ResultSet resultSet) ? resultSet.unwrap(CountedRows.class) : null;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return how many rows a statement has written. {@code execute()} does not tell, and
	 * whether there is a result may be asked but once.
	 */
	private static @Nullable Long countUpdated(@Nullable Object result) {
		if (result instanceof Number count) {
			return count.longValue();
		}
		long[] counts = null;
		if (result instanceof int[] each) {
			counts = Arrays.stream(each).asLongStream().toArray();
		}
		else if (result instanceof long[] each) {
			counts = each;
		}
		// negative where the driver does not know
		return (counts != null && Arrays.stream(counts).allMatch((count) -> count >= 0)) ? Arrays.stream(counts).sum()
				: null;
	}

	@Override
	public void beforeMethod(MethodExecutionContext context) {
		// nothing has ended yet
	}

	@Override
	public void afterMethod(MethodExecutionContext context) {
		if (context.getMethod().getName().equals("close")
				&& context.getConnectionInfo() instanceof OpenResults results) {
			if (context.getTarget() instanceof Statement statement) {
				results.end(statement);
			}
			else if (context.getTarget() instanceof Connection) {
				results.endAll();
			}
		}
	}

}
