package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.rls.verify.catalog.Catalog.Power;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Finds rights of the role that statements run as, and of the login, that lead past every
 * policy.
 */
final class PowerCheck {

	private static final String SUPERUSER = "SUPERUSER";

	private static final String BYPASSRLS = "BYPASSRLS";

	private static final String CREATEROLE = "CREATEROLE";

	private static final String REPLICATION = "REPLICATION";

	/** What a role can do that has a right. */
	private static final Map<String, String> CONSEQUENCES = Map.of(REPLICATION,
			"can read the changes of all rows from the log of the server", "pg_execute_server_program",
			"can run programs on the server", "pg_read_server_files", "can read the files of the server",
			"pg_write_server_files", "can write the files of the server", "pg_read_all_data",
			"can read all tables, also statistics, which have values of all rows", "pg_write_all_data",
			"can write every table that has no policies", "pg_maintain", "can lock and rewrite every table");

	/** Rights that only lead to rows together with something else. */
	private static final Set<String> MINOR = Set.of("pg_write_all_data", "pg_maintain");

	private final Role role;

	private final String key;

	/**
	 * Creates a new {@link PowerCheck}.
	 * @param key the key of the login
	 */
	PowerCheck(Role role, String key) {
		this.role = role;
		this.key = key;
	}

	/**
	 * Check the rights.
	 * @param powers the dangerous rights
	 * @param withLogin whether to check the login, too, where it is another role
	 * @return what is wrong
	 */
	List<Finding> check(List<Power> powers, boolean withLogin) {
		List<Finding> findings = new ArrayList<>();
		Set<String> known = new HashSet<>(Set.of(this.role.name()));
		for (Power power : powers) {
			if (power.login() && (!withLogin || !known.add(power.name()))) {
				continue;
			}
			known.add(power.name());
			List<String> rights = power.own() ? power.rights() : power.rights().subList(0, 1);
			rights.stream()
				.filter((right) -> !isFoundAlready(power, right))
				.forEach((right) -> findings.add(find(power, right)));
		}
		return findings;
	}

	/**
	 * What the role itself has is a finding of another type.
	 */
	private static boolean isFoundAlready(Power power, String right) {
		return power.own() && !power.login() && (right.equals(SUPERUSER) || right.equals(BYPASSRLS));
	}

	private Finding find(Power power, String right) {
		if (power.login()) {
			return new Finding(FindingType.ROLE_DANGEROUS, Severity.WARN, "login " + this.role.login(),
					reason(power, right) + "; statements run as role %s, but after RESET ROLE as the login"
						.formatted(this.role.name()),
					fix(power, right));
		}
		boolean escapes = power.usable() && (right.equals(SUPERUSER) || right.equals(BYPASSRLS));
		FindingType type = escapes ? FindingType.ROLE_ESCAPES : FindingType.ROLE_DANGEROUS;
		return new Finding(type, isMinor(right) ? Severity.WARN : type.severity(), "role " + this.role.name(),
				reason(power, right), fix(power, right));
	}

	private String reason(Power power, String right) {
		String has = isAttribute(right) ? "has " + right : "is a member of role " + right;
		if (right.equals(SUPERUSER)) {
			has = "is a superuser";
		}
		String can = consequence(right);
		if (power.own() || (power.usable() && !isAttribute(right))) {
			return has + ((can != null) ? " and " + can : "");
		}
		return "can %s role %s, which %s".formatted(power.usable() ? "become" : "make itself a member of", power.name(),
				isAttribute(right) ? has + ((can != null) ? " and " + can : "") : String.valueOf(can));
	}

	private @Nullable String consequence(String right) {
		if (right.equals(CREATEROLE)) {
			return isMinor(right) ? "can create logins" : "can make itself a member of other roles";
		}
		return CONSEQUENCES.get(right);
	}

	/**
	 * Since PostgreSQL 16, CREATEROLE is about the roles that a role has created.
	 */
	private boolean isMinor(String right) {
		return right.equals(CREATEROLE) ? this.role.version() >= 160000 : MINOR.contains(right);
	}

	private static boolean isAttribute(String right) {
		return Set.of(SUPERUSER, BYPASSRLS, CREATEROLE, REPLICATION).contains(right);
	}

	private @Nullable String fix(Power power, String right) {
		if (power.own() && power.login()) {
			return "Connect as a login with fewer rights: '%s'.".formatted(this.key);
		}
		if (power.own()) {
			return "ALTER ROLE %s NO%s;".formatted(power.name(), right);
		}
		return power.revokes().isEmpty() ? null : String.join(" ", power.revokes());
	}

}
