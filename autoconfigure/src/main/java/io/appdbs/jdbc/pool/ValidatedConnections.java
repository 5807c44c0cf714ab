package io.appdbs.jdbc.pool;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import io.appdbs.jdbc.proxy.JdbcProxy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Validates the connections of a pool, and detects that one has stopped answering. The
 * pool would validate one after the other, and would log failures with stack traces or
 * with advice that does not apply.
 */
final class ValidatedConnections extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(ValidatedConnections.class);

	private final Duration timeout;

	private final @Nullable String testQuery;

	private final Runnable onTimeout;

	/** A thread whose connections are not validated, as it closes them. */
	private volatile @Nullable Thread closing;

	/** Several callers may validate connections at the same time. */
	private final AtomicLong lastTimeout;

	/**
	 * Creates new {@link ValidatedConnections}.
	 * @param dataSource opens the connections
	 * @param timeout the time that the pool allows for an answer
	 * @param testQuery the query that validates a connection or {@code null} to leave
	 * that to the driver
	 * @param onTimeout called when a connection did not answer in time, once for all that
	 * were validated at the same time
	 */
	ValidatedConnections(DataSource dataSource, Duration timeout, @Nullable String testQuery, Runnable onTimeout) {
		super(dataSource);
		this.timeout = timeout;
		this.testQuery = testQuery;
		this.onTimeout = onTimeout;
		this.lastTimeout = new AtomicLong(System.nanoTime() - timeout.toNanos());
	}

	@Override
	public Connection getConnection() throws SQLException {
		return wrap(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return wrap(super.getConnection(username, password));
	}

	/**
	 * Executes the query that validates connections, if there is one. Without auto-commit
	 * it begins a transaction, which must end before the next caller gets the connection.
	 * @throws SQLException if the query fails
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

	/**
	 * Borrows connections from the pool without validating them. Called by one thread at
	 * a time.
	 * @return what the borrower returns
	 */
	boolean withoutValidation(BooleanSupplier borrower) {
		this.closing = Thread.currentThread();
		try {
			return borrower.getAsBoolean();
		}
		finally {
			this.closing = null;
		}
	}

	private Connection wrap(Connection connection) {
		return new ValidatedConnection(connection).createProxy(Connection.class);
	}

	private void failed(long begin) {
		long now = System.nanoTime();
		long last = this.lastTimeout.get();
		// a broken connection fails sooner
		if (now - begin >= this.timeout.toNanos() / 2 && begin - last >= 0
				&& this.lastTimeout.compareAndSet(last, now)) {
			this.onTimeout.run();
		}
	}

	@Override
	public String toString() {
		return String.valueOf(getTargetDataSource());
	}

	private final class ValidatedConnection extends JdbcProxy {

		private final Connection delegate;

		ValidatedConnection(Connection delegate) {
			this.delegate = delegate;
		}

		@Override
		protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
			if (method.getName().equals("isValid")) {
				return ValidatedConnections.this.closing == Thread.currentThread() || isValid(method, args);
			}
			if (method.getName().equals("setNetworkTimeout") && this.delegate.isClosed()) {
				// the pool sets it around the validation, and would log a failure
				return null;
			}
			return invoke(method, this.delegate, args);
		}

		private boolean isValid(Method method, @Nullable Object[] args) throws Throwable {
			long begin = System.nanoTime();
			Object result = (ValidatedConnections.this.testQuery != null) ? passesTest()
					: invoke(method, this.delegate, args);
			if (Boolean.FALSE.equals(result)) {
				failed(begin);
			}
			return Boolean.TRUE.equals(result);
		}

		private boolean passesTest() {
			try {
				test(this.delegate);
				return true;
			}
			catch (SQLException ex) {
				logger.debug("A connection failed the test query", ex);
				return false;
			}
		}

	}

}
