package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a pool, with the details that each was opened with, which
 * identify its credentials. HikariCP cannot abort a connection that a caller holds.
 * Details are compared by identity, because former credentials may come back.
 */
final class OpenConnections {

	private static final Log logger = LogFactory.getLog(OpenConnections.class);

	private final DatabaseDefinition definition;

	private final @Nullable RetiredConnections retired;

	private final Map<Connection, DatabaseConnectionDetails> connections = new ConcurrentHashMap<>();

	private volatile boolean closed;

	OpenConnections(DatabaseDefinition definition, @Nullable RetiredConnections retired) {
		this.definition = definition;
		this.retired = retired;
	}

	void add(Connection connection, DatabaseConnectionDetails details) {
		removeClosed();
		this.connections.put(connection, details);
		if (this.closed) {
			beginAbort(connection);
		}
	}

	/**
	 * Returns whether a connection was opened with other details. Aborted connections are
	 * no longer known.
	 */
	boolean isOpenedWithOther(Connection connection, DatabaseConnectionDetails details) {
		DatabaseConnectionDetails opened = this.connections.get(connection);
		return opened != null && opened != details;
	}

	/**
	 * Returns whether a connection that was opened with these details is still open.
	 */
	boolean contains(DatabaseConnectionDetails details) {
		removeClosed();
		return this.connections.values().stream().anyMatch((each) -> each == details);
	}

	private void removeClosed() {
		this.connections.keySet().removeIf(JdbcConnections::isClosed);
	}

	/**
	 * Aborts all connections, including statements under way. Does not wait: a driver may
	 * try to inform the server.
	 */
	void abort() {
		this.connections.keySet().forEach(this::beginAbort);
	}

	/**
	 * Aborts the connections that were opened with the given details. Does not wait.
	 */
	void abort(DatabaseConnectionDetails details) {
		this.connections.forEach((connection, each) -> {
			if (each == details) {
				if (this.retired != null) {
					this.retired.add(connection);
				}
				beginAbort(connection);
			}
		});
	}

	/**
	 * Aborts all connections, including later ones: when it is closed, the pool does not
	 * wait for a connection that is being opened.
	 */
	void close() {
		this.closed = true;
		abort();
	}

	private void beginAbort(Connection connection) {
		Thread thread = new Thread(() -> abort(connection), "appdbs-abort-" + this.definition.name());
		thread.setDaemon(true);
		thread.start();
	}

	void abort(Connection connection) {
		try {
			(this.definition.jdbcEngine()).abort(connection);
		}
		catch (SQLException ex) {
			logger.debug("A connection of database '%s' could not be aborted".formatted(this.definition.name()), ex);
		}
		AdmittedConnection.release(connection);
		this.connections.remove(connection);
	}

}
