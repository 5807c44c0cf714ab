package io.appdbs.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.logging.Logger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseOutage;
import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.load.AdaptiveLimit;
import io.appdbs.jdbc.load.PoolLoad;
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

	private final BorrowDiagnosis diagnosis;

	private final PoolLoad load;

	private final WaitingThreads waiting = new WaitingThreads();

	private final DerivableDataSource derivable = new DerivableDataSource(this);

	private volatile @Nullable ConnectionPool pool;

	private volatile @Nullable AdaptiveLimit limit;

	private final AtomicLong lastBorrow = new AtomicLong(System.nanoTime() - TimeUnit.DAYS.toNanos(1));

	FailFastDataSource(DatabaseDefinition definition, DatabaseAvailability availability) {
		this.definition = definition;
		this.availability = availability;
		this.diagnosis = new BorrowDiagnosis(definition, availability);
		this.load = new PoolLoad(definition, this::getUsage, System::nanoTime);
	}

	void setPool(ConnectionPool pool) {
		if (this.definition.isPoolAdaptive()) {
			this.limit = new AdaptiveLimit(this.definition, pool.getDataSource().getMaximumPoolSize());
		}
		this.pool = pool;
	}

	/**
	 * Does something with the limit of the pool, if it has one.
	 */
	void withLimit(Consumer<AdaptiveLimit> action) {
		AdaptiveLimit limit = this.limit;
		if (limit != null) {
			action.accept(limit);
		}
	}

	@Override
	public String getDatabase() {
		return this.definition.name();
	}

	boolean hasBorrowedWithin(Duration duration) {
		return System.nanoTime() - this.lastBorrow.get() < duration.toNanos();
	}

	/**
	 * Measures the load of the pool.
	 * @param room supplies how many connections the server leaves to it
	 */
	void sample(IntSupplier room) {
		withLimit(AdaptiveLimit::releaseClosed);
		this.load.sample(room);
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
		return this.availability.isOpen() ? borrow(begin, begin) : getConnection(begin);
	}

	/**
	 * Borrows a connection.
	 * @param begin the {@link System#nanoTime()} since which the caller has waited
	 */
	Connection getConnection(long begin) throws SQLException {
		check(acquireTimeout().minusNanos(System.nanoTime() - begin));
		return borrow(begin, System.nanoTime());
	}

	/**
	 * Borrows a connection. Reading the clock takes about as long as borrowing from the
	 * pool, so each time is read once.
	 * @param begin since when the caller has waited
	 * @param asked since when it has waited for the pool
	 */
	private Connection borrow(long begin, long asked) throws SQLException {
		WaitingThreads.Wait wait = this.waiting.begin();
		try {
			ConnectionPool pool = this.pool;
			if (pool == null || !this.availability.isUp()) {
				// it went down a moment ago: nothing would end the waiting
				pool = check(Duration.ZERO);
			}
			Connection connection = borrowFromPool(pool, wait, begin, asked);
			if (connection == null) {
				wait.end();
				return getConnection(begin);
			}
			checkStillUp(connection);
			long end = System.nanoTime();
			// cheaper than a volatile write, and may be seen a moment later
			this.lastBorrow.lazySet(end);
			this.load.borrowed(end - asked);
			this.diagnosis.borrowed(connection, pool);
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

	/**
	 * Returns {@code null} if the caller did not get its turn because new borrows have
	 * been blocked.
	 */
	private @Nullable Connection borrowFromPool(ConnectionPool pool, WaitingThreads.Wait wait, long begin, long asked)
			throws SQLException {
		AdaptiveLimit limit = this.limit;
		try {
			return (limit != null)
					? limit.borrow(begin, acquireTimeout(),
							() -> this.availability.isOpen() ? pool.getConnection(begin, true) : null)
					: pool.getConnection(begin, begin != asked);
		}
		catch (SQLException ex) {
			boolean interrupted = wait.end();
			if (interrupted || ex instanceof SQLTransientConnectionException) {
				SQLException explained = this.diagnosis.explain(pool, getUsage(pool), ex);
				if (explained instanceof PoolExhaustedException) {
					this.load.timedOut(System.nanoTime() - asked);
				}
				throw explained;
			}
			this.availability.borrowFailed(BorrowFailure.ERROR);
			throw ex;
		}
	}

	/**
	 * Returns the usage of the pool, or {@code null} if it has not been opened.
	 */
	@Nullable PoolUsage getUsage() {
		ConnectionPool pool = this.pool;
		return (pool != null) ? getUsage(pool) : null;
	}

	private PoolUsage getUsage(ConnectionPool pool) {
		PoolUsage usage = pool.getUsage();
		AdaptiveLimit limit = this.limit;
		return new PoolUsage(usage.active(), usage.idle(), usage.waiting() + ((limit != null) ? limit.getWaiting() : 0),
				usage.maximum(), (limit != null) ? limit.getLimit() : null, this.load.getAdvice());
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
