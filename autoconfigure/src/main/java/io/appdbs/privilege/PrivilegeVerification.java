package io.appdbs.privilege;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.privilege.LoginPrivileges;
import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.privilege.PrivilegeRequest;
import io.appdbs.engine.privilege.PrivilegeRequest.HistoryTable;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.LiquibaseSettings;
import io.appdbs.settings.security.VerificationMode;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that the login of the application has the privileges that it needs, and no
 * others, on a connection that is made as those of the pool.
 */
public final class PrivilegeVerification implements DatabasePreparation {

	/** The server does not know what it is asked, or the login may not ask it. */
	private static final List<String> REFUSALS = List.of("42", "0A", "XX", "HY", "90");

	private final PrivilegeReporter reporter = new PrivilegeReporter();

	@Override
	public String getName() {
		return PrivilegeReporter.NAME;
	}

	/**
	 * Another login has other privileges.
	 */
	@Override
	public boolean isVerificationOfLogin() {
		return true;
	}

	/**
	 * Verifies the login.
	 * @throws io.appdbs.lifecycle.VerificationFailedException if the privileges are not
	 * as they should be and {@code privileges.verify} is {@code fail}
	 * @throws SQLException if the database cannot be connected to or does not answer
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails details)
			throws SQLException {
		if (definition.settings().privileges().verify() == VerificationMode.OFF || isExempt(definition, details)) {
			return null;
		}
		PrivilegeReader reader = definition.jdbcEngine().getPrivilegeReader();
		boolean failing = definition.settings().privileges().verify() == VerificationMode.FAIL;
		if (reader == null && !failing) {
			return this.reporter.notChecked(definition, unsupported(definition.jdbcEngine()));
		}
		if (reader == null) {
			LoginPrivileges login = unread(definition.jdbcEngine());
			return this.reporter.report(definition, details, login, login.findings(), Duration.ZERO);
		}
		reader = reader.at(details.url());
		long begin = System.nanoTime();
		PrivilegeRequest request = createRequest(definition, details);
		LoginPrivileges login = read(definition, details, reader, request);
		List<PrivilegeFinding> findings = new PrivilegeEvaluation(definition, reader, request).evaluate(login);
		return this.reporter.report(definition, details, login, findings, Duration.ofNanos(System.nanoTime() - begin));
	}

	private static String unsupported(JdbcEngine engine) {
		return "%s is not supported".formatted(engine.getDisplayName());
	}

	private static LoginPrivileges unread(JdbcEngine engine) {
		return new LoginPrivileges("of the application", List.of(new PrivilegeFinding(Type.NOT_CHECKED, "privileges",
				"cannot be read, as " + unsupported(engine), List.of())), List.of());
	}

	/**
	 * The login of an embedded server, or of a database in the memory of this process, is
	 * its superuser by design.
	 */
	private static boolean isExempt(DatabaseDefinition definition, DatabaseConnectionDetails details) {
		return EmbeddedServers.isEmbedded(String.valueOf(definition.settings().url()))
				|| details.url().toLowerCase(Locale.ROOT).startsWith("jdbc:h2:mem:");
	}

	/**
	 * Unless the privileges have to be right, a server that does not answer is not kept
	 * from coming up: whether it can be used is found out without them.
	 */
	private static LoginPrivileges read(DatabaseDefinition definition, DatabaseConnectionDetails details,
			PrivilegeReader reader, PrivilegeRequest request) throws SQLException {
		try (Connection connection = JdbcConnections.openAsPool(definition, details)) {
			JdbcEngine engine = findEngine(definition, connection);
			return (engine.getPrivilegeReader() != null) ? reader.read(connection, request) : unread(engine);
		}
		catch (SQLException ex) {
			String state = String.valueOf(ex.getSQLState());
			if (definition.settings().privileges().verify() == VerificationMode.FAIL
					&& REFUSALS.stream().noneMatch(state::startsWith)) {
				throw ex;
			}
			String username = definition.settings().applyCredentials(details).username();
			String message = String.valueOf(ex.getMessage()).lines().findFirst().orElse(state);
			return new LoginPrivileges((username != null) ? reader.quoteLogin(username) : "of the application",
					List.of(new PrivilegeFinding(Type.NOT_CHECKED, "privileges",
							"could not be read. The server says: " + message, List.of())),
					List.of());
		}
	}

	/**
	 * Returns the engine of the server. Only if the privileges have to be right, it is
	 * worth a round trip that it may be another one than that of the URL.
	 */
	private static JdbcEngine findEngine(DatabaseDefinition definition, Connection connection) throws SQLException {
		JdbcEngine engine = definition.jdbcEngine();
		return (definition.settings().privileges().verify() == VerificationMode.FAIL)
				? Engines.load(PrivilegeVerification.class.getClassLoader())
					.identify(engine, engine.readServerVersion(connection))
				: engine;
	}

	private static PrivilegeRequest createRequest(DatabaseDefinition definition, DatabaseConnectionDetails details) {
		String username = definition.settings().applyCredentials(details).username();
		return new PrivilegeRequest(definition.settings().rls().enabled() ? definition.settings().rls().role() : null,
				PrivilegeEvaluation.findMigrationLogin(definition, username), findHistories(definition),
				!definition.settings().privileges().needed().isEmpty());
	}

	private static List<HistoryTable> findHistories(DatabaseDefinition definition) {
		Map<String, String> flyway = definition.settings().flyway();
		LiquibaseSettings liquibase = definition.settings().liquibase();
		String schema = flyway.get("defaultSchema");
		if (schema == null && flyway.get("schemas") != null) {
			schema = flyway.get("schemas").split(",")[0].strip();
		}
		List<HistoryTable> histories = new ArrayList<>();
		histories.add(new HistoryTable(schema, flyway.getOrDefault("table", "flyway_schema_history")));
		histories.add(new HistoryTable(liquibase.liquibaseSchema(), liquibase.databaseChangeLogTable()));
		histories.add(new HistoryTable(liquibase.liquibaseSchema(), liquibase.databaseChangeLogLockTable()));
		return histories;
	}

}
