package io.appdbs.rls;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;

import org.jspecify.annotations.Nullable;

/**
 * A statement whose SQL comes with its execution, or which cannot carry the prefix.
 */
final class RlsStatement extends JdbcProxy {

	private final Connection connection;

	private final RlsSession session;

	private final @Nullable String sql;

	private final Statement delegate;

	private final boolean carrier;

	/** What was executed last; another thread may cancel it. */
	private volatile Statement current;

	private RlsStatement(Connection connection, RlsSession session, @Nullable String sql, Statement delegate,
			boolean carrier) {
		this.connection = connection;
		this.session = session;
		this.sql = sql;
		this.delegate = delegate;
		this.carrier = carrier;
		this.current = delegate;
	}

	static Statement wrap(Connection connection, RlsSession session, Statement delegate, boolean carrier) {
		return new RlsStatement(connection, session, null, delegate, carrier).createProxy(Statement.class);
	}

	static PreparedStatement wrap(Connection connection, RlsSession session, String sql, PreparedStatement delegate) {
		return new RlsStatement(connection, session, sql, delegate, false).createProxy(PreparedStatement.class);
	}

	static CallableStatement wrap(Connection connection, RlsSession session, String sql, CallableStatement delegate) {
		return new RlsStatement(connection, session, sql, delegate, false).createProxy(CallableStatement.class);
	}

	@Override
	Wrapper getDelegate() {
		return this.current;
	}

	@Override
	@Nullable Object handle(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		String name = method.getName();
		if (name.startsWith("execute")) {
			return related(proxy, execute(method, args));
		}
		return switch (name) {
			case "getConnection" -> this.connection;
			case "close" -> {
				closeComposite();
				yield invoke(method, this.delegate, args);
			}
			case "isClosed" -> invoke(method, this.delegate, args);
			default -> related(proxy, invoke(method, this.current, args));
		};
	}

	private static @Nullable Object related(Object proxy, @Nullable Object result) {
		return (result instanceof ResultSet) ? new RelatedObject(result, proxy).createProxy(ResultSet.class) : result;
	}

	private @Nullable Object execute(Method method, @Nullable Object[] args) throws Throwable {
		closeComposite();
		String sql = (args.length > 0) ? String.valueOf(args[0]) : this.sql;
		StatementKind kind = (sql != null) ? StatementKind.of(sql) : StatementKind.OTHER;
		if (sql != null && kind == StatementKind.SETTING) {
			this.session.checkSetting(sql);
			return invoke(method, this.delegate, args);
		}
		if (kind == StatementKind.TRANSACTION) {
			this.session.forget();
			return invoke(method, this.delegate, args);
		}
		AppliedContext next = this.session.next();
		if (next == null) {
			return invoke(method, this.delegate, args);
		}
		if (sql != null && this.carrier && kind == StatementKind.CARRIER && canCarry(sql, args)) {
			CompositeStatement composite = CompositeStatement.prepare(this.session, next, sql);
			this.current = composite.statement();
			copySettings();
			return composite.execute(method.getName(), next);
		}
		return this.session.run(() -> invokeDelegate(method, args));
	}

	/**
	 * As a parameter a question mark would be another thing than in plain SQL.
	 */
	private boolean canCarry(String sql, @Nullable Object[] args) throws SQLException {
		return args.length == 1 && sql.indexOf('?') < 0 && (this.session.isAutoCommit()
				? this.session.isAutoCommitPrefixed() : this.delegate.getFetchSize() == 0);
	}

	private @Nullable Object invokeDelegate(Method method, @Nullable Object[] args) throws SQLException {
		try {
			return invoke(method, this.delegate, args);
		}
		catch (SQLException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new SQLException(ex);
		}
	}

	private void copySettings() throws SQLException {
		this.current.setQueryTimeout(this.delegate.getQueryTimeout());
		this.current.setMaxRows(this.delegate.getMaxRows());
		this.current.setMaxFieldSize(this.delegate.getMaxFieldSize());
	}

	private void closeComposite() throws SQLException {
		Statement composite = this.current;
		if (composite != this.delegate) {
			this.current = this.delegate;
			composite.close();
		}
	}

}
