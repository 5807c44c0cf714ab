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
import io.appdbs.lifecycle.BorrowFailure;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * The {@link javax.sql.DataSource} of a database: its pool while the database is up, and
 * an exception at once while it is down, which would otherwise hold every caller for the
 * time that the pool waits.
 */
final class FailFastDataSource implements NamedDataSource {

	private final DatabaseDefinition definition;

	private final DatabaseAvailability gate;

	private final @Nullable ConnectionHolders borrowers;

	private final PoolExhaustionLog exhaustionLog = new PoolExhaustionLog(System::nanoTime);

	private final WaitingThreads waiting = new WaitingThreads();

	private final DerivableDataSource derivable = new DerivableDataSource(this);

	private volatile @Nullable ConnectionPool pool;

	private volatile long lastBorrow = System.nanoTime() - TimeUnit.DAYS.toNanos(1);

	FailFastDataSource(DatabaseDefinition definition, DatabaseAvailability gate) {
		this.definition = definition;
		this.gate = gate;
		this.borrowers = (definition.settings().pool().leakThreshold() != null) ? new ConnectionHolders() : null;
	}

	void setPool(ConnectionPool pool) {
		this.pool = pool;
	}

	@Override
	public String getDatabase() {
		return this.definition.name();
	}

	/**
	 * Return whether the pool has given a connection within the last moments.
	 */
	boolean hasLentWithin(Duration duration) {
		return System.nanoTime() - this.lastBorrow < duration.toNanos();
	}

	/**
	 * Let nobody wait any longer, because the database is down.
	 */
	void interruptWaiting() {
		this.waiting.interrupt();
	}

	@Override
	public Connection getConnection() throws SQLException {
		long begin = System.nanoTime();
		return this.gate.isOpen() ? lend(begin, false) : getConnection(begin);
	}

	/**
	 * Borrow a connection.
	 * @param begin since when the caller has waited, by {@link System#nanoTime()}
	 */
	Connection getConnection(long begin) throws SQLException {
		check(acquireTimeout().minusNanos(System.nanoTime() - begin));
		return lend(begin, true);
	}

	/**
	 * Lend a connection of the pool. Reading the clock takes about as long as that.
	 */
	private Connection lend(long begin, boolean waited) throws SQLException {
		WaitingThreads.Wait wait = this.waiting.begin();
		try {
			ConnectionPool pool = this.pool;
			if (pool == null || !this.gate.isUp()) {
				// since a moment ago: nobody would end the waiting
				pool = check(Duration.ZERO);
			}
			Connection connection = borrow(pool, wait, begin, waited);
			checkStillUp(connection);
			this.lastBorrow = System.nanoTime();
			if (this.borrowers != null) {
				this.borrowers.add(connection, pool.getDataSource().getMaximumPoolSize());
			}
			return connection;
		}
		finally {
			wait.end();
		}
	}

	/**
	 * The pool may have opened the connection after the database has gone down, which may
	 * be because nobody must use it.
	 */
	private void checkStillUp(Connection connection) throws SQLException {
		DatabaseOutage outage = this.gate.isUp() ? null : this.gate.check(Duration.ZERO);
		if (outage != null) {
			JdbcUtils.closeConnection(connection);
			throw new DatabaseDownException(outage);
		}
	}

	private ConnectionPool check(Duration timeout) throws SQLException {
		DatabaseOutage outage = this.gate.check(timeout);
		ConnectionPool pool = this.pool;
		if (outage != null || pool == null) {
			throw (outage != null) ? new DatabaseDownException(outage) : notOpened();
		}
		return pool;
	}

	private Connection borrow(ConnectionPool pool, WaitingThreads.Wait wait, long begin, boolean waited)
			throws SQLException {
		try {
			return pool.getConnection(begin, waited);
		}
		catch (SQLException ex) {
			boolean interrupted = wait.end();
			if (interrupted || ex instanceof SQLTransientConnectionException) {
				throw explain(pool, ex);
			}
			this.gate.borrowFailed(BorrowFailure.ERROR);
			throw ex;
		}
	}

	/**
	 * Tell an outage that nobody had noticed yet, and a pool that cannot open as many
	 * connections as it may have, from one that is exhausted.
	 */
	private SQLException explain(ConnectionPool pool, SQLException ex) {
		DatabaseOutage outage = this.gate.check(Duration.ZERO);
		if (outage != null) {
			DatabaseDownException down = new DatabaseDownException(outage);
			// has nothing to say, and would be the root cause that logs print
			down.addSuppressed(ex);
			return down;
		}
		PoolUsage usage = pool.getUsage();
		boolean inUse = usage.active() >= usage.maximum();
		String failure = inUse ? null : pool.describeConnectFailure();
		if (failure != null) {
			this.gate.borrowFailed(BorrowFailure.CONNECT);
			return new PoolConnectException(getDatabase(),
					"Database '%s' is up, but its pool could not open a connection within %d ms (%s): %s".formatted(
							this.definition.name(), pool.getDataSource().getConnectionTimeout(), figures(usage),
							failure),
					ex);
		}
		this.gate.borrowFailed(BorrowFailure.EXHAUSTED);
		PoolExhaustedException exhausted = new PoolExhaustedException(getDatabase(),
				"Database '%s' is up, but its pool had no connection to give within %d ms: %s.%s".formatted(
						this.definition.name(), pool.getDataSource().getConnectionTimeout(), figures(usage),
						inUse ? describeHolders() : ""),
				ex);
		this.exhaustionLog.exhausted(exhausted);
		return exhausted;
	}

	private static String figures(PoolUsage usage) {
		return "active %d, idle %d, waiting %d, maximum %d".formatted(usage.active(), usage.idle(), usage.waiting(),
				usage.maximum());
	}

	private String describeHolders() {
		return (this.borrowers != null) ? " Held by " + this.borrowers.describe() + "."
				: " Set '%s' to see who holds the connections.".formatted(this.definition.key("pool.leak-threshold"));
	}

	/**
	 * Return the use of the pool or {@code null} if it has not been opened.
	 */
	@Nullable PoolUsage getUsage() {
		ConnectionPool pool = this.pool;
		return (pool != null) ? pool.getUsage() : null;
	}

	/**
	 * Return how many idle connections the pool keeps, 0 if it has not been opened.
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
				"Database '%s' has the login of its configuration and no other.".formatted(this.definition.name()));
	}

	DatabaseDefinition getDefinition() {
		return this.definition;
	}

	/**
	 * Return where connections go, with the current credentials.
	 */
	DatabaseConnectionDetails getTarget() {
		ConnectionPool pool = this.pool;
		return (pool != null) ? pool.getTarget() : this.definition.connectionDetails().get();
	}

	Properties getDriverProperties() {
		return DriverProperties.of(this.definition, getTarget());
	}

	/**
	 * Return the pool, or what is within, for its own types. As a {@link DataSource} it
	 * is one that has the URL and the login, to derive others from.
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
		throw new SQLFeatureNotSupportedException("Logging goes through the application's logging system.");
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
