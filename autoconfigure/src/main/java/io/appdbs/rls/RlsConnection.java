package io.appdbs.rls;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A connection whose statements run under the current user's context.
 */
final class RlsConnection extends RlsProxy {

	private final Connection delegate;

	private final RlsSession session;

	private RlsConnection(RlsDatabase database, Connection delegate) {
		super(new RlsSession(database, delegate));
		this.delegate = delegate;
		this.session = getSession();
	}

	static Connection wrap(RlsDatabase database, Connection delegate) {
		return new RlsConnection(database, delegate).createProxy(Connection.class);
	}

	@Override
	Wrapper getDelegate() {
		return this.delegate;
	}

	@Override
	@Nullable Object handle(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		Connection connection = (Connection) proxy;
		switch (method.getName()) {
			case "createStatement" -> {
				return RlsStatement.wrap(connection, this.session, (Statement) invoked(method, args),
						!hasResultSetKind(args, 0));
			}
			case "prepareStatement" -> {
				return prepare(connection, method, args);
			}
			case "prepareCall" -> {
				return RlsStatement.wrap(connection, this.session, String.valueOf(args[0]),
						(CallableStatement) invoked(method, args));
			}
			case "getMetaData" -> {
				return new RelatedObject(this.session, invoked(method, args), connection)
					.createProxy(DatabaseMetaData.class);
			}
			case "setSavepoint" -> this.session.apply();
			case "commit", "rollback", "setAutoCommit" -> {
				return end(method, args);
			}
			default -> {
			}
		}
		return RelatedObject.of(this.session, invoke(method, this.delegate, args), null);
	}

	/**
	 * A part of a transaction that is rolled back may have had the context.
	 */
	private @Nullable Object end(Method method, @Nullable Object[] args) throws Throwable {
		this.session.invalidate();
		boolean autoCommit = this.delegate.getAutoCommit();
		Object result = invoke(method, this.delegate, args);
		if (args.length == 0 || (args[0] instanceof Boolean && !args[0].equals(autoCommit))) {
			this.session.reset();
		}
		return result;
	}

	private Object prepare(Connection connection, Method method, @Nullable Object[] args) throws Throwable {
		if (this.delegate.isClosed()) {
			throw new SQLException("This connection has been closed.", "08003");
		}
		String sql = String.valueOf(args[0]);
		boolean prefixable = StatementKind.of(this.session.toSent(sql)) == StatementKind.PREFIXABLE
				&& !hasGeneratedKeys(args) && !hasResultSetKind(args, 1);
		if (!prefixable) {
			return RlsStatement.wrap(connection, this.session, sql, (PreparedStatement) invoked(method, args));
		}
		return RlsPreparedStatement.wrap(connection, this.session, sql);
	}

	private static boolean hasGeneratedKeys(@Nullable Object[] args) {
		return args.length == 2 && !Integer.valueOf(Statement.NO_GENERATED_KEYS).equals(args[1]);
	}

	/**
	 * Whether the result set can be scrolled or updated, or outlive the transaction.
	 */
	private static boolean hasResultSetKind(@Nullable Object[] args, int from) {
		return args.length > from + 2
				|| (args.length > from + 1 && !(Integer.valueOf(ResultSet.TYPE_FORWARD_ONLY).equals(args[from])
						&& Integer.valueOf(ResultSet.CONCUR_READ_ONLY).equals(args[from + 1])));
	}

	private Object invoked(Method method, @Nullable Object[] args) throws Throwable {
		return Objects.requireNonNull(invoke(method, this.delegate, args));
	}

}
