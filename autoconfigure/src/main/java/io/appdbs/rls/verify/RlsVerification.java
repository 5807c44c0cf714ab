package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.PreparationReport;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.RlsSettings;
import io.appdbs.engine.RlsSettings.Verify;
import io.appdbs.jdbc.JdbcConnections;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.VerificationFailedException;
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

	private static final Log logger = LogFactory.getLog(RlsVerification.class);

	private final FindingLog log = new FindingLog();

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
	 * Verify the database if it has row-level security.
	 * @throws VerificationFailedException if the policies do not bind and
	 * {@code rls.verify} is {@code fail}
	 * @throws SQLException if the database cannot be connected to or does not answer
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, ConnectionTarget target)
			throws SQLException {
		RlsSettings settings = definition.settings().rls();
		if (!settings.enabled()) {
			return null;
		}
		long begin = System.nanoTime();
		try (Connection connection = JdbcConnections.openAsPool(definition, target)) {
			Verifier verifier = new Verifier(definition, connection);
			boolean verified = settings.verify() != Verify.OFF;
			if (verified) {
				verifier.verify();
			}
			Map<String, Object> details = new LinkedHashMap<>();
			PrefixProbe.Result prefix = verifier.probePrefix();
			details.put(PREFIXED, prefix.prefixed());
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
			return details;
		}
	}

	private void report(DatabaseDefinition definition, ConnectionTarget target, List<Finding> findings,
			PreparationReport report) {
		String name = definition.name();
		if (definition.settings().rls().verify() == Verify.WARN) {
			this.log.update(name, findings)
				.forEach((finding) -> logger.warn("Row-level security of database '%s' does not hold: %s Fix: %s"
					.formatted(name, finding, finding.fix())));
			return;
		}
		if (findings.isEmpty()) {
			return;
		}
		throw new VerificationFailedException(name,
				"Row-level security of database '%s' (%s at %s) does not hold:\n\n%s".formatted(name,
						definition.engine().getDisplayName(), target.address(),
						lines(findings.stream().map(Finding::toString))),
				"Mend it, best in a migration:\n\n%s\n\n"
					.formatted(lines(findings.stream().map(Finding::fix).filter(Objects::nonNull)))
						+ "Name what needs no policy below '%s'. With '%s: warn' this is only logged."
							.formatted(definition.key("rls.exempt-tables"), definition.key("rls.verify")),
				report);
	}

	private static String lines(Stream<String> texts) {
		return texts.distinct().map((text) -> "    " + text).collect(Collectors.joining("\n"));
	}

}
