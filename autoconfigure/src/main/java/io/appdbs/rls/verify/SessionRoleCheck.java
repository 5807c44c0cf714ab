package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether something else than {@code rls.role} makes statements run as another
 * role than the login.
 */
final class SessionRoleCheck {

	private static final String INIT_SQL = "connection-init-sql";

	private static final String OPTIONS = "data-source-properties.options";

	private static final Pattern ROLE = Pattern.compile("(?:\\b|-c)role\\b", Pattern.CASE_INSENSITIVE);

	private static final Pattern SESSION = Pattern.compile("\\bsession[\\s_]+authorization\\b",
			Pattern.CASE_INSENSITIVE);

	private final DatabaseDefinition definition;

	private final List<String> defaults;

	/**
	 * Create a new {@link SessionRoleCheck}.
	 * @param defaults the statements that remove a role that the server sets for each
	 * session
	 */
	SessionRoleCheck(DatabaseDefinition definition, List<String> defaults) {
		this.definition = definition;
		this.defaults = defaults;
	}

	/**
	 * Check that sessions begin as the login.
	 * @param role the role of the session or {@code null} if it is the login
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding check(@Nullable String role) {
		Map<String, String> hikari = this.definition.settings().hikari();
		if (SESSION.matcher(hikari.getOrDefault(INIT_SQL, "")).find()) {
			return new Finding(FindingType.ROLE_CHANGED, "connection",
					"is given another login by '%s', which a statement such as DISCARD ALL takes away again"
						.formatted(hikariKey(INIT_SQL)),
					"Remove SESSION AUTHORIZATION from '%s', and set '%s', or log in as that role."
						.formatted(hikariKey(INIT_SQL), this.definition.key("rls.role")));
		}
		if (role == null) {
			return null;
		}
		List<String> keys = findKeys(hikari);
		List<String> defaults = keys.isEmpty() ? this.defaults : List.of();
		String key = this.definition.key("rls.role");
		return new Finding(FindingType.ROLE_CHANGED, "role " + role,
				"is what connections begin as instead of their login, though '%s' is not set".formatted(key),
				(defaults.isEmpty() ? "" : String.join(" ", defaults) + " -- or: ") + "Set '%s' to '%s'%s.".formatted(
						key, role, keys.isEmpty() ? "" : " and remove the role from " + String.join(" and ", keys)));
	}

	private List<String> findKeys(Map<String, String> hikari) {
		List<String> keys = new ArrayList<>();
		for (String key : List.of(INIT_SQL, OPTIONS)) {
			if (ROLE.matcher(hikari.getOrDefault(key, "")).find()) {
				keys.add("'%s'".formatted(hikariKey(key)));
			}
		}
		DatabaseConnectionDetails target = this.definition.connectionDetails().get();
		if (!hikari.containsKey(OPTIONS) && ROLE.matcher(target.properties().getOrDefault("options", "")).find()) {
			keys.add("'%s'".formatted(this.definition.key("url")));
		}
		return keys;
	}

	private String hikariKey(String key) {
		return this.definition.key("hikari." + key);
	}

}
