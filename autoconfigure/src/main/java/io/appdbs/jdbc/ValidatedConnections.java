package io.appdbs.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Opens the connections of a pool and notices when the pool validates one that says
 * nothing any longer. The pool would validate one after the other.
 */
final class ValidatedConnections extends DelegatingDataSource {

	private final Duration timeout;

	private final Runnable silent;

	/** Several callers validate connections at the same time. */
	private final AtomicLong last;

	/**
	 * Create new {@link ValidatedConnections}.
	 * @param dataSource opens the connections
	 * @param timeout within which the pool wants an answer
	 * @param silent called when there was none, once for all that were validated at the
	 * same time
	 */
	ValidatedConnections(DataSource dataSource, Duration timeout, Runnable silent) {
		super(dataSource);
		this.timeout = timeout;
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
			if (method.getName().equals("equals")) {
				return proxy == arguments[0];
			}
			long begin = System.nanoTime();
			Object result = AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
			if (method.getName().equals("isValid") && Boolean.FALSE.equals(result)) {
				validated(begin);
			}
			return result;
		}

	}

}
