package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.ConnectionAdmission;
import io.appdbs.settings.ConnectionAdmission.Use;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.PoolSettings.OnSessionChange;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The open pool of a database.
 */
public final class ConnectionPool implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(ConnectionPool.class);

	/** The shortest connection timeout that HikariCP accepts. */
	private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(250);

	private final DatabaseDefinition definition;

	private final DriverDataSource driver;

	private final @Nullable SessionTrackingDataSource sessions;

	private final ValidatedConnections validated;

	private final HikariDataSource dataSource;

	private final List<ConnectionLimit> limits;

	private final @Nullable IdleConnections idle;

	private volatile int minimumIdle;

	/**
	 * Opens the pool of a database. Creates the layers below the pool, as the
	 * documentation of the package {@code io.appdbs.jdbc} lists them.
	 * @param definition the database
	 * @param driver opens the connections
	 * @param limits the connection limits of the server
	 * @param probe the connection that probes the database
	 */
	public ConnectionPool(DatabaseDefinition definition, DriverDataSource driver, List<ConnectionLimit> limits,
			JdbcProbe probe) {
		this.definition = definition;
		this.limits = limits;
		this.driver = driver;
		HikariConfig config = HikariConfigFactory.create(definition, driver.getDetails());
		if (config.getExceptionOverride() == null) {
			boolean writing = !definition.settings().readOnly() && definition.replicaOf() == null;
			config.setExceptionOverride(new OtherNodeExceptionOverride(definition.jdbcEngine(), writing
					? new ReadOnlyServerExceptionOverride(definition, new ServerRole(definition, this, driver, probe))
					: null));
		}
		this.sessions = (definition.settings().pool().onSessionChange() != OnSessionChange.KEEP)
				? new SessionTrackingDataSource(driver, definition, config) : null;
		this.validated = new ValidatedConnections((this.sessions != null) ? this.sessions : driver,
				Duration.ofMillis(config.getValidationTimeout()), config.getConnectionTestQuery(),
				this::replaceUnresponsive);
		config.setDataSource(this.validated);
		config.setConnectionTestQuery(null);
		this.dataSource = new HikariDataSource(config);
		this.minimumIdle = this.dataSource.getMinimumIdle();
		this.idle = (definition.admission() != null) ? new IdleConnections(this.dataSource, this.validated) : null;
		if (this.idle != null) {
			driver.setIdleConnections(this.idle);
			PoolThreads.endSoon(internal());
		}
	}

	/**
	 * Borrows a connection whose session is like new.
	 * @param begin the {@link System#nanoTime()} since which the caller has waited
	 * @param waited whether the caller has waited before this call
	 * @return the connection
	 * @throws SQLException if there is no connection in time
	 */
	public Connection getConnection(long begin, boolean waited) throws SQLException {
		Connection connection = waited ? borrow(begin) : this.dataSource.getConnection();
		while (this.sessions != null && !this.sessions.restore(connection)) {
			this.dataSource.evictConnection(connection);
			connection = borrow(begin);
		}
		return connection;
	}

	/**
	 * Borrows within the remaining time: the pool would allow each attempt the full
	 * timeout. A closed pool fails immediately.
	 */
	private Connection borrow(long begin) throws SQLException {
		long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
		return (waited == 0 || this.dataSource.isClosed()) ? this.dataSource.getConnection()
				: internal().getConnection(Math.max(1, this.dataSource.getConnectionTimeout() - waited));
	}

	/**
	 * Returns whether an idle connection answers.
	 * @param timeout the time to wait, shorter than the timeout of the pool: while a
	 * thread waits, the pool continues to connect
	 * @return whether an idle connection answers
	 * @throws SQLException if there is no connection in time, or it fails
	 */
	public boolean answers(Duration timeout) throws SQLException {
		try (Connection connection = borrow(timeout)) {
			return connection.isValid((int) Math.max(1, timeout.toSeconds()));
		}
	}

	/**
	 * Borrows a connection for a purpose of the pool, even if its session has changed.
	 */
	Connection borrow(Duration timeout) throws SQLException {
		return internal().getConnection(timeout.toMillis());
	}

	/**
	 * Verifies that the pool can open a connection and hand it out, unless all
	 * connections are in use.
	 * @param timeout the time to prepare the connection after it has been opened
	 * @throws SQLException if the pool cannot
	 */
	void verify(Duration timeout) throws SQLException {
		if (this.idle == null) {
			tryConnection(timeout);
			return;
		}
		this.idle.setVerifying(true);
		try {
			AdmittedConnection.expire(tryConnection(timeout), Use.POOL);
		}
		finally {
			this.idle.setVerifying(false);
		}
	}

	private Connection tryConnection(Duration timeout) throws SQLException {
		long begin = System.nanoTime();
		tryInitSql();
		Connection offered = this.driver.offer();
		try {
			this.validated.test(offered);
			while (getUsage().active() < this.dataSource.getMaximumPoolSize()) {
				try (Connection borrowed = borrow(SHORTEST_TIMEOUT)) {
					return offered;
				}
				catch (SQLTransientConnectionException ex) {
					// the pool closes a connection that it cannot prepare, and tries
					// again
					if (offered.isClosed() || System.nanoTime() - begin >= timeout.toNanos()) {
						throw ex;
					}
				}
			}
		}
		finally {
			this.driver.withdrawOffer();
		}
		return offered;
	}

	/**
	 * Tries the initial statements, because the pool logs a stack trace for each failure.
	 * On connections that it keeps, the pool executes them itself.
	 */
	private void tryInitSql() throws SQLException {
		if (this.dataSource.getConnectionInitSql() == null) {
			return;
		}
		try (Connection trial = this.dataSource.getDataSource().getConnection()) {
			InitialSession.of(this.dataSource).apply(trial);
		}
	}

	/**
	 * Returns why the pool has fewer connections than allowed.
	 * @return the end of a sentence or {@code null} if the reason is not known
	 */
	public @Nullable String describeConnectFailure() {
		SQLException failure = this.driver.getLastFailure();
		if (failure != null) {
			return this.definition.engine().classify(failure).describe(failure);
		}
		return this.driver.isConnecting() ? "connecting takes longer" : null;
	}

	/**
	 * Returns which limit on the connections of several databases the pool waits for.
	 * @return a sentence or {@code null} if it does not
	 */
	public @Nullable String describeShortage() {
		ConnectionAdmission admission = this.definition.admission();
		return (admission != null) ? admission.describeShortage() : null;
	}

	/**
	 * Returns why no connection can be borrowed.
	 * @return the reason or {@code null} if the pool has connections, or has not failed
	 * to open one
	 */
	public @Nullable SQLException getFailure() {
		PoolUsage usage = getUsage();
		return (usage.active() + usage.idle() == 0) ? this.driver.getLastFailure() : null;
	}

	private HikariPool internal() {
		return (HikariPool) this.dataSource.getHikariPoolMXBean();
	}

	/**
	 * Returns the pool itself.
	 * @return the data source, which does not reset sessions
	 */
	public HikariDataSource getDataSource() {
		return this.dataSource;
	}

	/**
	 * Returns the details of new connections.
	 * @return the details, with the current credentials
	 */
	public DatabaseConnectionDetails getDetails() {
		return this.driver.getDetails();
	}

	/**
	 * Returns the usage of the pool.
	 * @return the current figures
	 */
	public PoolUsage getUsage() {
		HikariPoolMXBean bean = this.dataSource.getHikariPoolMXBean();
		return new PoolUsage(bean.getActiveConnections(), bean.getIdleConnections(),
				bean.getThreadsAwaitingConnection(), this.dataSource.getMaximumPoolSize());
	}

	/**
	 * Stops keeping idle connections, so that the pool connects only for waiting callers.
	 * Otherwise it would retry at increasing intervals of up to seconds, which would
	 * delay the first connection after an outage.
	 */
	public void suspend() {
		this.dataSource.getHikariConfigMXBean().setMinimumIdle(0);
	}

	/**
	 * Aborts all connections, including statements under way.
	 */
	public void abort() {
		this.driver.getOpenConnections().abort();
	}

	/**
	 * Replaces the connections after an outage.
	 */
	public void recover() {
		this.driver.abandonAttempts();
		this.dataSource.getHikariConfigMXBean().setMinimumIdle(this.minimumIdle);
		replace();
	}

	/**
	 * If the network has dropped one idle connection, it has probably dropped the others,
	 * and each of them would make a caller wait.
	 */
	private void replaceUnresponsive() {
		logger.info("Database '%s': an idle connection no longer answered; all connections are replaced"
			.formatted(this.definition.name()));
		replace();
	}

	/**
	 * Closes idle connections now, and others when they are returned.
	 */
	void replace() {
		IdleConnections.replace(internal());
	}

	/**
	 * Opens new connections with other credentials. Idle connections with the former
	 * credentials are closed now, others when they are returned.
	 * @param details the details with the other credentials
	 * @return aborts connections that still have the former credentials
	 */
	public Runnable rotate(DatabaseConnectionDetails details) {
		DatabaseConnectionDetails former = this.driver.rotate(details);
		replace();
		return () -> retire(former);
	}

	/**
	 * Opens new connections from now on, although the credentials are the same. Idle
	 * connections are closed now, others when they are returned.
	 * @return the details of the new connections
	 */
	public DatabaseConnectionDetails renew() {
		DatabaseConnectionDetails details = this.driver.renew();
		replace();
		return details;
	}

	/**
	 * A connection that was being added at the time of the rotation can still be idle:
	 * the pool must evict it before it is aborted.
	 */
	private void retire(DatabaseConnectionDetails former) {
		if (this.driver.getOpenConnections().contains(former)) {
			replace();
			this.driver.getOpenConnections().abort(former);
		}
	}

	/**
	 * Changes the maximum number of connections.
	 * @param maximum the number
	 * @throws IllegalDatabaseOperationException if the settings or the server do not
	 * allow it
	 */
	public void setMaximumSize(int maximum) {
		String name = this.definition.name();
		Integer minimum = this.definition.settings().pool().minSize();
		if (minimum != null && maximum < minimum) {
			throw new IllegalDatabaseOperationException(name,
					"The pool of database '%s' cannot have a maximum of %d: '%s' is %d.".formatted(name, maximum,
							this.definition.key("pool.min-size"), minimum));
		}
		for (ConnectionLimit limit : this.limits) {
			if (maximum + 1 > limit.connections()) {
				throw new IllegalDatabaseOperationException(name,
						"The pool of database '%s' cannot have a maximum of %d plus one connection for the probe: the server accepts %d connections (%s)."
							.formatted(name, maximum, limit.connections(), limit.description()));
			}
		}
		resize(maximum);
	}

	/**
	 * As at the start, a minimum that is not configured follows the maximum.
	 */
	private void resize(int maximum) {
		HikariConfigMXBean config = this.dataSource.getHikariConfigMXBean();
		boolean suspended = config.getMinimumIdle() != this.minimumIdle;
		if (this.minimumIdle == config.getMaximumPoolSize() || this.minimumIdle > maximum) {
			this.minimumIdle = maximum;
		}
		config.setMinimumIdle(Math.min(config.getMinimumIdle(), maximum));
		config.setMaximumPoolSize(maximum);
		PoolUsage usage = getUsage();
		if (usage.active() + usage.idle() > maximum) {
			// the pool compares with the maximum only when it adds a connection
			replace();
		}
		if (!suspended) {
			config.setMinimumIdle(this.minimumIdle);
		}
	}

	/**
	 * Closes the pool, even if the thread is interrupted before or meanwhile, as the
	 * thread that opens a database is when the application ends: HikariCP would leave its
	 * threads and connections.
	 */
	@Override
	public void close() {
		Thread closing = new Thread(this.dataSource::close, "appdbs-close-" + this.definition.name());
		closing.setDaemon(true);
		closing.start();
		boolean interrupted = false;
		while (closing.isAlive()) {
			try {
				closing.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		this.driver.getOpenConnections().close();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
