package io.appdbs.privilege;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.appdbs.engine.privilege.GrantSyntax;
import io.appdbs.engine.privilege.LoginPrivileges;
import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.engine.privilege.PrivilegeRequest;
import io.appdbs.engine.privilege.TablePrivileges;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.security.PrivilegesSettings;
import io.appdbs.settings.security.VerificationMode;
import org.jspecify.annotations.Nullable;

/**
 * Derives from the privileges of a login what to report about a database.
 *
 * @param definition the database
 * @param syntax the names of privileges
 * @param request what was read
 */
public record PrivilegeEvaluation(DatabaseDefinition definition, GrantSyntax syntax, PrivilegeRequest request) {

	/** What follows from migrating with the login of the application. */
	private static final Set<Type> OF_ONE_LOGIN = EnumSet.of(Type.OWNS_DATABASE, Type.OWNS_SCHEMA, Type.OWNS_TABLE,
			Type.CREATE_ON_DATABASE, Type.CREATE_ON_SCHEMA, Type.CHANGES_SCHEMA, Type.MAY_TRUNCATE, Type.MAY_MAINTAIN,
			Type.MAY_WRITE_MIGRATION_HISTORY);

	/**
	 * Returns what to report.
	 * @param login what has been read
	 * @return the findings that are not allowed
	 */
	public List<PrivilegeFinding> evaluate(LoginPrivileges login) {
		PrivilegesSettings settings = this.definition.settings().privileges();
		List<AllowedFinding> allowed = settings.allow()
			.stream()
			.map(AllowedFinding::parse)
			.filter(Objects::nonNull)
			.toList();
		Set<AllowedFinding> used = new HashSet<>();
		List<PrivilegeFinding> findings = new ArrayList<>(login.findings());
		boolean superuser = login.findings().stream().anyMatch((finding) -> finding.type() == Type.SUPERUSER);
		if (!settings.needed().isEmpty() && !superuser) {
			addComparison(login, findings);
		}
		findings.addAll(findUnread(login, allowed, used));
		findings.removeIf((finding) -> isAllowed(finding, allowed, used));
		List<PrivilegeFinding> merged = new ArrayList<>(mergeOneLogin(login, findings));
		merged.removeIf((finding) -> isAllowed(finding, allowed, used));
		if (!superuser && !this.definition.key("privileges.allow").startsWith("app.dbs-defaults")) {
			allowed.stream().filter((entry) -> !used.contains(entry)).forEach((entry) -> merged.add(unused(entry)));
		}
		return merged;
	}

	/**
	 * What no login can read is a finding if the privileges have to be right. An entry
	 * that allows it is used in any case.
	 */
	private List<PrivilegeFinding> findUnread(LoginPrivileges login, List<AllowedFinding> allowed,
			Set<AllowedFinding> used) {
		boolean failing = this.definition.settings().privileges().verify() == VerificationMode.FAIL;
		return login.notChecked()
			.entrySet()
			.stream()
			.map((entry) -> new PrivilegeFinding(Type.NOT_CHECKED, entry.getKey(), "may have " + entry.getValue(),
					List.of()))
			.filter((finding) -> !isAllowed(finding, allowed, used) && failing)
			.toList();
	}

	/**
	 * A privilege that is needed is not reported by another name.
	 */
	private void addComparison(LoginPrivileges login, List<PrivilegeFinding> findings) {
		NeededPrivileges needed = new NeededPrivileges(this.syntax, this.definition.settings().privileges().needed());
		findings.removeIf((finding) -> needed.isNeeded(finding, login.tables()));
		Set<String> reported = new HashSet<>();
		login.findings().forEach((finding) -> reported.addAll(finding.fixes()));
		findings.addAll(needed.compare(login, reported, this::isHistory));
	}

	private boolean isHistory(TablePrivileges table) {
		return table.name() != null && this.request.isHistory(table.schema(), table.name());
	}

	private static boolean isAllowed(PrivilegeFinding finding, List<AllowedFinding> allowed, Set<AllowedFinding> used) {
		List<AllowedFinding> matching = allowed.stream().filter((entry) -> entry.matches(finding)).toList();
		used.addAll(matching);
		return !matching.isEmpty();
	}

	private List<PrivilegeFinding> mergeOneLogin(LoginPrivileges login, List<PrivilegeFinding> findings) {
		List<PrivilegeFinding> following = findings.stream()
			.filter((finding) -> OF_ONE_LOGIN.contains(finding.type()))
			.toList();
		boolean migrates = following.stream().anyMatch((finding) -> finding.type() == Type.MAY_WRITE_MIGRATION_HISTORY);
		boolean changes = following.stream().anyMatch((finding) -> finding.type() != Type.MAY_WRITE_MIGRATION_HISTORY);
		if (this.request.owner() != null || !migrates || !changes) {
			return findings;
		}
		Set<String> fixes = new LinkedHashSet<>();
		following.forEach((finding) -> fixes.addAll(finding.fixes()));
		List<PrivilegeFinding> merged = new ArrayList<>();
		merged.add(new PrivilegeFinding(Type.ONE_LOGIN, login.login(),
				"also migrates the database, so the application can change and drop what it has: %s"
					.formatted(describe(following)),
				List.copyOf(fixes)));
		findings.stream().filter((finding) -> !following.contains(finding)).forEach(merged::add);
		return merged;
	}

	private static String describe(List<PrivilegeFinding> findings) {
		List<String> objects = findings.stream().map(PrivilegeFinding::object).distinct().toList();
		int shown = Math.min(objects.size(), 3);
		String others = (objects.size() > shown) ? " and %d others".formatted(objects.size() - shown) : "";
		return String.join(", ", objects.subList(0, shown)) + others;
	}

	private PrivilegeFinding unused(AllowedFinding entry) {
		return new PrivilegeFinding(Type.UNUSED_ALLOW, "'" + entry.entry() + "'",
				"is allowed in '%s', but there is no such finding".formatted(this.definition.key("privileges.allow")),
				List.of());
	}

	/**
	 * Returns the login of the migrations.
	 * @param definition the database
	 * @param login the login of the application or {@code null} if it is not known
	 * @return the name or {@code null} if it is not a separate one
	 */
	static @Nullable String findMigrationLogin(DatabaseDefinition definition, @Nullable String login) {
		String ofFlyway = definition.settings().flyway().get("user");
		String user = (ofFlyway != null) ? ofFlyway : definition.settings().liquibase().user();
		return (user == null || user.equals(login)) ? null : user;
	}

}
