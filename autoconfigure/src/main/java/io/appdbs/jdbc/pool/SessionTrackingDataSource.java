package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * Opens the connections of a pool and watches what changes their sessions and is not
 * undone by the pool: statements and setters. It is below the pool, so that borrowing
 * costs nothing.
 */
final class SessionTrackingDataSource extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(SessionTrackingDataSource.class);

	private static final int MAX_STATEMENTS = 1000;

	private static final int MAX_LENGTH = 1000;

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final @Nullable String schema;

	private final @Nullable String catalog;

	/** With what the pool itself prepares a connection. */
	private final Set<String> statementsOfPool;

	/** Statements that were found to change nothing. */
	private final Set<String> harmless = ConcurrentHashMap.newKeySet();

	private final Set<SessionAttribute> used = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean logged = new AtomicBoolean();

	private volatile boolean changed;

	/**
	 * Create a new {@link SessionTrackingDataSource}, which sets the schema and the
	 * catalog in place of the pool: what the pool sets without auto-commit is rolled back
	 * with the first transaction.
	 * @param dataSource opens the connections
	 * @param definition the database
	 * @param config the configuration of the pool
	 */
	SessionTrackingDataSource(DataSource dataSource, DatabaseDefinition definition, HikariConfig config) {
		super(dataSource);
		this.definition = definition;
		this.engine = definition.jdbcEngine();
		this.schema = config.getSchema();
		this.catalog = config.getCatalog();
		config.setSchema(null);
		config.setCatalog(null);
		this.statementsOfPool = Stream.of(config.getConnectionInitSql(), config.getConnectionTestQuery())
			.filter(Objects::nonNull)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public Connection getConnection() throws SQLException {
		return watch(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return watch(super.getConnection(username, password));
	}

	private Connection watch(Connection connection) throws SQLException {
		try {
			prepare(connection);
		}
		catch (SQLException | RuntimeException ex) {
			JdbcUtils.closeConnection(connection);
			throw ex;
		}
		return SessionTrackingConnection.watch(this, this.engine, connection);
	}

	private void prepare(Connection connection) throws SQLException {
		if (this.catalog != null) {
			connection.setCatalog(this.catalog);
		}
		if (this.schema != null) {
			connection.setSchema(this.schema);
			if (!connection.getAutoCommit()) {
				connection.commit();
			}
		}
	}

	/**
	 * Return whether a connection can be lent, after what its last borrower has set has
	 * been reset.
	 * @param connection the connection, as the pool lends it
	 */
	boolean restore(Connection connection) throws SQLException {
		return !this.changed || connection.unwrap(TrackedSession.class).restore();
	}

	/**
	 * Return whether a statement changes the session. Most are executed many times, and
	 * are read once.
	 */
	boolean isSessionChange(String sql) {
		if (this.harmless.contains(sql) || this.statementsOfPool.contains(sql)) {
			return false;
		}
		if (this.engine.isSessionChange(sql)) {
			return true;
		}
		if (sql.length() <= MAX_LENGTH) {
			if (this.harmless.size() >= MAX_STATEMENTS) {
				this.harmless.clear();
			}
			this.harmless.add(sql);
		}
		return false;
	}

	/**
	 * Somebody sets an attribute, whose original values have to be known from now on.
	 */
	void used(SessionAttribute attribute) {
		this.used.add(attribute);
		this.changed = true;
	}

	Set<SessionAttribute> getUsed() {
		return this.used;
	}

	/**
	 * A connection has to be replaced.
	 * @param what the statement or the method that has changed its session
	 */
	void changed(String what) {
		this.changed = true;
		if (this.logged.compareAndSet(false, true)) {
			logger.warn(
					"Database '%s': a borrower changed the state of the session (%s). The connection is replaced instead of reused. Further cases are not logged. Change it for a transaction only, or set '%s' to 'keep'."
						.formatted(this.definition.name(), what, this.definition.key("pool.on-session-change")));
		}
	}

	@Override
	public String toString() {
		return String.valueOf(getTargetDataSource());
	}

}
