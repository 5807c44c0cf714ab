package io.appdbs.jdbc.pool;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * A connection of the driver that knows what borrowers have changed. Has the interfaces
 * of the driver, so that what is done with them is seen, too.
 */
final class SessionTrackingConnection implements InvocationHandler, TrackedSession {

	/** The pool resets what these set. */
	private static final Set<String> RESET_BY_POOL = Set.of("setAutoCommit", "setReadOnly", "setTransactionIsolation",
			"setNetworkTimeout");

	private static final ClassLoader CLASS_LOADER = SessionTrackingConnection.class.getClassLoader();

	private final SessionTrackingDataSource dataSource;

	private final JdbcEngine engine;

	private final Connection delegate;

	/** Values from before they were changed. */
	private final Map<SessionAttribute, @Nullable Object> originals = new EnumMap<>(SessionAttribute.class);

	private final Set<SessionAttribute> set = EnumSet.noneOf(SessionAttribute.class);

	private volatile boolean changed;

	private SessionTrackingConnection(SessionTrackingDataSource dataSource, JdbcEngine engine, Connection delegate) {
		this.dataSource = dataSource;
		this.engine = engine;
		this.delegate = delegate;
	}

	static Connection watch(SessionTrackingDataSource dataSource, JdbcEngine engine, Connection connection) {
		Class<?>[] types = Stream
			.concat(Arrays.stream(ClassUtils.getAllInterfacesForClass(connection.getClass(), CLASS_LOADER))
				.filter((type) -> Modifier.isPublic(type.getModifiers())),
					Stream.of(Connection.class, TrackedSession.class))
			.distinct()
			.toArray(Class<?>[]::new);
		return (Connection) Proxy.newProxyInstance(CLASS_LOADER, types,
				new SessionTrackingConnection(dataSource, engine, connection));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		if (method.getDeclaringClass() == TrackedSession.class) {
			return restore();
		}
		@Nullable Object[] arguments = (args != null) ? args : new Object[0];
		String name = method.getName();
		if (name.equals("equals")) {
			return proxy == arguments[0];
		}
		if (name.equals("unwrap") && arguments[0] instanceof Class<?> type) {
			if (type.isInstance(proxy)) {
				return proxy;
			}
			change("unwrap(" + type.getName() + ")");
		}
		if (arguments.length > 0) {
			called(method, arguments[0]);
		}
		Object result = invoke(method, arguments);
		return (result instanceof Statement statement) ? watch(method, statement) : result;
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
				// to be read before the next borrower gets a connection
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
	 * Return the first two words: the rest may have in it what is not to be logged.
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
	 * When the pool fails to end a transaction it leaves out the rest of the reset.
	 */
	private @Nullable Object invoke(Method method, @Nullable Object[] arguments) throws Throwable {
		try {
			return AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
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

	private Object watch(Method method, Statement statement) {
		if (method.getReturnType() == Statement.class || this.engine.isQueryTimeoutOfConnection()) {
			return Proxy.newProxyInstance(CLASS_LOADER, new Class<?>[] { method.getReturnType() },
					new WatchedStatement(this, statement));
		}
		return statement;
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
			// the next borrower needs another connection, whatever the reason
			return false;
		}
	}

	/**
	 * What a setter has executed on the server is part of the transaction.
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

	private record WatchedStatement(SessionTrackingConnection connection,
			Statement delegate) implements InvocationHandler {

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			@Nullable Object[] arguments = (args != null) ? args : new Object[0];
			String name = method.getName();
			if (arguments.length > 0 && (name.startsWith("execute") || name.equals("addBatch"))) {
				this.connection.executed(arguments[0]);
			}
			if (name.equals("setQueryTimeout") && this.connection.engine.isQueryTimeoutOfConnection()) {
				this.connection.change("Statement.setQueryTimeout");
			}
			return AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
		}

	}

}
