package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
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
 * Creates missing databases, for {@code create-database}. Several applications may do so
 * at the same time.
 */
final class DatabaseCreator {

	private static final Log logger = LogFactory.getLog(DatabaseCreator.class);

	private DatabaseCreator() {
	}

	/**
	 * Opens a connection. If the database is missing and the settings ask for it, creates
	 * the database and tries again.
	 * @param definition the database, whose engine is a {@link JdbcEngine}
	 * @param details where the connection goes
	 * @param opener opens the connection
	 * @throws DatabaseStartException if the login may not create the database
	 * @throws SQLException if connecting or creating the database failed otherwise
	 */
	static Connection openOrCreate(DatabaseDefinition definition, DatabaseConnectionDetails details, Opener opener)
			throws SQLException {
		try {
			return opener.open();
		}
		catch (SQLException ex) {
			if (createIfMissing(definition, details, ex)) {
				return opener.open();
			}
			throw ex;
		}
	}

	/**
	 * Returns whether the database exists now, so that another attempt can succeed.
	 */
	static boolean createIfMissing(DatabaseDefinition definition, DatabaseConnectionDetails details, Throwable failure)
			throws SQLException {
		JdbcEngine engine = definition.jdbcEngine();
		String database = details.database();
		if (!definition.settings().createDatabase() || database == null
				|| engine.classify(failure) != FailureReason.DATABASE_MISSING) {
			return false;
		}
		DatabaseConnectionDetails maintenance = engine.getMaintenanceConnectionDetails(details);
		String sql = engine.getCreateDatabaseStatement(database);
		if (maintenance == null || sql == null) {
			return false;
		}
		try (Connection connection = connect(definition, details, maintenance, sql);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
			logger.info("Database '%s': created '%s' on %s".formatted(definition.name(), database,
					String.join(",", details.hosts())));
		}
		catch (SQLException ex) {
			handle(ex, definition, details, sql);
		}
		return true;
	}

	private static Connection connect(DatabaseDefinition definition, DatabaseConnectionDetails details,
			DatabaseConnectionDetails maintenance, String sql) throws SQLException {
		try {
			return JdbcConnections.open(definition, maintenance, Map.of());
		}
		catch (SQLException ex) {
			if (!isRejected(definition.jdbcEngine(), ex)) {
				throw ex;
			}
			throw exception(definition, details,
					"the login has no access to '%s', from which databases are created"
						.formatted(maintenance.address()),
					"Grant the login access to it, or create the database manually: %s;".formatted(sql), ex);
		}
	}

	private static boolean isRejected(JdbcEngine engine, SQLException failure) {
		FailureReason reason = engine.classify(failure);
		return reason.isLoginRefused() || reason == FailureReason.NOT_ADMITTED
				|| reason == FailureReason.DATABASE_MISSING
				|| engine.classifyCreateDatabase(failure) == CreateDatabaseFailure.NOT_ALLOWED;
	}

	private static void handle(SQLException failure, DatabaseDefinition definition, DatabaseConnectionDetails details,
			String sql) throws SQLException {
		JdbcEngine engine = definition.jdbcEngine();
		CreateDatabaseFailure reason = engine.classifyCreateDatabase(failure);
		if (reason == CreateDatabaseFailure.OTHER) {
			throw failure;
		}
		if (reason == CreateDatabaseFailure.NOT_ALLOWED) {
			String grant = engine.getCreateDatabaseGrant(String.valueOf(details.database()), "<login>");
			throw exception(definition, details, "the login may not create databases there",
					"%s, or create the database manually: %s;".formatted(allow(grant), sql), failure);
		}
	}

	private static String allow(@Nullable String grant) {
		return (grant != null) ? "Allow it as an administrator: %s;".formatted(grant)
				: "Allow the login to create databases";
	}

	private static DatabaseStartException exception(DatabaseDefinition definition, DatabaseConnectionDetails details,
			String why, String action, SQLException cause) {
		return new DatabaseStartException(definition.name(),
				"Database '%s' (%s at %s) does not exist, or the login has no access to it, and it could not be created: %s."
					.formatted(definition.name(), definition.engine().getDisplayName(), details.address(), why),
				action, TroubleshootingSection.DATABASE_MISSING, cause);
	}

	/**
	 * Opens a connection.
	 */
	@FunctionalInterface
	interface Opener {

		Connection open() throws SQLException;

	}

}
