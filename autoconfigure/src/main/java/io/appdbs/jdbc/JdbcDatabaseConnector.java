package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engines;
import io.appdbs.engine.FailureReason;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.pool.ConnectionPool;
import io.appdbs.jdbc.pool.DriverDataSource;
import io.appdbs.jdbc.pool.JdbcProbe;
import io.appdbs.jdbc.pool.PoolRecoveryCheck;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.FailedLogins;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Connects to a relational database: a connection of its own that tells what the server
 * is and later probes it, the preparations, and then the pool.
 */
public final class JdbcDatabaseConnector implements DatabaseConnector {

	private final DatabaseDefinition definition;

	/** That of the URL, until the server has told what it is. */
	private volatile JdbcEngine engine;

	private final Shared shared;

	private final DatabaseAvailability gate;

	private final ReplicationProbe replication;

	private final FailFastDataSource dataSource;

	private volatile @Nullable ConnectionPool pool;

	private volatile @Nullable JdbcProbe probe;

	private @Nullable MetricsTrackerFactory metrics;

	private boolean closed;

	/**
	 * Create a new {@link JdbcDatabaseConnector}.
	 * @param definition the database
	 * @param gate tells whether the database can be used
	 * @param shared what it shares with the connectors of other databases
	 */
	public JdbcDatabaseConnector(DatabaseDefinition definition, DatabaseAvailability gate, Shared shared) {
		this.definition = definition;
		this.engine = definition.jdbcEngine();
		this.shared = shared;
		this.gate = gate;
		this.replication = new ReplicationProbe(definition, shared.lags().get(definition.primaryName()));
		this.dataSource = new FailFastDataSource(definition, gate);
	}

	/**
	 * Return what the application borrows connections from.
	 * @return the data source, usable while the database is up
	 */
	public DataSource getDataSource() {
		return this.dataSource;
	}

	/**
	 * Borrow a connection.
	 * @param begin since when the caller has waited, by {@link System#nanoTime()}
	 * @return the borrow
	 */
	public Connection borrow(long begin) throws SQLException {
		return this.dataSource.getConnection(begin);
	}

	/**
	 * Have the pool measured, from now on or, while it has not been opened, from then on.
	 * Called once.
	 * @param metrics creates what measures
	 */
	public synchronized void setMetricsTrackerFactory(MetricsTrackerFactory metrics) {
		this.metrics = metrics;
		ConnectionPool pool = this.pool;
		if (pool != null) {
			pool.getDataSource().setMetricsTrackerFactory(metrics);
		}
	}

	@Override
	public ConnectedServer connect(DatabaseConnectionDetails target, Duration timeout) throws Exception {
		JdbcProbe probe = new JdbcProbe(this.definition, target, this.gate.getRefusedLogins());
		boolean connected = false;
		try {
			Connection connection = open(probe, target, timeout);
			String version = this.engine.readServerVersion(connection);
			JdbcEngine actual = this.shared.engines().identify(this.engine, version);
			List<PreparationReport> reports = DatabasePreparation.prepareAll(this.shared.preparations(),
					this.definition, target);
			TransactionPoolingCheck.warnIfShared(this.definition, target, connection);
			openPool(target, probe, actual, readLimits(actual, connection));
			connected = true;
			return new ConnectedServer(actual, version.split(" on |[(,]")[0].trim(), reports);
		}
		finally {
			if (!connected) {
				probe.close();
				this.shared.arithmetic().notOpened(this.definition.name());
			}
		}
	}

	private Connection open(JdbcProbe probe, DatabaseConnectionDetails target, Duration timeout) throws SQLException {
		try {
			return probe.open(timeout);
		}
		catch (SQLException ex) {
			if (DatabaseCreator.createIfMissing(this.definition, target, ex)) {
				return probe.open(timeout);
			}
			throw ex;
		}
	}

	private static List<ConnectionLimit> readLimits(JdbcEngine engine, Connection connection) {
		try {
			return engine.readConnectionLimits(connection);
		}
		catch (SQLException ex) {
			// it is only for a warning
			return List.of();
		}
	}

	private void openPool(DatabaseConnectionDetails target, JdbcProbe probe, JdbcEngine actual,
			List<ConnectionLimit> limits) throws SQLException {
		DriverDataSource connections = new DriverDataSource(this.definition, target, this.gate.getRefusedLogins(),
				this.gate::refreshCredentials, this.gate.isRotating());
		ConnectionPool pool = new ConnectionPool(this.definition, connections, target, limits, probe);
		boolean opened = false;
		try {
			new PoolRecoveryCheck(this.definition, pool, probe).prove();
			opened = publish(pool, probe, actual);
		}
		finally {
			if (!opened) {
				pool.close();
			}
		}
		this.replication.probe(probe, this.engine);
		this.shared.arithmetic().opened(this.definition, target, actual, pool.getUsage().maximum(), limits);
	}

	private synchronized boolean publish(ConnectionPool pool, JdbcProbe probe, JdbcEngine actual) {
		if (this.closed) {
			throw new IllegalStateException("The application was closed meanwhile");
		}
		if (this.metrics != null) {
			pool.getDataSource().setMetricsTrackerFactory(this.metrics);
		}
		this.engine = actual;
		this.probe = probe;
		this.pool = pool;
		this.dataSource.setPool(pool);
		return true;
	}

	/**
	 * What the application uses may fail where the probe does not, as it connects
	 * otherwise.
	 */
	@Override
	public void probe(@Nullable Duration connectTimeout, Duration timeout) throws SQLException {
		JdbcProbe probe = this.probe;
		ConnectionPool pool = this.pool;
		if (probe != null && pool != null) {
			if (!check(probe, pool, connectTimeout, timeout)) {
				return;
			}
			this.replication.probe(probe, this.engine);
			if (this.gate.isUp() && pool.getFailure() != null) {
				new PoolRecoveryCheck(this.definition, pool, probe).prove();
			}
		}
	}

	/**
	 * Probe the server. After an outage the pool may have been faster, and have the last
	 * connection that the server gives.
	 * @return {@code false} if it has, and gives it back to recover
	 */
	private boolean check(JdbcProbe probe, ConnectionPool pool, @Nullable Duration connectTimeout, Duration timeout)
			throws SQLException {
		try {
			probe.check(connectTimeout, timeout);
			return true;
		}
		catch (SQLException ex) {
			PoolUsage usage = pool.getUsage();
			if (this.gate.isUp() || usage.active() + usage.idle() == 0
					|| this.engine.classify(ex) != FailureReason.TOO_MANY_CONNECTIONS) {
				throw ex;
			}
			return false;
		}
	}

	@Override
	public @Nullable Duration getReplicationLag() {
		return this.replication.getLag();
	}

	@Override
	public @Nullable String getReplicationProblem() {
		return this.replication.getProblem();
	}

	public String getName() {
		return this.definition.name();
	}

	/**
	 * Return why a replica should not serve reads now.
	 * @return the end of a sentence or {@code null} if it can
	 */
	public @Nullable String getReasonNotToRead() {
		if (!this.gate.isOpen()) {
			return this.gate.isUp() ? "is suspended" : "is down";
		}
		return this.replication.getReasonNotToRead();
	}

	/**
	 * An idle connection that answers proves that the pool works. Where none is idle,
	 * connections that come and go do, as does a server that lives but takes no further
	 * connection.
	 */
	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
		ConnectionPool pool = this.pool;
		if (pool == null) {
			return false;
		}
		PoolUsage usage = pool.getUsage();
		Duration half = timeout.dividedBy(2);
		if (usage.idle() > 0) {
			return answers(pool, half);
		}
		return this.dataSource.hasLentWithin(half) || (usage.active() > 0 && this.engine.classify(failure).isAnswer());
	}

	private static boolean answers(ConnectionPool pool, Duration timeout) {
		try {
			return pool.answers(timeout);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	@Override
	public void suspend() {
		ConnectionPool pool = this.pool;
		if (pool != null) {
			pool.suspend();
			this.dataSource.interruptWaiting();
		}
	}

	@Override
	public void abort() {
		ConnectionPool pool = this.pool;
		if (pool != null) {
			pool.abort();
		}
	}

	@Override
	public void recover() throws SQLException {
		ConnectionPool pool = this.pool;
		JdbcProbe probe = this.probe;
		if (pool != null && probe != null) {
			pool.recover();
			new PoolRecoveryCheck(this.definition, pool, probe).prove();
		}
	}

	/**
	 * What has been verified of the former login is verified of the other one before it
	 * is used. The connection that tries the other credentials is the one that probes
	 * from then on.
	 */
	@Override
	public Runnable rotate(DatabaseConnectionDetails target, Duration timeout) throws Exception {
		JdbcProbe probe = this.probe;
		ConnectionPool pool = this.pool;
		Assert.state(probe != null && pool != null, "The database has not been opened");
		verify(target);
		probe.rotate(target, timeout);
		synchronized (this) {
			if (!this.closed) {
				return pool.rotate(target);
			}
		}
		probe.close();
		throw new IllegalStateException("The application was closed meanwhile");
	}

	/**
	 * Verify what the application does with its login now.
	 */
	@Override
	public List<PreparationReport> verify() throws Exception {
		ConnectionPool pool = this.pool;
		Assert.state(pool != null, "The database has not been opened");
		DatabaseConnectionDetails target = pool.getTarget();
		FailedLogins logins = this.gate.getRefusedLogins();
		if (logins.check(target) instanceof SQLException refusal) {
			throw refusal;
		}
		try {
			return verify(target);
		}
		catch (SQLException ex) {
			if (this.engine.classify(ex).isLoginRefused()) {
				logins.refused(target, ex);
			}
			throw ex;
		}
	}

	private List<PreparationReport> verify(DatabaseConnectionDetails target) throws Exception {
		List<DatabasePreparation> verifications = this.shared.preparations()
			.stream()
			.filter(DatabasePreparation::isVerificationOfLogin)
			.toList();
		return DatabasePreparation.prepareAll(verifications, this.definition, target);
	}

	@Override
	public @Nullable PoolUsage getPoolUsage() {
		return this.dataSource.getUsage();
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		ConnectionPool pool = this.pool;
		if (pool == null) {
			String name = this.definition.name();
			throw new IllegalDatabaseOperationException(name, "Database '%s' has not been opened yet.".formatted(name));
		}
		pool.setMaximumSize(maximum);
	}

	@Override
	public void close() {
		ConnectionPool pool = markClosed();
		JdbcProbe probe = this.probe;
		try {
			if (probe != null) {
				probe.end();
			}
		}
		finally {
			if (pool != null) {
				pool.close();
			}
		}
	}

	private synchronized @Nullable ConnectionPool markClosed() {
		this.closed = true;
		return this.pool;
	}

	/**
	 * What the connectors of an application share.
	 *
	 * @param engines the engines among which a server is recognised
	 * @param preparations what to do between connecting and opening the pool, in order
	 * @param arithmetic told of every pool
	 * @param lags by how much replicas lag behind
	 */
	public record Shared(Engines engines, List<DatabasePreparation> preparations, ConnectionLimitCheck arithmetic,
			ReplicationLags lags) {

		public Shared {
			preparations = List.copyOf(preparations);
		}

	}

}
