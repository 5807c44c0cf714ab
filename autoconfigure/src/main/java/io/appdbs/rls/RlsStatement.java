package io.appdbs.rls;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;

import org.jspecify.annotations.Nullable;

/**
 * A statement whose SQL comes with its execution, or which cannot carry the prefix.
 */
final class RlsStatement extends RlsProxy {

	private final Connection connection;

	private final RlsSession session;

	private final @Nullable String sql;

	private final Statement delegate;

	private boolean prefixable;

	private boolean closeOnCompletion;

	private @Nullable PrefixedStatement prefixed;

	/** What was executed last; another thread may cancel it. */
	private volatile Statement current;

	private RlsStatement(Connection connection, RlsSession session, @Nullable String sql, Statement delegate,
			boolean prefixable) {
		super(session);
		this.connection = connection;
		this.session = session;
		this.sql = sql;
		this.delegate = delegate;
		this.prefixable = prefixable;
		this.current = delegate;
	}

	static Statement wrap(Connection connection, RlsSession session, Statement delegate, boolean prefixable) {
		return new RlsStatement(connection, session, null, delegate, prefixable).createProxy(Statement.class);
	}

	static PreparedStatement wrap(Connection connection, RlsSession session, String sql, PreparedStatement delegate) {
		return new RlsStatement(connection, session, sql, delegate, false).createProxy(PreparedStatement.class);
	}

	static CallableStatement wrap(Connection connection, RlsSession session, String sql, CallableStatement delegate) {
		return new RlsStatement(connection, session, sql, delegate, false).createProxy(CallableStatement.class);
	}

	@Override
	Wrapper getDelegate() {
		return this.delegate;
	}

	@Override
	@Nullable Object handle(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		String name = method.getName();
		if (name.startsWith("execute")) {
			return RelatedObject.of(this.session, execute(method, args), proxy);
		}
		return switch (name) {
			case "getMoreResults" -> {
				PrefixedStatement prefixed = this.prefixed;
				yield (args.length == 0 && prefixed != null) ? prefixed.getMoreResults() : invokeCurrent(method, args);
			}
			case "getConnection" -> this.connection;
			case "addBatch" -> {
				if (args.length > 0) {
					this.session.checkPart(this.session.toSent(String.valueOf(args[0])));
				}
				yield invoke(method, this.delegate, args);
			}
			case "close" -> {
				closePrefixed();
				yield invoke(method, this.delegate, args);
			}
			case "closeOnCompletion" -> {
				this.closeOnCompletion = true;
				yield null;
			}
			case "isCloseOnCompletion" -> this.closeOnCompletion;
			case "isClosed", "clearBatch" -> invoke(method, this.delegate, args);
			default -> RelatedObject.of(this.session, invokeCurrent(method, args), proxy);
		};
	}

	/**
	 * What is set outlasts the statement that was executed last.
	 */
	private @Nullable Object invokeCurrent(Method method, @Nullable Object[] args) throws Throwable {
		if (this.current != this.delegate && method.getName().startsWith("set")) {
			invoke(method, this.delegate, args);
		}
		if (method.getName().equals("setEscapeProcessing")) {
			// a prepared statement always processes them
			this.prefixable &= Boolean.TRUE.equals(args[0]);
		}
		return invoke(method, this.current, args);
	}

	private @Nullable Object execute(Method method, @Nullable Object[] args) throws Throwable {
		closePrefixed();
		String sql = (args.length > 0) ? String.valueOf(args[0]) : this.sql;
		String sent = (sql != null) ? this.session.toSent(sql) : null;
		StatementKind kind = (sent != null) ? StatementKind.of(sent) : StatementKind.OTHER;
		if (sent != null) {
			this.session.check(sent, kind);
		}
		try {
			return execute(sql, kind, method, args);
		}
		finally {
			if (kind != StatementKind.PREFIXABLE && kind != StatementKind.SERVER_INFO) {
				// whatever it was may have changed the context
				this.session.invalidate();
			}
		}
	}

	private @Nullable Object execute(@Nullable String sql, StatementKind kind, Method method, @Nullable Object[] args)
			throws Throwable {
		if (kind == StatementKind.SERVER_INFO) {
			return invoke(method, this.delegate, args);
		}
		if (kind == StatementKind.SESSION || kind == StatementKind.TRANSACTION) {
			Object result = invoke(method, this.delegate, args);
			if (kind == StatementKind.TRANSACTION && !StatementKind.isPartial(String.valueOf(sql))) {
				this.session.reset();
			}
			return result;
		}
		AppliedContext next = this.session.contextToApply();
		if (next == null) {
			return invoke(method, this.delegate, args);
		}
		if (sql != null && this.prefixable && kind == StatementKind.PREFIXABLE && canPrefix(sql, args)) {
			PrefixedStatement prefixed = PrefixedStatement.prepare(this.session, sql, next);
			this.prefixed = prefixed;
			this.current = prefixed.statement();
			copySettings();
			return prefixed.execute(method.getName(), next);
		}
		return this.session.run(this.delegate, () -> call(method, this.delegate, args));
	}

	/**
	 * As a parameter a question mark would be another thing than in plain SQL.
	 */
	private boolean canPrefix(String sql, @Nullable Object[] args) throws SQLException {
		return args.length == 1 && sql.indexOf('?') < 0 && this.session.canPrefix(this.delegate.getFetchSize());
	}

	private void copySettings() throws SQLException {
		this.current.setQueryTimeout(this.delegate.getQueryTimeout());
		this.current.setFetchSize(this.delegate.getFetchSize());
		this.current.setMaxRows(this.delegate.getMaxRows());
		this.current.setMaxFieldSize(this.delegate.getMaxFieldSize());
	}

	private void closePrefixed() throws SQLException {
		Statement prefixed = this.current;
		if (prefixed != this.delegate) {
			this.current = this.delegate;
			this.prefixed = null;
			prefixed.close();
		}
	}

}
