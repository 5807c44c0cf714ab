package io.appdbs.audit.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

import io.appdbs.audit.jdbc.Execution.Part;
import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a statement, which are counted when they are closed, and can be updated.
 */
final class AuditedResultSet extends JdbcProxy {

	/** The methods that send separate statements. */
	private static final Set<String> WRITES = Set.of("insertRow", "updateRow", "deleteRow");

	private final Statement proxy;

	private final AuditedStatement statement;

	private final Execution execution;

	private final ResultSet delegate;

	private long rows;

	private boolean closed;

	AuditedResultSet(Statement proxy, AuditedStatement statement, Execution execution, ResultSet delegate) {
		this.proxy = proxy;
		this.statement = statement;
		this.execution = execution;
		this.delegate = delegate;
		statement.setRows(this);
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		String name = method.getName();
		switch (name) {
			case "next" -> {
				return next();
			}
			case "getStatement" -> {
				return this.proxy;
			}
			case "close" -> {
				try {
					return invoke(method, this.delegate, args);
				}
				finally {
					close();
					this.statement.endExecution(this.execution);
				}
			}
			default -> {
			}
		}
		return WRITES.contains(name) ? write(method, args) : invoke(method, this.delegate, args);
	}

	private boolean next() throws SQLException {
		try {
			boolean next = this.delegate.next();
			this.rows += next ? 1 : 0;
			return next;
		}
		catch (SQLException ex) {
			close();
			this.statement.getSession().fail(this.execution, ex);
			throw ex;
		}
	}

	/**
	 * Adds the rows that have been read.
	 */
	void close() {
		if (!this.closed) {
			this.closed = true;
			this.execution.addRows(this.rows);
		}
	}

	private @Nullable Object write(Method method, @Nullable Object[] args) throws Throwable {
		SqlText sql = this.execution.getParts().get(0).sql().derive(method.getName());
		Execution write = this.statement.getSession().begin(List.of(new Part(sql, 1)));
		try {
			Object result = invoke(method, this.delegate, args);
			write.addRows(1);
			AuditedStatement.end(write);
			return result;
		}
		catch (Throwable ex) {
			this.statement.getSession().fail(write, ex);
			throw ex;
		}
	}

}
