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
 * Tracks changes to the sessions of a pool's connections that the pool does not reset:
 * those by statements and by setters. It is below the pool, so that borrowing costs
 * nothing.
 */
final class SessionTrackingDataSource extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(SessionTrackingDataSource.class);

	private static final int MAX_STATEMENTS = 1000;

	private static final int MAX_LENGTH = 1000;

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final @Nullable String schema;

	private final @Nullable String catalog;

	/** Statements that the pool itself prepares a connection with. */
	private final Set<String> poolStatements;

	/** Statements that are known to change nothing. */
	private final Set<String> harmless = ConcurrentHashMap.newKeySet();

	private final Set<SessionAttribute> used = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean logged = new AtomicBoolean();

	private volatile boolean changed;

	/**
	 * Creates a new {@link SessionTrackingDataSource}, which sets the schema and the
	 * catalog in place of the pool: without auto-commit, the first rollback would reset
	 * what the pool sets.
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
		this.poolStatements = Stream.of(config.getConnectionInitSql(), config.getConnectionTestQuery())
			.filter(Objects::nonNull)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public Connection getConnection() throws SQLException {
		return wrap(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return wrap(super.getConnection(username, password));
	}

	private Connection wrap(Connection connection) throws SQLException {
		try {
			prepare(connection);
		}
		catch (SQLException | RuntimeException ex) {
			JdbcUtils.closeConnection(connection);
			throw ex;
		}
		return SessionTrackingConnection.wrap(this, this.engine, connection);
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
	 * Restores what the last caller has set on a connection.
	 * @param connection the connection of the pool
	 * @return whether the connection can be reused
	 */
	boolean restore(Connection connection) throws SQLException {
		return !this.changed || connection.unwrap(TrackedSession.class).restore();
	}

	/**
	 * Returns whether a statement changes the session. Most statements are executed many
	 * times, and parsed once.
	 */
	boolean isSessionChange(String sql) {
		if (this.harmless.contains(sql) || this.poolStatements.contains(sql)) {
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
	 * Registers an attribute that a caller sets. From now on, connections remember its
	 * original value.
	 */
	void used(SessionAttribute attribute) {
		this.used.add(attribute);
		this.changed = true;
	}

	Set<SessionAttribute> getUsed() {
		return this.used;
	}

	/**
	 * Registers a change because of which a connection has to be replaced.
	 * @param what the statement or the method that has changed the session
	 */
	void changed(String what) {
		this.changed = true;
		if (this.logged.compareAndSet(false, true)) {
			logger.warn(
					"Database '%s': a statement or method (%s) changed session state; the connection is replaced instead of reused. Further cases are not logged. Change session state for a transaction only, or set '%s' to 'keep'."
						.formatted(this.definition.name(), what, this.definition.key("pool.on-session-change")));
		}
	}

	@Override
	public String toString() {
		return String.valueOf(getTargetDataSource());
	}

}
