package io.appdbs.rls;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.appdbs.rls.Catalog.Escape;
import io.appdbs.rls.Catalog.Role;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether any policy binds the role that statements run as.
 */
final class RoleCheck {

	private final String key;

	/**
	 * Create a new {@link RoleCheck}.
	 * @param database the name of the database
	 */
	RoleCheck(String database) {
		this.key = "app.dbs." + database + ".rls.role";
	}

	/**
	 * Check that statements can run as the role.
	 * @param name the role that the settings name or {@code null}
	 * @param role the role or {@code null} if there is none of that name
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding checkAvailable(@Nullable String name, @Nullable Role role) {
		if (role == null) {
			return new Finding("role " + name, "does not exist, so no statement can run as '%s'".formatted(this.key),
					"CREATE ROLE \"%s\";".formatted(String.valueOf(name).replace("\"", "\"\"")));
		}
		return role.available() ? null
				: new Finding("role " + role.login(),
						"is no member of role %s, so no statement can run as '%s'".formatted(role.name(), this.key),
						"GRANT %s TO %s;".formatted(role.name(), role.login()));
	}

	List<Finding> check(Role role, List<Escape> escapes) {
		List<Finding> findings = new ArrayList<>();
		String object = "role " + role.name();
		if (role.superuser()) {
			findings.add(new Finding(object, "is a superuser, whom no policy binds",
					"ALTER ROLE %s NOSUPERUSER; -- or let statements run as another role: '%s'".formatted(role.name(),
							this.key)));
			return findings;
		}
		if (role.bypassRls()) {
			findings.add(new Finding(object, "has BYPASSRLS, so no policy binds it",
					"ALTER ROLE %s NOBYPASSRLS;".formatted(role.name())));
		}
		for (Escape escape : escapes) {
			findings.add(new Finding(object,
					"can become role %s, which %s".formatted(escape.name(),
							escape.superuser() ? "is a superuser" : "has BYPASSRLS"),
					escape.members()
						.stream()
						.map((member) -> "REVOKE %s FROM %s;".formatted(escape.name(), member))
						.collect(Collectors.joining(" "))));
		}
		return findings;
	}

}
