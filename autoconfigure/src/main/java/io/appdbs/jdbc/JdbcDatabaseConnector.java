package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import io.appdbs.DatabaseCluster;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.archive.Archiver;
import io.appdbs.engine.archive.ArchiverReading;
import io.appdbs.jdbc.load.AdaptiveLimit;
import io.appdbs.jdbc.pool.ConnectionPool;
import io.appdbs.jdbc.pool.DriverDataSource;
import io.appdbs.jdbc.pool.DroppedSettingsCheck;
import io.appdbs.jdbc.pool.JdbcProbe;
import io.appdbs.jdbc.pool.TrialConnection;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Connects to a relational database: first a separate connection, which identifies the
 * server and later probes it, then the preparations, and then the pool.
 */
public final class JdbcDatabaseConnector implements DatabaseConnector {

	private static final Log logger = LogFactory.getLog(JdbcDatabaseConnector.class);

	private final DatabaseDefinition definition;

	private final DatabaseAvailability availability;

	private final Shared shared;

	private final ReplicationProbe replication;

	private final ClusterProbe cluster;

	private final FailFastDataSource dataSource;

	private final LoginVerification verification;

	private volatile @Nullable OpenJdbcDatabase open;

	private @Nullable MetricsTrackerFactory metrics;

	private boolean closed;

	/**
	 * Creates a new {@link JdbcDatabaseConnector}.
	 * @param definition the database
	 * @param availability whether the database can be used
	 * @param shared the objects that all connectors share
	 */
	public JdbcDatabaseConnector(DatabaseDefinition definition, DatabaseAvailability availability, Shared shared) {
		this.definition = definition;
		this.availability = availability;
		this.shared = shared;
		this.replication = new ReplicationProbe(definition, shared.lags().get(definition.primaryName()));
		this.cluster = new ClusterProbe(definition);
		this.dataSource = new FailFastDataSource(definition, availability);
		this.verification = new LoginVerification(definition, shared.preparations(), availability.getFailedLogins());
	}

	/**
	 * Returns the data source of the pool, which fails fast while the database is down.
	 * @return the data source, also before the database has been opened
	 */
	public DataSource getDataSource() {
		return this.dataSource;
	}

	/**
	 * Borrows a connection.
	 * @param begin the {@link System#nanoTime()} since which the caller has waited
	 * @return the connection
	 * @throws SQLException if the database is down, or the pool has no connection in time
	 */
	public Connection borrow(long begin) throws SQLException {
		return this.dataSource.getConnection(begin);
	}

	/**
	 * Sets the factory of the pool's meters, also for a pool that is opened later. Called
	 * once.
	 * @param metrics the factory
	 */
	public synchronized void setMetricsTrackerFactory(MetricsTrackerFactory metrics) {
		this.metrics = metrics;
		OpenJdbcDatabase open = this.open;
		if (open != null) {
			open.pool().getDataSource().setMetricsTrackerFactory(metrics);
		}
	}

	@Override
	public ConnectedServer connect(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		JdbcEngine configured = this.definition.jdbcEngine();
		JdbcProbe probe = new JdbcProbe(this.definition, details, this.availability.getFailedLogins());
		boolean connected = false;
		try {
			Connection connection = DatabaseCreator.openOrCreate(this.definition, details, () -> probe.open(timeout));
			String version = configured.readServerVersion(connection);
			JdbcEngine engine = this.shared.engines().identify(configured, version);
			logOtherEngine(configured, engine, version);
			List<ConnectionLimit> limits = ConnectionLimitCheck.readLimits(engine, connection);
			this.cluster.connected(connection, engine);
			TransactionPoolingCheck.warnIfShared(this.definition, details, connection);
			probe.setReturnable();
			List<PreparationReport> reports = DatabasePreparation.prepareAll(this.shared.preparations(),
					this.definition, details);
			openPool(details, probe, engine, limits);
			if (isOnDemand()) {
				probe.close();
			}
			connected = true;
			return new ConnectedServer(engine, shorten(version), reports);
		}
		finally {
			if (!connected) {
				probe.close();
				this.shared.limitCheck().notOpened(this.definition.name());
			}
		}
	}

	/**
	 * The settings have been validated for the engine of the URL.
	 */
	private void logOtherEngine(JdbcEngine configured, JdbcEngine engine, String version) {
		if (engine != configured && engine.isSameProtocol(configured)) {
			logger.info(
					"Database '%s' is %s (%s). Set '%s' to '%s', so that settings that %s does not support are rejected."
						.formatted(this.definition.name(), engine.getDisplayName(), shorten(version),
								this.definition.key("engine"), engine.getId(), engine.getDisplayName()));
		}
	}

	private static String shorten(String version) {
		return version.split(" on |[(,]")[0].trim();
	}

	private void openPool(DatabaseConnectionDetails details, JdbcProbe probe, JdbcEngine engine,
			List<ConnectionLimit> limits) throws SQLException {
		DriverDataSource driver = new DriverDataSource(this.definition, details, this.availability.getFailedLogins(),
				this.availability::refreshCredentials, this.availability.isRotating());
		ConnectionPool pool = new ConnectionPool(this.definition, driver, limits, probe);
		OpenJdbcDatabase database = new OpenJdbcDatabase(this.definition, engine, pool, probe);
		boolean opened = false;
		try {
			if (!isOnDemand()) {
				database.checkPool();
				DroppedSettingsCheck.warnIfDropped(this.definition, details, engine, pool);
			}
			publish(database);
			opened = true;
		}
		finally {
			if (!opened) {
				pool.close();
			}
		}
		this.replication.probe(probe, engine);
		if (this.definition.admission() == null) {
			this.shared.limitCheck().opened(this.definition, details, engine, pool.getUsage().maximum(), limits);
		}
	}

	private synchronized void publish(OpenJdbcDatabase database) {
		if (this.closed) {
			throw closedMeanwhile();
		}
		if (this.metrics != null) {
			database.pool().getDataSource().setMetricsTrackerFactory(this.metrics);
		}
		this.open = database;
		this.dataSource.setPool(database.pool());
	}

	private static IllegalStateException closedMeanwhile() {
		return new IllegalStateException("The application was closed meanwhile");
	}

	/**
	 * Probes the server, and the pool if it has failed: its connections differ from the
	 * probe's and can fail for other reasons.
	 */
	@Override
	public void probe(@Nullable Duration connectTimeout, Duration timeout) throws SQLException {
		OpenJdbcDatabase open = this.open;
		long begin = System.nanoTime();
		if (open != null && isOnDemand()) {
			probeOnDemand(open, connectTimeout, timeout);
		}
		else if (open != null && open.probe(this.availability.isUp(), connectTimeout, timeout)) {
			this.replication.probe(open.probe(), open.engine());
			this.cluster.probe(open.probe(), open.engine(), begin);
			if (this.availability.isUp() && open.pool().getFailure() != null) {
				open.checkPool();
			}
		}
	}

	/**
	 * Reads how the server archives its log, on the connection that probes it.
	 * @return what was read, empty if the server does not archive, or {@code null} if the
	 * connection is in use or the database has not been opened
	 * @throws SQLException if the server did not answer
	 */
	public @Nullable Optional<ArchiverReading> readArchiver() throws SQLException {
		OpenJdbcDatabase open = this.open;
		Archiver archiver = (open != null) ? open.engine().getArchiver() : null;
		if (open == null || archiver == null) {
			return (open != null) ? Optional.empty() : null;
		}
		return open.probe().ask((connection) -> Optional.ofNullable(archiver.read(connection)));
	}

	/**
	 * Returns whether there are connections only while the database is used, as it shares
	 * their limit with others: neither the probe nor the check of the pool leaves one
	 * open.
	 */
	private boolean isOnDemand() {
		return this.definition.admission() != null;
	}

	/**
	 * The pool does not connect only to be verified. A borrow validates the connection
	 * and is as good as a probe.
	 */
	private void probeOnDemand(OpenJdbcDatabase open, @Nullable Duration connectTimeout, Duration timeout)
			throws SQLException {
		Duration interval = this.definition.settings().health().interval();
		boolean working = this.availability.isUp() && open.pool().getUsage().idle() > 0
				&& open.pool().getFailure() == null && this.dataSource.hasBorrowedWithin(interval);
		if (!working) {
			try {
				open.probe(this.availability.isUp(), connectTimeout, timeout);
			}
			finally {
				open.probe().close();
			}
		}
	}

	@Override
	public boolean isUnusedFor(Duration time) {
		PoolUsage usage = this.dataSource.getUsage();
		return isOnDemand() && !this.dataSource.hasBorrowedWithin(time)
				&& (usage == null || usage.active() + usage.waiting() == 0);
	}

	@Override
	public @Nullable Duration getReplicationLag() {
		return this.replication.getLag();
	}

	@Override
	public @Nullable String getReplicationProblem() {
		return this.replication.getProblem();
	}

	@Override
	public @Nullable DatabaseCluster getCluster() {
		return this.cluster.getCluster();
	}

	/**
	 * Returns the name of the database.
	 * @return the name
	 */
	public String getName() {
		return this.definition.name();
	}

	/**
	 * Returns why a replica is not eligible for reads now.
	 * @return the end of a sentence or {@code null} if it is eligible
	 */
	public @Nullable String getReasonNotToRead() {
		if (!this.availability.isOpen()) {
			return this.availability.isUp() ? "is suspended" : "is down";
		}
		return this.replication.getReasonNotToRead();
	}

	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
		OpenJdbcDatabase open = this.open;
		Duration half = timeout.dividedBy(2);
		return open != null && open.isWorking(failure, half, this.dataSource.hasBorrowedWithin(half));
	}

	@Override
	public void suspend() {
		OpenJdbcDatabase open = this.open;
		if (open != null) {
			open.pool().suspend();
			this.dataSource.interruptWaiting();
		}
	}

	@Override
	public void abort() {
		OpenJdbcDatabase open = this.open;
		if (open != null) {
			open.pool().abort();
		}
	}

	@Override
	public void recover() throws SQLException {
		OpenJdbcDatabase open = this.open;
		if (open != null && isOnDemand()) {
			open.pool().recover();
		}
		else if (open != null) {
			open.recover();
		}
	}

	/**
	 * Verifies the new login as the former one was verified, before using it. The
	 * connection that tries the new credentials becomes the one that probes.
	 */
	@Override
	public Runnable rotate(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		OpenJdbcDatabase open = opened();
		this.verification.verify(details);
		open.probe().rotate(details, timeout);
		synchronized (this) {
			if (!this.closed) {
				return open.pool().rotate(details);
			}
		}
		open.probe().close();
		throw closedMeanwhile();
	}

	@Override
	public void renewSsl(Map<String, String> properties, Runnable use, Duration timeout) throws Exception {
		OpenJdbcDatabase open = this.open;
		if (open != null) {
			TrialConnection.open(this.definition, open.pool().getDetails().withProperties(properties), timeout);
		}
		use.run();
		// may have been opened meanwhile with the former certificates
		open = this.open;
		if (open != null) {
			open.renew(timeout);
		}
	}

	private OpenJdbcDatabase opened() {
		OpenJdbcDatabase open = this.open;
		Assert.state(open != null, "The database has not been opened");
		return open;
	}

	@Override
	public List<PreparationReport> verify() throws Exception {
		OpenJdbcDatabase open = opened();
		return this.verification.verifyAgain(open.pool().getDetails(), open.engine());
	}

	@Override
	public @Nullable DatabaseConnectionDetails getDetailsInUse() {
		OpenJdbcDatabase open = this.open;
		return (open != null) ? open.pool().getDetails() : null;
	}

	@Override
	public @Nullable PoolUsage getPoolUsage() {
		return this.dataSource.getUsage();
	}

	@Override
	public void sample() {
		this.dataSource.sample(() -> this.shared.limitCheck().getRoom(this.definition.name()));
	}

	@Override
	public void block() {
		this.dataSource.withLimit(AdaptiveLimit::dismiss);
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		OpenJdbcDatabase open = this.open;
		if (open == null) {
			String name = this.definition.name();
			throw new IllegalDatabaseOperationException(name, "Database '%s' has not been opened yet.".formatted(name));
		}
		open.pool().setMaximumSize(maximum);
		this.dataSource.withLimit((limit) -> limit.setMaximum(maximum));
	}

	@Override
	public void close() {
		OpenJdbcDatabase open = markClosed();
		this.dataSource.withLimit(AdaptiveLimit::dismiss);
		if (open != null) {
			open.close();
		}
	}

	private synchronized @Nullable OpenJdbcDatabase markClosed() {
		this.closed = true;
		return this.open;
	}

	/**
	 * The objects that all connectors of an application share.
	 *
	 * @param engines the engines that a server can be identified as
	 * @param preparations the steps between connecting and opening the pool, in order
	 * @param limitCheck compares the pools with the limits of their servers
	 * @param lags the lags of the replicas
	 */
	public record Shared(Engines engines, List<DatabasePreparation> preparations, ConnectionLimitCheck limitCheck,
			ReplicationLags lags) {

		public Shared {
			preparations = List.copyOf(preparations);
		}

	}

}
