package io.appdbs.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseOutage;
import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.pool.ConnectionPool;
import io.appdbs.jdbc.pool.DriverProperties;
import io.appdbs.jdbc.pool.WaitingThreads;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * The {@link javax.sql.DataSource} of a database. It borrows from the pool while the
 * database is up, and fails immediately while the database is down: the pool would block
 * each caller until its timeout.
 */
final class FailFastDataSource implements NamedDataSource {

	private final DatabaseDefinition definition;

	private final DatabaseAvailability availability;

	private final @Nullable ConnectionHolders holders;

	private final PoolExhaustionLog exhaustionLog = new PoolExhaustionLog(System::nanoTime);

	private final WaitingThreads waiting = new WaitingThreads();

	private final DerivableDataSource derivable = new DerivableDataSource(this);

	private volatile @Nullable ConnectionPool pool;

	private volatile long lastBorrow = System.nanoTime() - TimeUnit.DAYS.toNanos(1);

	FailFastDataSource(DatabaseDefinition definition, DatabaseAvailability availability) {
		this.definition = definition;
		this.availability = availability;
		this.holders = (definition.settings().pool().leakThreshold() != null) ? new ConnectionHolders() : null;
	}

	void setPool(ConnectionPool pool) {
		this.pool = pool;
	}

	@Override
	public String getDatabase() {
		return this.definition.name();
	}

	boolean hasBorrowedWithin(Duration duration) {
		return System.nanoTime() - this.lastBorrow < duration.toNanos();
	}

	/**
	 * Ends the waiting of all callers, because the database is down.
	 */
	void interruptWaiting() {
		this.waiting.interrupt();
	}

	@Override
	public Connection getConnection() throws SQLException {
		long begin = System.nanoTime();
		return this.availability.isOpen() ? borrow(begin, false) : getConnection(begin);
	}

	/**
	 * Borrows a connection.
	 * @param begin the {@link System#nanoTime()} since which the caller has waited
	 */
	Connection getConnection(long begin) throws SQLException {
		check(acquireTimeout().minusNanos(System.nanoTime() - begin));
		return borrow(begin, true);
	}

	/**
	 * Borrows a connection. Reading the clock takes about as long as borrowing from the
	 * pool, so {@code begin} is read once.
	 */
	private Connection borrow(long begin, boolean waited) throws SQLException {
		WaitingThreads.Wait wait = this.waiting.begin();
		try {
			ConnectionPool pool = this.pool;
			if (pool == null || !this.availability.isUp()) {
				// it went down a moment ago: nothing would end the waiting
				pool = check(Duration.ZERO);
			}
			Connection connection = borrowFromPool(pool, wait, begin, waited);
			checkStillUp(connection);
			this.lastBorrow = System.nanoTime();
			if (this.holders != null) {
				this.holders.add(connection, pool.getDataSource().getMaximumPoolSize());
			}
			return connection;
		}
		finally {
			wait.end();
		}
	}

	/**
	 * The pool may have opened the connection after the database went down, possibly
	 * because a verification has failed and the connection must not be used.
	 */
	private void checkStillUp(Connection connection) throws SQLException {
		DatabaseOutage outage = this.availability.isUp() ? null : this.availability.check(Duration.ZERO);
		if (outage != null) {
			JdbcUtils.closeConnection(connection);
			throw new DatabaseDownException(outage);
		}
	}

	private ConnectionPool check(Duration timeout) throws SQLException {
		DatabaseOutage outage = this.availability.check(timeout);
		ConnectionPool pool = this.pool;
		if (outage != null || pool == null) {
			throw (outage != null) ? new DatabaseDownException(outage) : notOpened();
		}
		return pool;
	}

	private Connection borrowFromPool(ConnectionPool pool, WaitingThreads.Wait wait, long begin, boolean waited)
			throws SQLException {
		try {
			return pool.getConnection(begin, waited);
		}
		catch (SQLException ex) {
			boolean interrupted = wait.end();
			if (interrupted || ex instanceof SQLTransientConnectionException) {
				throw explain(pool, ex);
			}
			this.availability.borrowFailed(BorrowFailure.ERROR);
			throw ex;
		}
	}

	/**
	 * Distinguishes an outage that had not been detected yet, a pool that cannot open
	 * further connections, and an exhausted pool.
	 */
	private SQLException explain(ConnectionPool pool, SQLException ex) {
		DatabaseOutage outage = this.availability.check(Duration.ZERO);
		if (outage != null) {
			DatabaseDownException down = new DatabaseDownException(outage);
			// as the cause, its message would be what logs print as the root cause
			down.addSuppressed(ex);
			return down;
		}
		PoolUsage usage = pool.getUsage();
		boolean inUse = usage.active() >= usage.maximum();
		long timeout = pool.getDataSource().getConnectionTimeout();
		String shortage = inUse ? null : pool.describeShortage();
		String failure = (inUse || shortage != null) ? null : pool.describeConnectFailure();
		if (failure != null) {
			this.availability.borrowFailed(BorrowFailure.CONNECT);
			return new PoolConnectException(getDatabase(),
					"Timed out after %d ms because the pool of database '%s' could not open a connection (%s): %s"
						.formatted(timeout, getDatabase(), describe(usage), failure),
					ex);
		}
		this.availability.borrowFailed(BorrowFailure.EXHAUSTED);
		PoolExhaustedException exhausted = new PoolExhaustedException(getDatabase(),
				"Timed out after %d ms waiting for a connection from the pool of database '%s': %s.%s".formatted(
						timeout, getDatabase(), describe(usage),
						inUse ? describeHolders() : (shortage != null) ? describeLimit(shortage) : ""),
				ex);
		this.exhaustionLog.exhausted(exhausted);
		return exhausted;
	}

	private static String describe(PoolUsage usage) {
		return "active %d, idle %d, waiting %d, maximum %d".formatted(usage.active(), usage.idle(), usage.waiting(),
				usage.maximum());
	}

	private String describeLimit(String shortage) {
		return " %s Close connections sooner, lower '%s' of databases that do not need as many, or increase the limit if the servers accept more connections."
			.formatted(shortage, this.definition.key("pool.max-size"));
	}

	private String describeHolders() {
		return (this.holders != null) ? " Held by " + this.holders.describe() + "."
				: " Set '%s' to see which threads hold the connections."
					.formatted(this.definition.key("pool.leak-threshold"));
	}

	/**
	 * Returns the usage of the pool, or {@code null} if it has not been opened.
	 */
	@Nullable PoolUsage getUsage() {
		ConnectionPool pool = this.pool;
		return (pool != null) ? pool.getUsage() : null;
	}

	/**
	 * Returns how many idle connections the pool keeps, 0 if it has not been opened.
	 */
	int getMinimumIdle() {
		ConnectionPool pool = this.pool;
		return (pool != null) ? pool.getDataSource().getMinimumIdle() : 0;
	}

	private Duration acquireTimeout() {
		return this.definition.settings().acquireTimeoutOrDefault();
	}

	private SQLException notOpened() {
		return new SQLTransientConnectionException(
				"Database '%s' has not been opened yet.".formatted(this.definition.name()));
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		throw new SQLFeatureNotSupportedException(
				"Database '%s' supports only the login of its configuration.".formatted(this.definition.name()));
	}

	DatabaseDefinition getDefinition() {
		return this.definition;
	}

	/**
	 * Returns the connection details with the current credentials.
	 */
	DatabaseConnectionDetails getDetails() {
		ConnectionPool pool = this.pool;
		return (pool != null) ? pool.getDetails() : this.definition.connectionDetails().get();
	}

	Properties getDriverProperties() {
		return DriverProperties.of(this.definition, getDetails());
	}

	/**
	 * Returns the pool, or what it wraps, for types that they have. As a plain
	 * {@link DataSource}, returns one that has the URL and the login, from which Boot
	 * derives others.
	 */
	@Override
	public <T> T unwrap(Class<T> type) throws SQLException {
		if (type == DataSource.class) {
			return type.cast(this.derivable);
		}
		if (type.isInstance(this)) {
			return type.cast(this);
		}
		ConnectionPool pool = this.pool;
		if (pool == null) {
			throw notOpened();
		}
		HikariDataSource dataSource = pool.getDataSource();
		return type.isInstance(dataSource) ? type.cast(dataSource) : dataSource.unwrap(type);
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		ConnectionPool pool = this.pool;
		return type.isInstance(this)
				|| (pool != null && (type.isInstance(pool.getDataSource()) || pool.getDataSource().isWrapperFor(type)));
	}

	@Override
	public @Nullable PrintWriter getLogWriter() throws SQLException {
		return null;
	}

	@Override
	public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
		throw new SQLFeatureNotSupportedException("Configure the application's logging system instead.");
	}

	@Override
	public void setLoginTimeout(int seconds) throws SQLException {
		throw new SQLFeatureNotSupportedException(
				"Set '%s' instead.".formatted(this.definition.key("pool.acquire-timeout")));
	}

	@Override
	public int getLoginTimeout() throws SQLException {
		return (int) acquireTimeout().toSeconds();
	}

	@Override
	public Logger getParentLogger() {
		return Logger.getLogger(Logger.GLOBAL_LOGGER_NAME);
	}

	@Override
	public String toString() {
		return "DataSource of database '%s'".formatted(this.definition.name());
	}

}
