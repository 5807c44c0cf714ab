package io.appdbs.jdbc.pool;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Opens the connections of a pool, validates them for the pool, and notices when one says
 * nothing any longer. The pool would validate one after the other, and would log failures
 * with stack traces or with advice that does not apply.
 */
final class ValidatedConnections extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(ValidatedConnections.class);

	private final Duration timeout;

	private final @Nullable String testQuery;

	private final Runnable silent;

	/** Several callers validate connections at the same time. */
	private final AtomicLong last;

	/**
	 * Create new {@link ValidatedConnections}.
	 * @param dataSource opens the connections
	 * @param timeout within which the pool wants an answer
	 * @param testQuery the query that validates a connection or {@code null} to leave
	 * that to the driver
	 * @param silent called when there was none, once for all that were validated at the
	 * same time
	 */
	ValidatedConnections(DataSource dataSource, Duration timeout, @Nullable String testQuery, Runnable silent) {
		super(dataSource);
		this.timeout = timeout;
		this.testQuery = testQuery;
		this.silent = silent;
		this.last = new AtomicLong(System.nanoTime() - timeout.toNanos());
	}

	@Override
	public Connection getConnection() throws SQLException {
		return watch(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return watch(super.getConnection(username, password));
	}

	/**
	 * Execute the query that validates connections, if there is one. Without auto-commit
	 * it begins a transaction, in which the next borrower would be.
	 * @throws SQLException if it fails
	 */
	void test(Connection connection) throws SQLException {
		if (this.testQuery != null) {
			try (Statement statement = connection.createStatement()) {
				statement.setQueryTimeout((int) Math.max(1, this.timeout.toSeconds()));
				statement.execute(this.testQuery);
			}
			if (!connection.getAutoCommit()) {
				connection.rollback();
			}
		}
	}

	private Connection watch(Connection connection) {
		return (Connection) Proxy.newProxyInstance(ValidatedConnections.class.getClassLoader(),
				new Class<?>[] { Connection.class }, new ValidatedConnection(connection));
	}

	private void validated(long begin) {
		long now = System.nanoTime();
		long last = this.last.get();
		// one that is broken is found out sooner
		if (now - begin >= this.timeout.toNanos() / 2 && begin - last >= 0 && this.last.compareAndSet(last, now)) {
			this.silent.run();
		}
	}

	@Override
	public String toString() {
		return String.valueOf(getTargetDataSource());
	}

	private final class ValidatedConnection implements InvocationHandler {

		private final Connection delegate;

		ValidatedConnection(Connection delegate) {
			this.delegate = delegate;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			@Nullable Object[] arguments = (args != null) ? args : new Object[0];
			switch (method.getName()) {
				case "equals":
					return proxy == arguments[0];
				case "isValid":
					return isValid(method, arguments);
				case "setNetworkTimeout":
					if (this.delegate.isClosed()) {
						// the pool sets it around validation, and would log that it
						// cannot
						return null;
					}
					break;
				default:
					break;
			}
			return AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
		}

		private @Nullable Object isValid(Method method, @Nullable Object[] arguments) throws Throwable {
			long begin = System.nanoTime();
			Object result = (ValidatedConnections.this.testQuery != null) ? passesTest()
					: AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
			if (Boolean.FALSE.equals(result)) {
				validated(begin);
			}
			return result;
		}

		private boolean passesTest() {
			try {
				test(this.delegate);
				return true;
			}
			catch (SQLException ex) {
				logger.debug("A connection does not pass the test query", ex);
				return false;
			}
		}

	}

}
