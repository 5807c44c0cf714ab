package io.appdbs.jdbc;

import java.sql.SQLException;
import java.time.Duration;

import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.FailureReason;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.budget.ConnectionBudgetException;
import io.appdbs.jdbc.pool.ConnectionPool;
import io.appdbs.jdbc.pool.JdbcProbe;
import io.appdbs.jdbc.pool.PoolRecoveryCheck;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is open of a database: the pool of the application, and the connection that probes
 * the server.
 *
 * @param definition the database
 * @param engine the engine that the server was identified as
 * @param pool the pool
 * @param probe the connection that probes the server
 */
record OpenJdbcDatabase(DatabaseDefinition definition, JdbcEngine engine, ConnectionPool pool, JdbcProbe probe) {

	private static final Log logger = LogFactory.getLog(OpenJdbcDatabase.class);

	/**
	 * Verifies that the pool can open a connection.
	 */
	void checkPool() throws SQLException {
		new PoolRecoveryCheck(this.definition, this.pool, this.probe).run();
	}

	/**
	 * Probes the server. After an outage, the pool may connect before the probe and take
	 * the last connection that the server allows.
	 * @param up whether the database is up
	 * @return {@code false} if the pool has taken it, and must recover to return it
	 */
	boolean probe(boolean up, @Nullable Duration connectTimeout, Duration timeout) throws SQLException {
		try {
			this.probe.check(connectTimeout, timeout);
			return true;
		}
		catch (ConnectionBudgetException ex) {
			if (!up) {
				throw ex;
			}
			// says nothing about the server
			return true;
		}
		catch (SQLException ex) {
			PoolUsage usage = this.pool.getUsage();
			if (up || usage.active() + usage.idle() == 0
					|| this.engine.classify(ex) != FailureReason.TOO_MANY_CONNECTIONS) {
				throw ex;
			}
			return false;
		}
	}

	/**
	 * Returns whether the pool works although the probe has failed: an idle connection
	 * answers or, if none is idle, callers have just borrowed connections, or the server
	 * answers but allows no further connection.
	 */
	boolean isWorking(Throwable failure, Duration timeout, boolean borrowed) {
		PoolUsage usage = this.pool.getUsage();
		if (usage.idle() == 0) {
			return borrowed || (usage.active() > 0 && this.engine.classify(failure).isAnswer());
		}
		try {
			return this.pool.answers(timeout);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	void recover() throws SQLException {
		this.pool.recover();
		checkPool();
	}

	/**
	 * Replaces the connections, because new ones use other certificates.
	 */
	void renew(Duration timeout) {
		DatabaseConnectionDetails details = this.pool.renew();
		try {
			this.probe.rotate(details, timeout);
		}
		catch (SQLException ex) {
			// the next probe decides, on a connection that the server may end
			logger.debug("The probe of database '%s' could not connect anew".formatted(this.definition.name()), ex);
		}
	}

	void close() {
		try {
			this.probe.end();
		}
		finally {
			this.pool.close();
		}
	}

}
