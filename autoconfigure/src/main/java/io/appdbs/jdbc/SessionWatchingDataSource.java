package io.appdbs.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.JdbcEngine;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Opens the connections of a pool and watches their statements for such as leave
 * something behind in the session of the server, which the pool does not undo. It is
 * below the pool, so that borrowing costs nothing.
 */
final class SessionWatchingDataSource extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(SessionWatchingDataSource.class);

	/** Comments may have in them what is not to be logged. */
	private static final Pattern BEGINNING = Pattern
		.compile("(?>\\s+|--[^\\n]*+|#[^\\n]*+|/\\*(?>.*?\\*/|.*+))*+(\\w+(?:\\s+[\\w.@]+)?)", Pattern.DOTALL);

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	/** With what the pool itself prepares a connection. */
	private final Set<String> statementsOfPool;

	private final AtomicBoolean changed = new AtomicBoolean();

	/**
	 * Create a new {@link SessionWatchingDataSource}.
	 * @param dataSource opens the connections
	 * @param definition the database
	 * @param config the configuration of the pool
	 */
	SessionWatchingDataSource(DataSource dataSource, DatabaseDefinition definition, HikariConfig config) {
		super(dataSource);
		this.definition = definition;
		this.engine = (JdbcEngine) definition.engine();
		this.statementsOfPool = Stream.of(config.getConnectionInitSql(), config.getConnectionTestQuery())
			.filter(Objects::nonNull)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public Connection getConnection() throws SQLException {
		return watch(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return watch(super.getConnection(username, password));
	}

	private static Object proxy(Class<?>[] types, InvocationHandler handler) {
		return Proxy.newProxyInstance(SessionWatchingDataSource.class.getClassLoader(), types, handler);
	}

	private Connection watch(Connection connection) {
		return (Connection) proxy(new Class<?>[] { Connection.class, WatchedSession.class },
				new WatchedConnection(connection));
	}

	/**
	 * Return whether somebody who had borrowed a connection has changed its session.
	 * @param connection the connection, as the pool lends it
	 */
	boolean isSessionChanged(Connection connection) throws SQLException {
		return this.changed.get() && connection.unwrap(WatchedSession.class).isSessionChanged();
	}

	private boolean isSessionChange(@Nullable Object sql) {
		if (!(sql instanceof String text) || this.statementsOfPool.contains(text)
				|| !this.engine.isSessionChange(text)) {
			return false;
		}
		if (this.changed.compareAndSet(false, true)) {
			Matcher beginning = BEGINNING.matcher(text);
			logger.warn(
					"Database '%s': a borrower has changed the session of the server (%s ...). Its connection is replaced before it is lent again, as is every other one after this. To spare that, change it for a transaction only, or set '%s' to 'keep'."
						.formatted(this.definition.name(), beginning.lookingAt() ? beginning.group(1) : "",
								this.definition.key("pool.on-session-change")));
		}
		return true;
	}

	@Override
	public String toString() {
		return String.valueOf(getTargetDataSource());
	}

	/**
	 * What a connection is besides, for the one that lends it.
	 */
	private interface WatchedSession {

		boolean isSessionChanged();

	}

	private final class WatchedConnection implements InvocationHandler {

		private final Connection delegate;

		private volatile boolean changed;

		WatchedConnection(Connection delegate) {
			this.delegate = delegate;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			if (method.getDeclaringClass() == WatchedSession.class) {
				return this.changed;
			}
			@Nullable Object[] arguments = (args != null) ? args : new Object[0];
			switch (method.getName()) {
				case "equals" -> {
					return proxy == arguments[0];
				}
				case "prepareStatement", "prepareCall" -> watch(arguments[0]);
				case "createStatement" -> {
					Object statement = AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
					return proxy(new Class<?>[] { Statement.class }, new WatchedStatement(this, statement));
				}
			}
			return AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
		}

		void watch(@Nullable Object sql) {
			if (!this.changed && isSessionChange(sql)) {
				this.changed = true;
			}
		}

	}

	private record WatchedStatement(WatchedConnection connection,
			@Nullable Object delegate) implements InvocationHandler {

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			@Nullable Object[] arguments = (args != null) ? args : new Object[0];
			String name = method.getName();
			if (arguments.length > 0 && (name.startsWith("execute") || name.equals("addBatch"))) {
				this.connection.watch(arguments[0]);
			}
			return AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
		}

	}

}
