package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.CreateDatabaseFailure;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.FailureReason;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates databases that are missing, for {@code create-database}. Several applications
 * may do so at once.
 */
final class DatabaseCreator {

	private static final Log logger = LogFactory.getLog(DatabaseCreator.class);

	private DatabaseCreator() {
	}

	/**
	 * Create the database if the settings ask for it and connecting failed because it is
	 * missing.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param target where connecting to it failed
	 * @param failure what connecting failed with
	 * @return whether the database is there now, so that connecting is worth one more
	 * attempt
	 * @throws DatabaseStartException if the login may not create it
	 * @throws SQLException if creating it failed otherwise
	 */
	static boolean createIfMissing(DatabaseDefinition definition, DatabaseConnectionDetails target, Throwable failure)
			throws SQLException {
		JdbcEngine engine = definition.jdbcEngine();
		String database = target.database();
		if (!definition.settings().createDatabase() || database == null
				|| engine.classify(failure) != FailureReason.DATABASE_MISSING) {
			return false;
		}
		DatabaseConnectionDetails maintenance = engine.getMaintenanceTarget(target);
		String sql = engine.getCreateDatabaseStatement(database);
		if (maintenance == null || sql == null) {
			return false;
		}
		try (Connection connection = connect(definition, target, maintenance, sql);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
			logger.info("Database '%s': created '%s' on %s".formatted(definition.name(), database,
					String.join(",", target.hosts())));
		}
		catch (SQLException ex) {
			handle(ex, definition, target, sql);
		}
		return true;
	}

	private static Connection connect(DatabaseDefinition definition, DatabaseConnectionDetails target,
			DatabaseConnectionDetails maintenance, String sql) throws SQLException {
		try {
			return JdbcConnections.open(definition, maintenance, Map.of());
		}
		catch (SQLException ex) {
			if (!isRefused(definition.jdbcEngine(), ex)) {
				throw ex;
			}
			throw exception(definition, target,
					"this login may not connect to '%s', from where databases are created"
						.formatted(maintenance.address()),
					"Allow the login to connect there, or create the database by hand: %s;".formatted(sql), ex);
		}
	}

	private static boolean isRefused(JdbcEngine engine, SQLException failure) {
		FailureReason reason = engine.classify(failure);
		return reason.isLoginRefused() || reason == FailureReason.NOT_ADMITTED
				|| reason == FailureReason.DATABASE_MISSING
				|| engine.classifyCreateDatabase(failure) == CreateDatabaseFailure.NOT_ALLOWED;
	}

	private static void handle(SQLException failure, DatabaseDefinition definition, DatabaseConnectionDetails target,
			String sql) throws SQLException {
		JdbcEngine engine = definition.jdbcEngine();
		CreateDatabaseFailure reason = engine.classifyCreateDatabase(failure);
		if (reason == CreateDatabaseFailure.OTHER) {
			throw failure;
		}
		if (reason == CreateDatabaseFailure.NOT_ALLOWED) {
			String grant = engine.getCreateDatabaseGrant(String.valueOf(target.database()), "<login>");
			throw exception(definition, target, "this login may not create databases there",
					"%s, or create the database by hand: %s;".formatted(allow(grant), sql), failure);
		}
	}

	private static String allow(@Nullable String grant) {
		return (grant != null) ? "Allow it to, as an administrator: %s;".formatted(grant)
				: "Allow the login to create databases";
	}

	private static DatabaseStartException exception(DatabaseDefinition definition, DatabaseConnectionDetails target,
			String why, String action, SQLException cause) {
		return new DatabaseStartException(definition.name(),
				"Database '%s' (%s at %s) is missing, or closed to this login, and could not be created: %s.".formatted(
						definition.name(), definition.engine().getDisplayName(), target.address(), why),
				action, cause);
	}

}
