package io.appdbs.audit.jdbc;

import java.lang.reflect.Method;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.jdbc.Execution.Part;
import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose executions are recorded.
 */
final class AuditedStatement extends JdbcProxy {

	private final Connection connection;

	private final AuditedConnection origin;

	private final AuditSession session;

	private final @Nullable SqlText sql;

	private final Statement delegate;

	private final boolean updatable;

	private final List<Part> batch = new ArrayList<>(0);

	/** What was executed last, until its rows have been read. */
	private @Nullable Execution execution;

	/** The rows that are being read. */
	private @Nullable AuditedResultSet rows;

	AuditedStatement(Connection connection, AuditedConnection origin, @Nullable SqlText sql, Statement delegate,
			boolean updatable) {
		this.connection = connection;
		this.origin = origin;
		this.session = origin.getSession();
		this.sql = sql;
		this.delegate = delegate;
		this.updatable = updatable;
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		String name = method.getName();
		if (name.startsWith("execute")) {
			return execute(proxy, method, args);
		}
		switch (name) {
			case "toString" -> {
				return "Audited " + this.delegate;
			}
			case "getConnection" -> {
				return this.connection;
			}
			case "clearBatch" -> this.batch.clear();
			case "close" -> endExecution();
			default -> {
			}
		}
		Object result = invoke(method, this.delegate, args);
		if (name.equals("addBatch")) {
			addToBatch(args);
		}
		if (name.equals("getMoreResults") && Boolean.FALSE.equals(result)) {
			addUpdateCount();
		}
		return name.equals("getResultSet") ? wrap(proxy, result) : result;
	}

	/**
	 * Equal statements of a batch, one after the other, are counted.
	 */
	private void addToBatch(@Nullable Object[] args) {
		SqlText next = (args.length > 0) ? this.session.read(args[0]) : Objects.requireNonNull(this.sql);
		int last = this.batch.size() - 1;
		if (last >= 0 && this.batch.get(last).sql().equals(next)) {
			this.batch.set(last, new Part(next, this.batch.get(last).executions() + 1));
		}
		else {
			this.batch.add(new Part(next, 1));
		}
	}

	private @Nullable Object execute(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		endExecution();
		List<Part> parts = parts(method, args);
		if (parts.isEmpty()) {
			return invoke(method, this.delegate, args);
		}
		Execution execution = this.session.begin(parts);
		Object result;
		try {
			result = invoke(method, this.delegate, args);
		}
		catch (Throwable ex) {
			if (ex instanceof BatchUpdateException failure && failure.getLargeUpdateCounts() != null) {
				execution.addCounts(failure.getLargeUpdateCounts());
			}
			this.session.fail(execution, ex);
			throw ex;
		}
		this.execution = execution;
		this.session.succeed(execution);
		return handle(proxy, execution, result);
	}

	private List<Part> parts(Method method, @Nullable Object[] args) {
		if (method.getName().endsWith("Batch")) {
			List<Part> parts = List.copyOf(this.batch);
			this.batch.clear();
			return parts;
		}
		return List.of(new Part((args.length > 0) ? this.session.read(args[0]) : Objects.requireNonNull(this.sql), 1));
	}

	/**
	 * Counts the rows that were written, or begins to count those that are read.
	 */
	private @Nullable Object handle(Object proxy, Execution execution, @Nullable Object result) throws SQLException {
		boolean reading = result instanceof ResultSet || Boolean.TRUE.equals(result)
				|| (Boolean.FALSE.equals(result) && execution.isSeveral());
		if (result instanceof Number count) {
			execution.addRows(count.longValue());
		}
		else if (result instanceof int[] counts) {
			execution.addCounts(Arrays.stream(counts).asLongStream().toArray());
		}
		else if (result instanceof long[] counts) {
			execution.addCounts(counts);
		}
		else if (Boolean.FALSE.equals(result)) {
			addUpdateCount();
		}
		if (!reading) {
			endExecution();
		}
		else if (execution.isCounted()) {
			this.origin.addReading(this);
		}
		return wrap(proxy, result);
	}

	private void addUpdateCount() throws SQLException {
		Execution execution = this.execution;
		int count = (execution != null && execution.isCounted()) ? this.delegate.getUpdateCount() : -1;
		if (execution != null && count >= 0) {
			execution.addRows(count);
		}
	}

	/**
	 * Rows of a read that is not recorded need not be counted.
	 */
	private @Nullable Object wrap(Object proxy, @Nullable Object result) {
		Execution execution = this.execution;
		if (execution == null || !(result instanceof ResultSet read) || !(execution.isCounted() || this.updatable)) {
			return result;
		}
		return new AuditedResultSet((Statement) proxy, this, execution, read).createProxy(ResultSet.class);
	}

	/**
	 * Records the rows that are read from now on. Those before them have been closed by
	 * the driver.
	 */
	void setRows(@Nullable AuditedResultSet rows) {
		if (this.rows != null) {
			this.rows.close();
		}
		this.rows = rows;
	}

	AuditSession getSession() {
		return this.session;
	}

	/**
	 * Adds the rows that have been read, as the transaction ends before they are closed.
	 */
	void countRows() {
		setRows(null);
	}

	/**
	 * Ends the unit of work if it is the last execution.
	 */
	void endExecution() {
		Execution execution = this.execution;
		if (execution != null) {
			setRows(null);
			this.execution = null;
			this.origin.removeReading(this);
			end(execution);
		}
	}

	/**
	 * Ends the unit of work if its rows are its only result.
	 */
	void endExecution(Execution read) {
		if (this.execution == read && !read.isSeveral()) {
			endExecution();
		}
	}

	static void end(Execution execution) {
		execution.end(AuditOutcome.COMMITTED, null);
	}

}
