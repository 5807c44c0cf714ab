package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.PreparationReport;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.security.VerificationMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the policies of a database with {@code rls.enabled} bind the application,
 * by what the catalog says and by what the server does, on a connection that is made as
 * those of the pool.
 */
public final class RlsVerification implements DatabasePreparation {

	/** The name under which the step is reported. */
	public static final String NAME = "row-level-security";

	/**
	 * The detail that says whether a statement outside of a transaction can carry a
	 * {@code SELECT set_config(…, true);} in front of it: it sees what that sets, and the
	 * next one does not. Depends on the server, on a proxy in between and on how the
	 * driver sends queries.
	 */
	public static final String PREFIXED = "prefixed";

	/**
	 * The detail that says as which role sessions begin, there only if that is neither
	 * the login nor declared by {@code rls.role}.
	 */
	public static final String SESSION_ROLE = "sessionRole";

	/**
	 * The detail that says that other nodes evaluate policies, there only if they do.
	 */
	public static final String DISTRIBUTED = "distributed";

	private static final Log logger = LogFactory.getLog(RlsVerification.class);

	private final FindingLog log = new FindingLog();

	/** As which role sessions have begun first, by the name of the database. */
	private final Map<String, String> sessionRoles = new ConcurrentHashMap<>();

	@Override
	public String getName() {
		return NAME;
	}

	/**
	 * Policies may bind one role and not another.
	 */
	@Override
	public boolean isVerificationOfLogin() {
		return true;
	}

	/**
	 * Verifies the database if it has row-level security.
	 * @throws VerificationFailedException if the policies do not bind and
	 * {@code rls.verify} is {@code fail}
	 * @throws DatabaseStartException if sessions begin as another role than before
	 * @throws SQLException if the database cannot be connected to or does not answer
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails target)
			throws SQLException {
		RlsSettings settings = definition.settings().rls();
		if (!settings.enabled()) {
			return null;
		}
		long begin = System.nanoTime();
		try (Connection connection = JdbcConnections.openAsPool(definition, target)) {
			Verifier verifier = new Verifier(definition, connection);
			boolean verified = settings.verify() != VerificationMode.OFF;
			if (verified) {
				verifier.verify();
			}
			Map<String, Object> details = new LinkedHashMap<>();
			PrefixCheck.Result prefix = verifier.probePrefix();
			details.put(PREFIXED, prefix.prefixed());
			if (prefix.distributed()) {
				details.put(DISTRIBUTED, true);
			}
			if (prefix.role() != null && settings.role() == null) {
				details.put(SESSION_ROLE, prefix.role());
			}
			if (verified) {
				List<Finding> findings = verifier.getFindings();
				details.put("tables", verifier.countTables());
				details.put("findings", findings.stream().map(Finding::toMap).toList());
				report(definition, target, findings,
						new PreparationReport(NAME, Duration.ofNanos(System.nanoTime() - begin), details));
			}
			if (settings.role() == null) {
				checkUnchanged(definition, Objects.requireNonNullElse(prefix.role(), RlsContext.LOGIN_ROLE));
			}
			return details;
		}
	}

	/**
	 * Statements run as the role with which sessions have begun when the database was
	 * opened, also after another login.
	 */
	private void checkUnchanged(DatabaseDefinition definition, String role) {
		String name = definition.name();
		String former = this.sessionRoles.putIfAbsent(name, role);
		if (former != null && !former.equals(role)) {
			throw new DatabaseStartException(name,
					"Sessions of database '%s' begin as %s, but statements have run as %s since it was opened."
						.formatted(name, describe(role), describe(former)),
					"Set '%s' to the role that statements are to run as, and start the application again."
						.formatted(definition.key("rls.role")),
					TroubleshootingSection.ROW_LEVEL_SECURITY, null);
		}
	}

	private static String describe(String role) {
		return role.equals(RlsContext.LOGIN_ROLE) ? "their login" : "role " + role;
	}

	private void report(DatabaseDefinition definition, DatabaseConnectionDetails target, List<Finding> findings,
			PreparationReport report) {
		boolean failing = definition.settings().rls().verify() == VerificationMode.FAIL;
		List<Finding> errors = findings.stream()
			.filter((finding) -> failing && finding.severity() == Severity.ERROR)
			.toList();
		List<Finding> others = findings.stream().filter((finding) -> !errors.contains(finding)).toList();
		this.log.update(definition.name(), others).forEach((finding) -> log(definition, finding));
		if (!errors.isEmpty()) {
			throw failure(definition, target, errors, report);
		}
	}

	private static void log(DatabaseDefinition definition, Finding finding) {
		String message = "Row-level security of database '%s': %s%s".formatted(definition.name(), finding,
				(finding.fix() != null) ? " Fix: " + finding.fix() : "");
		if (finding.severity() == Severity.INFO) {
			logger.info(message);
		}
		else {
			logger.warn(message);
		}
	}

	private static VerificationFailedException failure(DatabaseDefinition definition, DatabaseConnectionDetails target,
			List<Finding> errors, PreparationReport report) {
		String fixes = lines(errors.stream().map(Finding::fix).filter(Objects::nonNull));
		return new VerificationFailedException(definition.name(),
				"Row-level security of database '%s' (%s at %s) does not hold:\n\n%s".formatted(definition.name(),
						definition.engine().getDisplayName(), target.address(),
						lines(errors.stream().map(Finding::toString))),
				(fixes.isEmpty() ? ""
						: "Apply the following fixes, preferably in a migration:\n\n%s\n\n".formatted(fixes))
						+ "Declare what is public by intent in '%s', and tables that need no policy in '%s'. "
							.formatted(definition.key("rls.allow"), definition.key("rls.exempt-tables"))
						+ "With '%s: warn', findings are only logged.".formatted(definition.key("rls.verify")),
				TroubleshootingSection.ROW_LEVEL_SECURITY, report);
	}

	private static String lines(Stream<String> texts) {
		return texts.distinct().map((text) -> "    " + text).collect(Collectors.joining("\n"));
	}

}
