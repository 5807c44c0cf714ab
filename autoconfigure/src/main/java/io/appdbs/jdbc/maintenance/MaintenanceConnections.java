package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * Opens connections for maintenance, with its own login if there is one.
 *
 * @param database the database
 * @param logins the logins that the server has rejected
 */
record MaintenanceConnections(DatabaseAccess database, FailedLogins logins) {

	DatabaseDefinition definition() {
		return this.database.getDefinition();
	}

	JdbcEngine engine() {
		return (JdbcEngine) this.database.findEngine();
	}

	/**
	 * Opens a connection without limits for statements, except for locks.
	 * @param timeout the time limit for each answer of the server, {@code null} for none
	 */
	Connection open(JdbcMaintenance maintenance, @Nullable Duration timeout) throws SQLException {
		Connection connection = connect(timeout);
		try {
			maintenance.prepare(connection, definition().settings().maintenance().lockTimeout());
			return connection;
		}
		catch (SQLException | RuntimeException ex) {
			JdbcUtils.closeConnection(connection);
			throw ex;
		}
	}

	private Connection connect(@Nullable Duration timeout) throws SQLException {
		DatabaseDefinition definition = definition();
		DatabaseConnectionDetails details = this.database.getDetailsInUse();
		if (details == null) {
			throw new IllegalDatabaseOperationException(definition.name(),
					"Database '%s' has not been opened yet.".formatted(definition.name()));
		}
		Map<String, String> login = definition.settings().maintenanceLogin();
		return (timeout != null) ? JdbcConnections.openWithin(definition, details, login, timeout, this.logins)
				: JdbcConnections.openUnlimited(definition, details, login, this.logins);
	}

}
