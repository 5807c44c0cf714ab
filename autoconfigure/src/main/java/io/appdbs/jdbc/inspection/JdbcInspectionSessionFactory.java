package io.appdbs.jdbc.inspection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.support.InspectionSession;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * Opens connections that inspect a relational database, with the login of
 * {@code inspection.username}, or else that of the application.
 */
public final class JdbcInspectionSessionFactory implements InspectionSession.Factory {

	private final DatabaseAccess database;

	private final FailedLogins logins = new FailedLogins();

	private final FailedLogins applicationLogins = new FailedLogins();

	/** Shared by all sessions, as a server may read all texts to return one. */
	private final Map<String, String> statementTexts = new ConcurrentHashMap<>();

	/**
	 * Creates a new {@link JdbcInspectionSessionFactory}.
	 * @param database the database
	 */
	public JdbcInspectionSessionFactory(DatabaseAccess database) {
		this.database = database;
	}

	@Override
	public InspectionSession open(Duration timeout) throws Exception {
		return open(timeout, (definition, details) -> JdbcConnections.openWithin(definition, details,
				definition.settings().inspectionLogin(), timeout, this.logins));
	}

	@Override
	public InspectionSession openAsApplication(Duration timeout) throws Exception {
		return open(timeout, (definition, details) -> JdbcConnections.openAsPoolWithin(definition, details, timeout,
				this.applicationLogins));
	}

	private InspectionSession open(Duration timeout, Opener opener) throws SQLException {
		JdbcEngine engine = (JdbcEngine) this.database.findEngine();
		JdbcInspector inspector = engine.getInspector();
		if (inspector == null) {
			throw InspectionException.unsupported("%s cannot be inspected.".formatted(engine.getDisplayName()));
		}
		DatabaseConnectionDetails details = this.database.getDetailsInUse();
		if (details == null) {
			throw new InspectionException(ReportStatus.UNAVAILABLE,
					"A bean of the application connects to the database, so it is not known how to log in for inspections.",
					null);
		}
		long deadline = System.nanoTime() + timeout.toNanos();
		Connection connection = opener.open(this.database.getDefinition(), details);
		try {
			connection.setAutoCommit(false);
			return new JdbcInspectionSession(this.database, engine, inspector, connection, this.statementTexts,
					deadline);
		}
		catch (SQLException | RuntimeException ex) {
			JdbcUtils.closeConnection(connection);
			throw ex;
		}
	}

	/**
	 * Opens a connection.
	 */
	private interface Opener {

		Connection open(DatabaseDefinition definition, DatabaseConnectionDetails details) throws SQLException;

	}

}
