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

	/** The shortest time that HikariCP would wait for a connection. */
	private static final Duration PROOF_INTERVAL = Duration.ofMillis(250);

	private final DatabaseDefinition definition;

	private final DriverDataSource connections;

	private final ValidatedConnections validated;

	private final @Nullable SessionTrackingDataSource sessions;

	private final HikariDataSource dataSource;

	private final List<ConnectionLimit> limits;

	private volatile int minimumIdle;

	/**
	 * Open the pool of a database.
	 * @param definition the database
	 * @param connections opens its connections
	 * @param target where they go
	 * @param limits the limits of the server
	 * @param probe the connection that probes the database
	 */
	public ConnectionPool(DatabaseDefinition definition, DriverDataSource connections, DatabaseConnectionDetails target,
			List<ConnectionLimit> limits, JdbcProbe probe) {
		this.definition = definition;
		this.limits = limits;
		this.connections = connections;
		HikariConfig config = HikariConfigFactory.create(definition, target, this.connections);
		if (config.getExceptionOverride() == null && !definition.settings().readOnly()
				&& definition.replicaOf() == null) {
			config.setExceptionOverride(new ReadOnlyServerExceptionOverride(definition, new Role(probe)));
		}
		this.sessions = watchSessions(definition, config);
		this.validated = new ValidatedConnections(config.getDataSource(),
				Duration.ofMillis(config.getValidationTimeout()), config.getConnectionTestQuery(),
				() -> replaceSilent(definition.name()));
		config.setDataSource(this.validated);
		config.setConnectionTestQuery(null);
		this.dataSource = new HikariDataSource(config);
		this.minimumIdle = this.dataSource.getMinimumIdle();
	}

	private static @Nullable SessionTrackingDataSource watchSessions(DatabaseDefinition definition,
			HikariConfig config) {
		if (definition.settings().pool().onSessionChange() == OnSessionChange.KEEP) {
			return null;
		}
		SessionTrackingDataSource sessions = new SessionTrackingDataSource(config.getDataSource(), definition, config);
		config.setDataSource(sessions);
		return sessions;
	}

	/**
	 * Borrow a connection that is as if it were new.
	 * @param begin when the caller has asked, by {@link System#nanoTime()}
	 * @param waited whether that was before this call
	 * @return the connection
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
	 * The pool allows each attempt the whole time, and says at once that it is closed.
	 */
	private Connection borrow(long begin) throws SQLException {
		long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
		return (waited == 0 || this.dataSource.isClosed()) ? this.dataSource.getConnection()
				: internal().getConnection(Math.max(1, this.dataSource.getConnectionTimeout() - waited));
	}

	/**
	 * Return whether an idle connection answers.
	 * @param timeout within which, shorter than the pool itself waits: a thread that
	 * waits makes the pool go on connecting
	 * @return whether an idle connection answers
	 */
	public boolean answers(Duration timeout) throws SQLException {
		try (Connection connection = internal().getConnection(timeout.toMillis())) {
			return connection.isValid((int) Math.max(1, timeout.toSeconds()));
		}
	}

	/**
	 * Prove that the pool can open a connection and lend it, unless all that it may have
	 * are in use.
	 * @param timeout within which the connection must be prepared once it is open
	 * @throws SQLException if it cannot
	 */
	void prove(Duration timeout) throws SQLException {
		long begin = System.nanoTime();
		tryInitSql();
		Connection offered = this.connections.offer();
		try {
			this.validated.test(offered);
			while (getUsage().active() < this.dataSource.getMaximumPoolSize()) {
				try (Connection lent = internal().getConnection(PROOF_INTERVAL.toMillis())) {
					return;
				}
				catch (SQLTransientConnectionException ex) {
					// the pool closes one that it cannot prepare, and goes on trying
					if (offered.isClosed() || System.nanoTime() - begin >= timeout.toNanos()) {
						throw ex;
					}
				}
			}
		}
		finally {
			this.connections.withdrawOffer();
		}
	}

	/**
	 * The pool would log each failure with a stack trace. It executes the statements
	 * itself on each connection that it keeps.
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
	 * Return why the pool has fewer connections than it may have.
	 * @return the end of a sentence or {@code null} if that is not known
	 */
	public @Nullable String describeConnectFailure() {
		SQLException failure = this.connections.getLastFailure();
		if (failure != null) {
			return this.definition.engine().classify(failure).describe(failure);
		}
		return this.connections.isConnecting() ? "opening one takes longer" : null;
	}

	/**
	 * Return why nothing can be borrowed.
	 * @return the reason or {@code null} if the pool has connections, or has not failed
	 * to open one
	 */
	public @Nullable SQLException getFailure() {
		PoolUsage usage = getUsage();
		return (usage.active() + usage.idle() == 0) ? this.connections.getLastFailure() : null;
	}

	private HikariPool internal() {
		return (HikariPool) this.dataSource.getHikariPoolMXBean();
	}

	public HikariDataSource getDataSource() {
		return this.dataSource;
	}

	public DatabaseConnectionDetails getTarget() {
		return this.connections.getTarget();
	}

	public PoolUsage getUsage() {
		HikariPoolMXBean bean = this.dataSource.getHikariPoolMXBean();
		return new PoolUsage(bean.getActiveConnections(), bean.getIdleConnections(),
				bean.getThreadsAwaitingConnection(), this.dataSource.getMaximumPoolSize());
	}

	/**
	 * Keep no idle connections, and so try to open none but for somebody who waits: a
	 * pool that goes on trying does so at growing intervals, up to seconds, which would
	 * delay the first connection after an outage.
	 */
	public void suspend() {
		this.dataSource.getHikariConfigMXBean().setMinimumIdle(0);
	}

	/**
	 * End whatever waits for an answer.
	 */
	public void abort() {
		this.connections.abort();
	}

	/**
	 * Forget what did not survive an outage, and open connections again.
	 */
	public void recover() {
		this.connections.abandonAttempts();
		this.dataSource.getHikariConfigMXBean().setMinimumIdle(this.minimumIdle);
		replace();
	}

	/**
	 * An idle connection has been dropped on the way, and so have probably the others,
	 * each of which would make a caller wait.
	 */
	private void replaceSilent(String database) {
		logger.info("Database '%s': an idle connection did not answer any longer, so its connections are replaced"
			.formatted(database));
		replace();
	}

	/**
	 * Close idle connections, and others when they are given back.
	 */
	private void replace() {
		this.dataSource.getHikariPoolMXBean().softEvictConnections();
	}

	/**
	 * Open connections with other credentials from now on. Those with the former ones are
	 * closed at once if they are idle, and otherwise when they are given back.
	 * @param target the target
	 * @return ends those that still have the former ones
	 */
	public Runnable rotate(DatabaseConnectionDetails target) {
		DatabaseConnectionDetails former = this.connections.rotate(target);
		replace();
		return () -> retire(former);
	}

	/**
	 * One that was about to be pooled at the time of the rotation may be idle still: the
	 * pool must have let go of it before it is ended.
	 */
	private void retire(DatabaseConnectionDetails former) {
		if (this.connections.isInUse(former)) {
			replace();
			this.connections.abort(former);
		}
	}

	/**
	 * Change how many connections are opened at most.
	 * @param maximum the number
	 * @throws IllegalDatabaseOperationException if the settings or the server forbid that
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
						"The pool of database '%s' cannot have a maximum of %d, and one more to watch it: the server takes %d connections (%s)."
							.formatted(name, maximum, limit.connections(), limit.description()));
			}
		}
		resize(maximum);
	}

	/**
	 * What was not set follows the maximum, as it does at the start.
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
			// the pool looks at the maximum only when it adds a connection
			replace();
		}
		if (!suspended) {
			config.setMinimumIdle(this.minimumIdle);
		}
	}

	@Override
	public void close() {
		this.dataSource.close();
		this.connections.close();
	}

	/**
	 * The role of the server by what the connections say.
	 *
	 * @param probe the connection that probes the database
	 */
	private final class Role implements ReadOnlyServerExceptionOverride.ServerRole {

		private final JdbcProbe probe;

		Role(JdbcProbe probe) {
			this.probe = probe;
		}

		@Override
		public boolean mayBeReadOnly() {
			Boolean ofPool = (getUsage().idle() > 0) ? askIdle() : null;
			Boolean ofProbe = this.probe.isReadOnly();
			return (ofPool == null && ofProbe == null) || Boolean.TRUE.equals(ofPool) || Boolean.TRUE.equals(ofProbe);
		}

		private @Nullable Boolean askIdle() {
			try (Connection connection = internal().getConnection(PROOF_INTERVAL.toMillis())) {
				return ask(connection);
			}
			catch (SQLException ex) {
				return null;
			}
		}

		private @Nullable Boolean ask(Connection connection) throws SQLException {
			return JdbcConnections.isReadOnly(ConnectionPool.this.definition.jdbcEngine(), connection);
		}

		@Override
		public boolean isReadOnlyForNewConnections() throws SQLException {
			try (Connection connection = ConnectionPool.this.connections.openUnpooled()) {
				return Boolean.TRUE.equals(ask(connection));
			}
		}

		@Override
		public void replaceConnections() {
			this.probe.close();
			replace();
		}

	}

}
