package io.appdbs.jdbc.pool;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the driver that tracks how callers change its session. The proxy has
 * the interfaces of the driver, so that calls of their methods are tracked, too.
 */
final class SessionTrackingConnection extends JdbcProxy implements TrackedSession {

	/** The pool resets what these methods set. */
	private static final Set<String> RESET_BY_POOL = Set.of("setAutoCommit", "setReadOnly", "setTransactionIsolation",
			"setNetworkTimeout");

	private final SessionTrackingDataSource dataSource;

	private final JdbcEngine engine;

	private final Connection delegate;

	/** Values from before the first change. */
	private final Map<SessionAttribute, @Nullable Object> originals = new EnumMap<>(SessionAttribute.class);

	private final Set<SessionAttribute> set = EnumSet.noneOf(SessionAttribute.class);

	private volatile boolean changed;

	private SessionTrackingConnection(SessionTrackingDataSource dataSource, JdbcEngine engine, Connection delegate) {
		this.dataSource = dataSource;
		this.engine = engine;
		this.delegate = delegate;
	}

	static Connection wrap(SessionTrackingDataSource dataSource, JdbcEngine engine, Connection connection) {
		Class<?>[] types = publicInterfaces(connection, Connection.class, TrackedSession.class);
		return (Connection) new SessionTrackingConnection(dataSource, engine, connection).createProxy(types);
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		if (method.getDeclaringClass() == TrackedSession.class) {
			return restore();
		}
		if (method.getName().equals("unwrap") && args[0] instanceof Class<?> type) {
			if (type.isInstance(proxy)) {
				return proxy;
			}
			change("unwrap(" + type.getName() + ")");
		}
		if (args.length > 0) {
			called(method, args[0]);
		}
		Object result = invokeDelegate(method, args);
		return (result instanceof Statement statement) ? track(method.getReturnType(), statement) : result;
	}

	private void called(Method method, @Nullable Object argument) {
		String name = method.getName();
		if (name.startsWith("prepare") || name.endsWith("PrepareStatement") || name.startsWith("exec")) {
			executed(argument);
		}
		SessionAttribute attribute = SessionAttribute.ofSetter(name);
		if (attribute != null) {
			if (this.originals.containsKey(attribute)) {
				this.set.add(attribute);
			}
			else {
				// its value is read before the next caller gets a connection
				this.changed = true;
				this.dataSource.used(attribute);
			}
		}
		else if (!RESET_BY_POOL.contains(name) && !name.equals("setSavepoint")
				&& (name.startsWith("set") || name.startsWith("add") || name.startsWith("change"))) {
			change(method.getDeclaringClass().getSimpleName() + "." + name);
		}
	}

	private void change(String what) {
		if (!this.changed) {
			this.changed = true;
			this.dataSource.changed(what);
		}
	}

	private void executed(@Nullable Object sql) {
		if (!this.changed && sql instanceof String text && this.dataSource.isSessionChange(text)) {
			change(beginning(text));
		}
	}

	/**
	 * Returns the first two words: the rest may contain values that must not be logged.
	 */
	private String beginning(String sql) {
		SqlLexer lexer = new SqlLexer(sql, this.engine.getSqlSyntax());
		StringBuilder beginning = new StringBuilder();
		int end = -1;
		int words = 0;
		while (lexer.next() == Token.WORD || (lexer.end() - lexer.start() == 1 && (lexer.is(".") || lexer.is("@")))) {
			if (lexer.start() != end && ++words > 2) {
				break;
			}
			beginning.append((words == 2 && lexer.start() != end) ? " " : "").append(sql, lexer.start(), lexer.end());
			end = lexer.end();
		}
		return beginning.append(" ...").toString();
	}

	/**
	 * If the pool fails to end a transaction, it skips the rest of the reset.
	 */
	private @Nullable Object invokeDelegate(Method method, @Nullable Object[] args) throws Throwable {
		try {
			return invoke(method, this.delegate, args);
		}
		catch (SQLFeatureNotSupportedException ex) {
			throw ex;
		}
		catch (SQLException ex) {
			if (RESET_BY_POOL.contains(method.getName()) && !this.delegate.getAutoCommit()) {
				change(method.getName());
			}
			throw ex;
		}
	}

	private Object track(Class<?> type, Statement statement) {
		return (type == Statement.class || this.engine.isQueryTimeoutOfConnection())
				? new TrackedStatement(statement).createProxy(type) : statement;
	}

	@Override
	public boolean restore() {
		if (this.changed) {
			return false;
		}
		Set<SessionAttribute> used = this.dataSource.getUsed();
		if (this.set.isEmpty() && this.originals.size() == used.size()) {
			return true;
		}
		try {
			return restore(used);
		}
		catch (SQLException | RuntimeException ex) {
			// the next caller needs another connection, whatever the reason
			return false;
		}
	}

	/**
	 * Statements that a setter executes on the server are part of the transaction.
	 */
	private boolean restore(Set<SessionAttribute> used) throws SQLException {
		boolean autoCommit = this.delegate.getAutoCommit();
		if (!autoCommit) {
			this.delegate.rollback();
		}
		for (SessionAttribute attribute : this.set) {
			if (!attribute.restore(this.delegate, this.engine, this.originals.get(attribute))) {
				return false;
			}
		}
		this.set.clear();
		for (SessionAttribute attribute : used) {
			if (!this.originals.containsKey(attribute)) {
				this.originals.put(attribute, attribute.read(this.delegate, this.engine));
			}
		}
		if (!autoCommit) {
			this.delegate.commit();
		}
		return true;
	}

	private final class TrackedStatement extends JdbcProxy {

		private final Statement delegate;

		TrackedStatement(Statement delegate) {
			this.delegate = delegate;
		}

		@Override
		protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
			String name = method.getName();
			if (args.length > 0 && (name.startsWith("execute") || name.equals("addBatch"))) {
				executed(args[0]);
			}
			if (name.equals("setQueryTimeout") && SessionTrackingConnection.this.engine.isQueryTimeoutOfConnection()) {
				change("Statement.setQueryTimeout");
			}
			return invoke(method, this.delegate, args);
		}

	}

}
