package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.postgresql.PGConnection;

import org.springframework.util.StringUtils;

/**
 * Checks whether several connections share sessions of the server, as with PgBouncer in
 * transaction mode. Changes that a user leaves in a session are then visible to others,
 * whichever connections they use.
 */
final class TransactionPoolingCheck {

	private static final Log logger = LogFactory.getLog(TransactionPoolingCheck.class);

	private static final int ATTEMPTS = 5;

	private TransactionPoolingCheck() {
	}

	/**
	 * Logs a warning if the sessions of a database with row-level security are shared
	 * without being reset.
	 * @param connection a connection to the database
	 */
	static void warnIfShared(DatabaseDefinition definition, DatabaseConnectionDetails details, Connection connection) {
		try {
			if (definition.settings().rls().enabled() && isPooled(connection)
					&& isShared(definition, details, connection)) {
				logger.warn(
						"Database '%s' (at %s): the sessions of the server are shared by several connections, as by PgBouncer with 'pool_mode = transaction'. What a statement leaves in a session is visible to other users: temporary tables, cursors WITH HOLD, prepared statements and settings that are not local to the transaction. Set 'server_reset_query_always = 1' in PgBouncer"
							.formatted(definition.name(), details.address()));
			}
		}
		catch (SQLException ex) {
			logger.debug("Whether sessions are shared is not known", ex);
		}
	}

	/**
	 * Returns whether something in between has announced another process than the one of
	 * the server.
	 */
	private static boolean isPooled(Connection connection) throws SQLException {
		return !query(connection, "SELECT pg_backend_pid()")
			.equals(String.valueOf(connection.unwrap(PGConnection.class).getBackendPID()));
	}

	/**
	 * Returns whether one of two connections meets what the other one has set.
	 */
	private static boolean isShared(DatabaseDefinition definition, DatabaseConnectionDetails details, Connection first)
			throws SQLException {
		try (Connection second = JdbcConnections.openForPreparation(definition, details)) {
			boolean shared = false;
			for (int i = 0; i < ATTEMPTS && !shared; i++) {
				shared = isSetByAnother(first, "first") || isSetByAnother(second, "second");
			}
			query(first, replace(""));
			query(second, replace(""));
			return shared;
		}
	}

	private static boolean isSetByAnother(Connection connection, String name) throws SQLException {
		String found = query(connection, replace(name));
		return StringUtils.hasLength(found) && !found.equals(name);
	}

	private static String replace(String name) {
		return "SELECT coalesce(current_setting('appdbs.client', true), ''), set_config('appdbs.client', '%s', false)"
			.formatted(name);
	}

	private static String query(Connection connection, String sql) throws SQLException {
		return SqlQueries.queryForRow(connection, sql, (row) -> row.getString(1));
	}

}
