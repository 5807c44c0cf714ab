package io.appdbs.audit.jdbc;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.appdbs.audit.jdbc.Execution.Part;
import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose units of work are recorded.
 */
final class AuditedConnection extends JdbcProxy {

	private final Connection delegate;

	private final AuditSession session;

	/** Statements whose rows are being read. */
	private final Set<AuditedStatement> reading = Collections.newSetFromMap(new IdentityHashMap<>(2));

	private AuditedConnection(AuditedDatabase database, Connection delegate) {
		this.delegate = delegate;
		this.session = new AuditSession(database, delegate);
	}

	static Connection wrap(AuditedDatabase database, Connection delegate) {
		return new AuditedConnection(database, delegate).createProxy(Connection.class);
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		Connection connection = (Connection) proxy;
		return switch (method.getName()) {
			case "toString" -> "Audited " + this.delegate;
			case "isWrapperFor" -> ((Class<?>) Objects.requireNonNull(args[0])).isInstance(proxy)
					|| this.delegate.isWrapperFor((Class<?>) args[0]);
			case "unwrap" -> unwrap(proxy, method, args);
			case "createStatement" ->
				new AuditedStatement(connection, this, null, (Statement) call(method, args), isUpdatable(args, 0))
					.createProxy(Statement.class);
			case "prepareStatement" ->
				prepare(connection, (PreparedStatement) call(method, args), args).createProxy(PreparedStatement.class);
			case "prepareCall" ->
				prepare(connection, (CallableStatement) call(method, args), args).createProxy(CallableStatement.class);
			case "getMetaData" -> new MetaDataProxy(call(method, args), connection).createProxy(DatabaseMetaData.class);
			default -> control(method, args);
		};
	}

	private AuditedStatement prepare(Connection connection, Statement statement, @Nullable Object[] args) {
		return new AuditedStatement(connection, this, this.session.read(args[0]), statement, isUpdatable(args, 1));
	}

	/**
	 * The driver's own connection can write in ways that are not seen here.
	 */
	private @Nullable Object unwrap(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		Class<?> type = (Class<?>) Objects.requireNonNull(args[0]);
		if (type.isInstance(proxy)) {
			return proxy;
		}
		Execution execution = this.session.begin(List.of(new Part(SqlText.ofAction("unwrap " + type.getName()), 1)));
		try {
			Object result = invoke(method, this.delegate, args);
			this.session.unwrapped(execution);
			return result;
		}
		catch (Throwable ex) {
			this.session.fail(execution, ex);
			throw ex;
		}
	}

	private @Nullable Object control(Method method, @Nullable Object[] args) throws Throwable {
		switch (method.getName()) {
			case "commit" -> {
				countRows();
				return this.session.commit(() -> invoke(method, this.delegate, args));
			}
			case "rollback" -> {
				return rollBack(method, args);
			}
			case "setAutoCommit" -> {
				boolean commit = Boolean.TRUE.equals(args[0]) && !this.delegate.getAutoCommit();
				return commit ? this.session.commit(() -> invoke(method, this.delegate, args))
						: invoke(method, this.delegate, args);
			}
			case "close" -> {
				return close(method, args);
			}
			case "abort" -> {
				try {
					return invoke(method, this.delegate, args);
				}
				finally {
					this.session.close();
				}
			}
			default -> {
			}
		}
		Object result = invoke(method, this.delegate, args);
		if (result instanceof Savepoint savepoint) {
			this.session.set(savepoint);
		}
		return result;
	}

	private void countRows() {
		this.reading.forEach(AuditedStatement::countRows);
	}

	private @Nullable Object rollBack(Method method, @Nullable Object[] args) throws Throwable {
		if (args.length == 0) {
			countRows();
			return this.session.rollBack(() -> invoke(method, this.delegate, args));
		}
		Object result = invoke(method, this.delegate, args);
		this.session.undo((Savepoint) Objects.requireNonNull(args[0]));
		return result;
	}

	private @Nullable Object close(Method method, @Nullable Object[] args) throws Throwable {
		for (AuditedStatement statement : this.reading.toArray(new AuditedStatement[0])) {
			statement.endExecution();
		}
		try {
			return invoke(method, this.delegate, args);
		}
		finally {
			this.session.close();
		}
	}

	AuditSession getSession() {
		return this.session;
	}

	void addReading(AuditedStatement statement) {
		this.reading.add(statement);
	}

	void removeReading(AuditedStatement statement) {
		this.reading.remove(statement);
	}

	private Object call(Method method, @Nullable Object[] args) throws Throwable {
		return Objects.requireNonNull(invoke(method, this.delegate, args));
	}

	private static boolean isUpdatable(@Nullable Object[] args, int from) {
		return args.length > from + 1 && Integer.valueOf(ResultSet.CONCUR_UPDATABLE).equals(args[from + 1]);
	}

	/**
	 * Metadata, from which the way back leads to the connection that it came from.
	 */
	private static final class MetaDataProxy extends JdbcProxy {

		private final Object delegate;

		private final Connection connection;

		MetaDataProxy(Object delegate, Connection connection) {
			this.delegate = delegate;
			this.connection = connection;
		}

		@Override
		protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
			return method.getName().equals("getConnection") ? this.connection : invoke(method, this.delegate, args);
		}

	}

}
