package io.appdbs.privilege;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.appdbs.PreparationReport;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.privilege.LoginPrivileges;
import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.security.VerificationMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Reports findings about the privileges of logins: to operators, in the log, and as the
 * reason not to use a database. Safe for use by several threads.
 */
public final class PrivilegeReporter {

	/** The name under which the step is reported. */
	public static final String NAME = "privileges";

	private static final Log logger = LogFactory.getLog(PrivilegeReporter.class);

	/** The findings of a type that are logged; the endpoint has all. */
	private static final int LOGGED = 10;

	/** The findings that have been logged, by the name of the database. */
	private final Map<String, List<PrivilegeFinding>> logged = new ConcurrentHashMap<>();

	/**
	 * Reports findings. What has been logged before is not logged again.
	 * @param definition the database
	 * @param details where the database is
	 * @param privileges what has been read about the login
	 * @param findings the findings
	 * @param duration how long the verification took
	 * @return the findings for operators
	 * @throws VerificationFailedException if there are errors and
	 * {@code privileges.verify} is {@code fail}
	 */
	public Map<String, Object> report(DatabaseDefinition definition, DatabaseConnectionDetails details,
			LoginPrivileges privileges, List<PrivilegeFinding> findings, Duration duration) {
		String login = privileges.login();
		boolean failing = definition.settings().privileges().verify() == VerificationMode.FAIL;
		Map<String, Object> result = new LinkedHashMap<>();
		result.put("login", login);
		result.put("findings", findings.stream().map((finding) -> toMap(definition, finding, failing)).toList());
		if (!privileges.notChecked().isEmpty()) {
			result.put("notChecked", List.copyOf(privileges.notChecked().values()));
		}
		List<PrivilegeFinding> errors = findings.stream().filter((finding) -> failing && isError(finding)).toList();
		List<PrivilegeFinding> others = findings.stream().filter((finding) -> !errors.contains(finding)).toList();
		List<PrivilegeFinding> former = this.logged.put(definition.name(), others);
		if (!others.isEmpty() && !others.equals(former)) {
			logger.warn("%s\n\n%s\n\n%s".formatted(title(definition, details, login, others),
					describe(definition, others), advice(definition, others)));
		}
		if (!errors.isEmpty()) {
			throw new VerificationFailedException(definition.name(),
					"%s\n\n%s".formatted(title(definition, details, login, errors), describe(definition, errors)),
					"%s With '%s: warn', findings are only logged.".formatted(advice(definition, errors),
							definition.key("privileges.verify")),
					TroubleshootingSection.PRIVILEGES, new PreparationReport(NAME, duration, result));
		}
		return result;
	}

	/**
	 * Reports that a database is not verified.
	 * @param definition the database
	 * @param reason the reason, a sentence
	 * @return the report for operators
	 */
	public Map<String, Object> notChecked(DatabaseDefinition definition, String reason) {
		if (this.logged.putIfAbsent(definition.name(), List.of()) == null) {
			logger.info("The privileges of the login of database '%s' are not checked: %s".formatted(definition.name(),
					reason));
		}
		return Map.of("notChecked", List.of(reason));
	}

	private static boolean isError(PrivilegeFinding finding) {
		return finding.type() != Type.UNUSED_ALLOW;
	}

	private static Map<String, String> toMap(DatabaseDefinition definition, PrivilegeFinding finding, boolean failing) {
		Map<String, String> map = new LinkedHashMap<>();
		map.put("id", finding.type().getName());
		map.put("severity", (failing && isError(finding)) ? "ERROR" : "WARN");
		map.put("object", finding.object());
		map.put("reason", finding.reason());
		String fix = fix(definition, finding);
		if (!fix.isEmpty()) {
			map.put("fix", fix);
		}
		return map;
	}

	private static String title(DatabaseDefinition definition, DatabaseConnectionDetails details, String login,
			List<PrivilegeFinding> findings) {
		boolean lacks = findings.stream()
			.allMatch((finding) -> finding.type() == Type.MISSING_GRANT || finding.type() == Type.UNKNOWN_TABLE);
		boolean unread = findings.stream()
			.allMatch((finding) -> finding.type() == Type.NOT_CHECKED || finding.type() == Type.UNUSED_ALLOW);
		return "The login %s of database '%s' (%s at %s) %s:".formatted(login, definition.name(),
				definition.engine().getDisplayName(), details.address(), lacks ? "lacks privileges that it needs"
						: unread ? "has been verified only in part" : "can do more than it needs");
	}

	private static String advice(DatabaseDefinition definition, List<PrivilegeFinding> findings) {
		boolean fixed = findings.stream().anyMatch((finding) -> !finding.fixes().isEmpty());
		return (fixed ? "Apply the fixes with a login that may grant privileges. " : "")
				+ "Declare what is intended in '%s', by the name in brackets."
					.formatted(definition.key("privileges.allow"));
	}

	private static String describe(DatabaseDefinition definition, List<PrivilegeFinding> findings) {
		Map<Type, Integer> counts = new EnumMap<>(Type.class);
		List<String> lines = new ArrayList<>();
		for (PrivilegeFinding finding : findings) {
			if (counts.merge(finding.type(), 1, Integer::sum) <= LOGGED) {
				String fix = fix(definition, finding);
				lines.add("[%s] %s: %s.%s".formatted(finding.type().getName(), finding.object(), finding.reason(),
						fix.isEmpty() ? "" : " Fix: " + fix));
			}
		}
		counts.forEach((type, count) -> {
			if (count > LOGGED) {
				lines.add("[%s] and %d more, which the endpoint 'databases' lists.".formatted(type.getName(),
						count - LOGGED));
			}
		});
		return lines.stream().map((line) -> "    " + line).collect(Collectors.joining("\n"));
	}

	/**
	 * Some findings are fixed by another login and not by statements alone.
	 */
	private static String fix(DatabaseDefinition definition, PrivilegeFinding finding) {
		String statements = String.join(" ", finding.fixes());
		return switch (finding.type()) {
			case SUPERUSER -> "%sConnect as a login with fewer rights: '%s'."
				.formatted(statements.isEmpty() ? "" : statements + " -- or ", definition.key("username"));
			case ONE_LOGIN -> "Migrate with another login, '%s' or '%s', and then: %s"
				.formatted(definition.key("flyway.username"), definition.key("liquibase.user"), statements);
			case UNKNOWN_TABLE -> "Correct '%s'.".formatted(definition.key("privileges.needed"));
			case UNUSED_ALLOW -> "Remove it.";
			default -> statements;
		};
	}

}
