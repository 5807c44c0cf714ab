package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.appdbs.engine.privilege.RolePower;
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
	List<Finding> check(List<RolePower> powers, boolean withLogin) {
		List<Finding> findings = new ArrayList<>();
		Set<String> known = new HashSet<>(Set.of(this.role.name()));
		for (RolePower power : powers) {
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
	private static boolean isFoundAlready(RolePower power, String right) {
		return power.own() && !power.login()
				&& (right.equals(RolePower.SUPERUSER) || right.equals(RolePower.BYPASSRLS));
	}

	private Finding find(RolePower power, String right) {
		if (power.login()) {
			return new Finding(FindingType.ROLE_DANGEROUS, Severity.WARN, "login " + this.role.login(),
					power.describe(right, this.role.version())
							+ "; statements run as role %s, but after RESET ROLE as the login"
								.formatted(this.role.name()),
					fix(power, right));
		}
		boolean escapes = power.usable() && (right.equals(RolePower.SUPERUSER) || right.equals(RolePower.BYPASSRLS));
		FindingType type = escapes ? FindingType.ROLE_ESCAPES : FindingType.ROLE_DANGEROUS;
		return new Finding(type, isMinor(right) ? Severity.WARN : type.severity(), "role " + this.role.name(),
				power.describe(right, this.role.version()), fix(power, right));
	}

	/**
	 * Since PostgreSQL 16, CREATEROLE is about the roles that a role has created.
	 */
	private boolean isMinor(String right) {
		return RolePower.isLimited(right, this.role.version()) || MINOR.contains(right);
	}

	private @Nullable String fix(RolePower power, String right) {
		return (power.own() && power.login()) ? "Connect as a login with fewer rights: '%s'.".formatted(this.key)
				: power.revoke(right);
	}

}
