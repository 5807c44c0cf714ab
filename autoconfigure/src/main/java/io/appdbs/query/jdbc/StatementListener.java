package io.appdbs.query.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.query.ExecutedQuery;
import io.appdbs.query.QueryLog;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.MethodExecutionContext;
import net.ttddyy.dsproxy.listener.MethodExecutionListener;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import org.jspecify.annotations.Nullable;

/**
 * Logs the statements of one connection: at once, or when their result has been read.
 * Whoever closes a statement, or the connection, need not close its results.
 */
class StatementListener implements QueryExecutionListener, MethodExecutionListener {

	private final QueryLog log;

	private final Map<Statement, PendingQuery> pending = Collections.synchronizedMap(new IdentityHashMap<>());

	StatementListener(QueryLog log) {
		this.log = log;
	}

	@Override
	public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		// timed by the library
	}

	@Override
	public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		end(execution.getStatement());
		long nanos = execution.getElapsedTime();
		if (this.log.count(nanos)) {
			begin(execution,
					new PendingQuery(this.log, new ExecutedQuery(StatementText.of(queries, this.log.hasParameters()),
							nanos, execution.getBatchSize(), describe(execution.getThrowable()))));
		}
	}

	private void begin(ExecutionInfo execution, PendingQuery query) {
		Object result = execution.getResult();
		if (result instanceof ResultSet resultSet) {
			CountedRows.count(resultSet, query);
			this.pending.put(execution.getStatement(), query);
		}
		else if (result instanceof Boolean) {
			// the count can be asked for but once, and that is for the application
			this.pending.put(execution.getStatement(), query);
		}
		else {
			Long rows = countUpdated(result);
			if (rows != null) {
				query.setRows(rows);
			}
			query.end();
		}
	}

	private void end(Statement statement) {
		PendingQuery query = this.pending.remove(statement);
		if (query != null) {
			query.end();
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
		String method = context.getMethod().getName();
		if (context.getTarget() instanceof Statement statement) {
			PendingQuery query = this.pending.get(statement);
			if (query != null) {
				afterMethod(method, context.getResult(), statement, query);
			}
		}
		else if (method.equals("close") && context.getTarget() instanceof Connection) {
			List<Statement> statements;
			synchronized (this.pending) {
				statements = List.copyOf(this.pending.keySet());
			}
			statements.forEach(this::end);
		}
	}

	private void afterMethod(String method, @Nullable Object result, Statement statement, PendingQuery query) {
		if (method.equals("getResultSet") && result instanceof ResultSet resultSet) {
			CountedRows.count(resultSet, query);
		}
		else if (method.endsWith("UpdateCount") && result instanceof Number count && count.longValue() >= 0) {
			query.setRows(count.longValue());
			end(statement);
		}
		else if (method.equals("close")) {
			end(statement);
		}
	}

}
