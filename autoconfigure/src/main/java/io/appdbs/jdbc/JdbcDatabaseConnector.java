package io.appdbs.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseGate;
import io.appdbs.lifecycle.DatabasePreparation;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a relational database: a connection of its own that tells what the server
 * is and later probes it, the preparations, and then the pool.
 */
public final class JdbcDatabaseConnector implements DatabaseConnector {

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final Engines engines;

	private final List<DatabasePreparation> preparations;

	private final GuardedDataSource dataSource;

	private volatile @Nullable HikariDataSource pool;

	private volatile @Nullable JdbcProbe probe;

	/**
	 * Create a new {@link JdbcDatabaseConnector}.
	 * @param definition the database
	 * @param gate tells whether the database can be used
	 * @param engines the engines among which a server is recognised
	 * @param preparations what to do between connecting and opening the pool, in order
	 */
	public JdbcDatabaseConnector(DatabaseDefinition definition, DatabaseGate gate, Engines engines,
			List<DatabasePreparation> preparations) {
		this.definition = definition;
		this.engine = (JdbcEngine) definition.engine();
		this.engines = engines;
		this.preparations = List.copyOf(preparations);
		this.dataSource = new GuardedDataSource(definition, gate);
	}

	/**
	 * Return what the application borrows connections from.
	 * @return the data source, usable while the database is up
	 */
	public DataSource getDataSource() {
		return this.dataSource;
	}

	@Override
	public ConnectedServer connect(ConnectionTarget target, Duration timeout) throws Exception {
		JdbcProbe probe = new JdbcProbe(this.definition, target);
		try {
			String version = this.engine.readServerVersion(probe.open(timeout));
			for (DatabasePreparation preparation : this.preparations) {
				preparation.prepare(this.definition, target);
			}
			HikariDataSource pool = new HikariDataSource(
					HikariConfigFactory.create(this.definition, this.engine, target));
			this.probe = probe;
			this.pool = pool;
			this.dataSource.setPool(pool);
			JdbcEngine actual = this.engines.identify(this.engine, version);
			return new ConnectedServer(actual,
					"%s at %s".formatted(version.split(" on |[(,]")[0].trim(), target.url()));
		}
		catch (Exception ex) {
			probe.close();
			throw ex;
		}
	}

	@Override
	public void probe(Duration timeout) throws SQLException {
		JdbcProbe probe = this.probe;
		if (probe != null) {
			probe.check(timeout);
		}
	}

	/**
	 * A pool that lends connections, or has an idle one that answers, works.
	 */
	@Override
	public boolean isWorking(Duration timeout) {
		HikariDataSource pool = this.pool;
		if (pool == null) {
			return false;
		}
		if (this.dataSource.hasLentWithin(timeout.dividedBy(2))) {
			return true;
		}
		return PoolState.of(pool).idle() > 0 && IdleConnectionCheck.succeeds(pool, timeout);
	}

	@Override
	public void recover() {
		HikariDataSource pool = this.pool;
		if (pool != null) {
			pool.getHikariPoolMXBean().softEvictConnections();
		}
	}

	@Override
	public void close() {
		JdbcProbe probe = this.probe;
		HikariDataSource pool = this.pool;
		try {
			if (probe != null) {
				probe.close();
			}
		}
		finally {
			if (pool != null) {
				pool.close();
			}
		}
	}

}
