package io.appdbs.jdbc.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.NamedSqlExceptionTranslator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Borrows the connection of a look-up. In a transaction of the caller, the look-up uses
 * its connection, so that it sees what the transaction has created and needs no second
 * connection. It then ends at a savepoint: a failed statement would otherwise abort the
 * transaction in PostgreSQL.
 */
final class SchemaConnection {

	private static final Log logger = LogFactory.getLog(SchemaConnection.class);

	private final String database;

	private final Supplier<JdbcEngine> engine;

	private final boolean replaced;

	private final Supplier<SchemaDataSources> dataSources;

	/** Resolved without a lock, as others may be needed to create the beans. */
	private volatile @Nullable SchemaDataSources resolved;

	SchemaConnection(String database, Supplier<JdbcEngine> engine, boolean replaced,
			Supplier<SchemaDataSources> dataSources) {
		this.database = database;
		this.engine = engine;
		this.replaced = replaced;
		this.dataSources = dataSources;
	}

	private SchemaDataSources getDataSources() {
		SchemaDataSources resolved = this.resolved;
		if (resolved == null) {
			resolved = this.dataSources.get();
			this.resolved = resolved;
		}
		return resolved;
	}

	private Engine getEngine() {
		return this.engine.get();
	}

	<T> T execute(String name, Task<T> task) {
		SchemaDataSources sources = getDataSources();
		DataSource bean = sources.bean();
		boolean shared = TransactionSynchronizationManager.hasResource(bean);
		Connection connection = shared ? DataSourceUtils.getConnection(bean) : borrow(sources.pool());
		try {
			return isInTransaction(connection) ? executeAtSavepoint(connection, task) : execute(connection, task);
		}
		catch (SQLException ex) {
			throw new NamedSqlExceptionTranslator(this.database, this::getEngine, sources.pool()).translate(name, null,
					ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, shared ? bean : null);
		}
	}

	private Connection borrow(DataSource dataSource) {
		try {
			return dataSource.getConnection();
		}
		catch (SQLException ex) {
			throw new CannotGetJdbcConnectionException(
					NamedSqlExceptionTranslator.name(this.database, "Failed to obtain JDBC Connection"), ex);
		}
	}

	private static boolean isInTransaction(Connection connection) throws SQLException {
		return !connection.getAutoCommit() && connection.getMetaData().supportsSavepoints();
	}

	private <T> T execute(Connection connection, Task<T> task) throws SQLException {
		return task.execute(new SchemaLookup(connection, findEngine(connection)));
	}

	/**
	 * Returns the engine. A data source of the application may lead to another one than
	 * the URL of the database, for example in a test.
	 */
	private JdbcEngine findEngine(Connection connection) throws SQLException {
		JdbcEngine engine = this.engine.get();
		String url = this.replaced ? connection.getMetaData().getURL() : null;
		return (url != null && Engines.load(null).findByUrl(url) instanceof JdbcEngine other
				&& !other.isSameProtocol(engine)) ? other : engine;
	}

	private <T> T executeAtSavepoint(Connection connection, Task<T> task) throws SQLException {
		Savepoint savepoint = connection.setSavepoint();
		try {
			return execute(connection, task);
		}
		catch (SQLException | RuntimeException ex) {
			try {
				connection.rollback(savepoint);
			}
			catch (SQLException rollbackFailure) {
				ex.addSuppressed(rollbackFailure);
			}
			throw ex;
		}
		finally {
			release(connection, savepoint);
		}
	}

	private static void release(Connection connection, Savepoint savepoint) {
		try {
			connection.releaseSavepoint(savepoint);
		}
		catch (SQLException ex) {
			// not every driver supports it, and the end of the transaction releases it
			logger.debug("Could not release the savepoint of a look-up", ex);
		}
	}

	/**
	 * Looks up something on a connection.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	interface Task<T extends @Nullable Object> {

		/**
		 * Looks up something.
		 * @param lookup the connection
		 * @return the result
		 * @throws SQLException if the server does not answer
		 */
		T execute(SchemaLookup lookup) throws SQLException;

	}

}
