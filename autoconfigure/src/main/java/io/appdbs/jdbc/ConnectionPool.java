package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.PoolSettings.OnSessionChange;
import org.jspecify.annotations.Nullable;

/**
 * The open pool of a database.
 */
final class ConnectionPool implements AutoCloseable {

	private final DatabaseDefinition definition;

	private final PhysicalConnections connections;

	private final @Nullable SessionWatchingDataSource sessions;

	private final HikariDataSource dataSource;

	private final List<ConnectionLimit> limits;

	private volatile int minimumIdle;

	/**
	 * Open the pool of a database.
	 * @param definition the database
	 * @param connections opens its connections
	 * @param target where they go
	 * @param limits the limits of the server
	 * @param metrics creates what measures or {@code null}
	 * @param demoted called when the server turns out to take no writes
	 */
	ConnectionPool(DatabaseDefinition definition, PhysicalConnections connections, ConnectionTarget target,
			List<ConnectionLimit> limits, @Nullable MetricsTrackerFactory metrics, Runnable demoted) {
		this.definition = definition;
		this.limits = limits;
		this.connections = connections;
		HikariConfig config = HikariConfigFactory.create(definition, target, this.connections);
		config.setMetricsTrackerFactory(metrics);
		if (config.getExceptionOverride() == null && !definition.settings().readOnly()
				&& definition.replicaOf() == null) {
			config.setExceptionOverride(new DemotionOverride(definition, () -> {
				demoted.run();
				replace();
			}));
		}
		this.sessions = watchSessions(definition, config);
		this.dataSource = new HikariDataSource(config);
		this.minimumIdle = this.dataSource.getMinimumIdle();
	}

	private static @Nullable SessionWatchingDataSource watchSessions(DatabaseDefinition definition,
			HikariConfig config) {
		if (definition.settings().pool().onSessionChange() == OnSessionChange.KEEP) {
			return null;
		}
		SessionWatchingDataSource sessions = new SessionWatchingDataSource(config.getDataSource(), definition, config);
		config.setDataSource(sessions);
		return sessions;
	}

	/**
	 * Borrow a connection that is as if it were new.
	 */
	Connection getConnection() throws SQLException {
		Connection connection = this.dataSource.getConnection();
		while (this.sessions != null && !this.sessions.restore(connection)) {
			this.dataSource.evictConnection(connection);
			connection = this.dataSource.getConnection();
		}
		return connection;
	}

	HikariDataSource getDataSource() {
		return this.dataSource;
	}

	ConnectionTarget getTarget() {
		return this.connections.getTarget();
	}

	PoolUsage getUsage() {
		HikariPoolMXBean bean = this.dataSource.getHikariPoolMXBean();
		return new PoolUsage(bean.getActiveConnections(), bean.getIdleConnections(),
				bean.getThreadsAwaitingConnection(), this.dataSource.getMaximumPoolSize());
	}

	/**
	 * Keep no idle connections, and so try to open none but for somebody who waits: a
	 * pool that goes on trying does so at growing intervals, up to seconds, which would
	 * delay the first connection after an outage.
	 */
	void suspend() {
		this.dataSource.getHikariConfigMXBean().setMinimumIdle(0);
	}

	/**
	 * End whatever waits for an answer.
	 */
	void abort() {
		this.connections.abort();
	}

	/**
	 * Forget what did not survive an outage.
	 */
	void recover() {
		this.connections.abandonAttempts();
		this.dataSource.getHikariConfigMXBean().setMinimumIdle(this.minimumIdle);
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
	 * @return ends those that still have the former ones
	 */
	Runnable rotate(ConnectionTarget target) {
		ConnectionTarget former = this.connections.rotate(target);
		replace();
		return () -> retire(former);
	}

	/**
	 * One that was about to be pooled at the time of the rotation may be idle still: the
	 * pool must have let go of it before it is ended.
	 */
	private void retire(ConnectionTarget former) {
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
	void setMaximumSize(int maximum) {
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
		if (!suspended) {
			config.setMinimumIdle(this.minimumIdle);
		}
	}

	@Override
	public void close() {
		this.dataSource.close();
		this.connections.close();
	}

}
