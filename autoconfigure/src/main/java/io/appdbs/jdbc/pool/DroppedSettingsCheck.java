package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Checks whether the sessions of a pool have the limits of the database and are
 * read-only. A pooler between the application and the server can drop both without an
 * error.
 */
public final class DroppedSettingsCheck {

	private static final Log logger = LogFactory.getLog(DroppedSettingsCheck.class);

	private DroppedSettingsCheck() {
	}

	/**
	 * Logs a warning if a session does not have its settings.
	 * @param definition the database
	 * @param details where its connections go
	 * @param engine the engine that the server was identified as
	 * @param pool the pool, which has a connection
	 */
	public static void warnIfDropped(DatabaseDefinition definition, DatabaseConnectionDetails details,
			JdbcEngine engine, ConnectionPool pool) {
		Map<ServerTimeout, Duration> timeouts = definition.settings().timeouts();
		boolean readOnly = definition.settings().readOnly();
		if (timeouts.isEmpty() && !readOnly) {
			return;
		}
		try (Connection connection = pool.borrow(definition.settings().pool().connectTimeoutOrDefault())) {
			List<String> dropped = engine.findDroppedSettings(connection, timeouts, readOnly);
			if (!dropped.isEmpty()) {
				logger.warn(
						"Database '%s' (at %s): %s not in effect: a session of the server does not have what its connection was opened with. A pooler such as PgBouncer drops it. Set it on the server for the login, or connect without the pooler"
							.formatted(definition.name(), details.address(), describe(definition, dropped)));
			}
		}
		catch (SQLException ex) {
			logger.debug("Whether the sessions have their settings is not known", ex);
		}
	}

	private static String describe(DatabaseDefinition definition, List<String> dropped) {
		return dropped.stream().map((key) -> "'%s'".formatted(definition.key(key))).collect(Collectors.joining(" and "))
				+ ((dropped.size() == 1) ? " is" : " are");
	}

}
