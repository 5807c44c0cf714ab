package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.engine.privilege.RolePower;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Finds out whether any policy binds the role that statements run as.
 */
final class RoleCheck {

	private final DatabaseDefinition definition;

	private final String key;

	RoleCheck(DatabaseDefinition definition) {
		this.definition = definition;
		this.key = definition.key("rls.role");
	}

	/**
	 * Check that statements can run as the role.
	 * @param role the role or {@code null} if there is none of the name that the settings
	 * have
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding checkAvailable(@Nullable Role role) {
		if (role == null) {
			String name = String.valueOf(this.definition.settings().rls().role());
			String login = this.definition.settings().username();
			return new Finding(FindingType.ROLE_UNAVAILABLE, "role " + name,
					"does not exist, so no statement can run as '%s'".formatted(this.key),
					"CREATE ROLE %1$s; GRANT %1$s TO %2$s;".formatted(quoted(name),
							(login != null) ? quoted(login) : "CURRENT_USER"));
		}
		return role.available() ? null
				: new Finding(FindingType.ROLE_UNAVAILABLE, "role " + role.login(),
						"cannot become role %s, so no statement can run as '%s'".formatted(role.name(), this.key),
						"GRANT %s TO %s%s;".formatted(role.name(), role.login(),
								(role.version() >= 160000) ? " WITH SET TRUE" : ""));
	}

	private static String quoted(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	/**
	 * Check that policies bind the role.
	 * @param role the role
	 * @param powers the dangerous rights that it and the login have or can get
	 * @return what is wrong
	 */
	List<Finding> check(Role role, List<RolePower> powers) {
		List<Finding> findings = new ArrayList<>();
		String object = "role " + role.name();
		if (role.superuser()) {
			String other = "Let statements run as another role: '%s'".formatted(this.key);
			findings.add(new Finding(FindingType.ROLE_SUPERUSER, object, "is a superuser, and policies do not bind it",
					role.bootstrap() ? other : "ALTER ROLE %s NOSUPERUSER; -- or %s".formatted(role.name(),
							StringUtils.uncapitalize(other))));
			return findings;
		}
		if (role.bypassRls()) {
			findings.add(new Finding(FindingType.ROLE_BYPASSRLS, object, "has BYPASSRLS, so no policy binds it",
					"ALTER ROLE %s NOBYPASSRLS;".formatted(role.name())));
		}
		// the login of an embedded server is always its superuser
		String url = this.definition.settings().url();
		findings.addAll(new PowerCheck(role, this.definition.key("username")).check(powers,
				url == null || !url.startsWith("embedded:")));
		return findings;
	}

}
