package io.appdbs.audit.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.PreparationReport;
import io.appdbs.TroubleshootingSection;
import io.appdbs.audit.rows.RowAuditFinding.Type;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.TableName;
import io.appdbs.settings.security.AuditRowsSettings;
import io.appdbs.settings.security.AuditSettings;
import io.appdbs.settings.security.VerificationMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that the changes of the tables of {@code audit.rows} are recorded by triggers
 * that the login of the application cannot prevent, on a connection that is made as those
 * of the pool. Only the catalog is read: a change that a trigger would record has effects
 * that a rollback does not undo, such as numbers of sequences and what other triggers do.
 */
public final class RowAuditVerification implements DatabasePreparation {

	/** The name under which the step is reported. */
	public static final String NAME = "audit";

	/** What is asked is not known to the server, or not allowed. */
	private static final List<String> REFUSALS = List.of("42", "0A", "XX");

	private static final Log logger = LogFactory.getLog(RowAuditVerification.class);

	/** The findings that have been logged, by the name of the database. */
	private final Map<String, Set<RowAuditFinding>> logged = new ConcurrentHashMap<>();

	@Override
	public String getName() {
		return NAME;
	}

	/**
	 * The log may be protected from one login and not from another.
	 */
	@Override
	public boolean isVerificationOfLogin() {
		return true;
	}

	/**
	 * Verifies the database if it has audited tables, and reports the audit that the
	 * server itself makes if anything is audited.
	 * @throws VerificationFailedException if changes are not recorded or the log is not
	 * protected, and {@code audit.rows.verify} is {@code fail}
	 * @throws SQLException if the database cannot be connected to or does not answer
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails target)
			throws SQLException {
		AuditSettings settings = definition.settings().audit();
		if (!settings.rows().isVerified() && settings.statements() == AuditSettings.Statements.OFF) {
			return null;
		}
		long begin = System.nanoTime();
		Map<String, Object> details = new LinkedHashMap<>();
		List<RowAuditFinding> findings = List.of();
		try (Connection connection = JdbcConnections.openAsPool(definition, target)) {
			String serverAudit = readServerAudit(definition.jdbcEngine(), connection);
			if (serverAudit != null) {
				details.put("serverAudit", serverAudit);
			}
			if (settings.rows().isVerified()) {
				findings = verify(definition, connection, details);
			}
		}
		if (settings.rows().isVerified()) {
			report(definition, target, findings,
					new PreparationReport(NAME, Duration.ofNanos(System.nanoTime() - begin), details));
		}
		return details.isEmpty() ? null : details;
	}

	/**
	 * Does not matter enough to keep a database from coming up.
	 */
	private static @Nullable String readServerAudit(JdbcEngine engine, Connection connection) {
		try {
			return engine.readServerAudit(connection);
		}
		catch (SQLException ex) {
			logger.debug("The audit of the server could not be read", ex);
			return null;
		}
	}

	private static List<RowAuditFinding> verify(DatabaseDefinition definition, Connection connection,
			Map<String, Object> details) throws SQLException {
		AuditRowsSettings settings = definition.settings().audit().rows();
		List<TableName> names = Stream.concat(settings.tables().stream(), Stream.of(settings.log()))
			.map(TableName::parse)
			.map(Objects::requireNonNull)
			.toList();
		List<RowAuditFinding> findings;
		long tables = 0;
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute(RowAuditQueries.LIMITS);
			RowAuditCheck check = new RowAuditCheck(definition, RowAuditCatalog.read(connection, names));
			findings = check.check();
			tables = check.countTables();
		}
		catch (SQLException ex) {
			findings = List.of(unverifiable(definition, ex));
		}
		connection.rollback();
		details.put("tables", tables);
		details.put("log", settings.log());
		details.put("findings", findings.stream().map(RowAuditFinding::toMap).toList());
		return findings;
	}

	/**
	 * Returns what a refusal of the server means.
	 * @throws SQLException if it may answer another time
	 */
	private static RowAuditFinding unverifiable(DatabaseDefinition definition, SQLException failure)
			throws SQLException {
		String state = String.valueOf(failure.getSQLState());
		if (REFUSALS.stream().noneMatch(state::startsWith)) {
			throw failure;
		}
		return new RowAuditFinding(Type.UNVERIFIABLE, "row audit",
				"cannot be verified on this server, which says: "
						+ String.valueOf(failure.getMessage()).lines().findFirst().orElse(state),
				"Let it answer, or make sure in another way that changes are recorded and set '%s' to 'warn' or 'off'."
					.formatted(definition.key("audit.rows.verify")));
	}

	private void report(DatabaseDefinition definition, DatabaseConnectionDetails target, List<RowAuditFinding> findings,
			PreparationReport report) {
		boolean failing = definition.settings().audit().rows().verify() == VerificationMode.FAIL;
		List<RowAuditFinding> errors = findings.stream().filter((finding) -> failing && finding.isError()).toList();
		log(definition.name(), findings.stream().filter((finding) -> !errors.contains(finding)).toList());
		if (!errors.isEmpty()) {
			throw failure(definition, target, errors, report);
		}
	}

	/**
	 * Logs what has changed since the last verification.
	 */
	private void log(String database, List<RowAuditFinding> findings) {
		Set<RowAuditFinding> latest = Set.copyOf(findings);
		Set<RowAuditFinding> former = Objects.requireNonNullElse(this.logged.put(database, latest), Set.of());
		findings.stream()
			.filter((finding) -> !former.contains(finding))
			.forEach((finding) -> logger.warn("Row audit of database '%s': %s%s".formatted(database, finding,
					(finding.fix() != null) ? " Fix: " + finding.fix() : "")));
		List<RowAuditFinding> gone = new ArrayList<>(former);
		gone.removeAll(latest);
		gone.forEach((finding) -> logger
			.info("Row audit of database '%s': no longer found: %s".formatted(database, finding)));
	}

	private static VerificationFailedException failure(DatabaseDefinition definition, DatabaseConnectionDetails target,
			List<RowAuditFinding> errors, PreparationReport report) {
		return new VerificationFailedException(definition.name(),
				"Row audit of database '%s' (%s at %s) has gaps:\n\n%s".formatted(definition.name(),
						definition.engine().getDisplayName(), target.address(),
						lines(errors.stream().map(RowAuditFinding::toString))),
				"Apply the following fixes, preferably in a migration:\n\n%s\n\nWith '%s: warn', findings are only logged."
					.formatted(lines(errors.stream().map(RowAuditFinding::fix).filter(Objects::nonNull)),
							definition.key("audit.rows.verify")),
				TroubleshootingSection.ROW_AUDIT, report);
	}

	private static String lines(Stream<String> texts) {
		return texts.distinct().map((text) -> "    " + text).collect(Collectors.joining("\n"));
	}

}
