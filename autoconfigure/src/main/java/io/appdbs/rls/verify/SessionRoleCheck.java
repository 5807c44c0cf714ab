package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether something else than {@code rls.role} makes statements run as another
 * role than the login.
 */
final class SessionRoleCheck {

	private static final String INIT_SQL = "connection-init-sql";

	private static final String OPTIONS = "data-source-properties.options";

	private static final Pattern ROLE = Pattern.compile("\\brole\\b", Pattern.CASE_INSENSITIVE);

	private static final Pattern SESSION = Pattern.compile("\\bsession[\\s_]+authorization\\b",
			Pattern.CASE_INSENSITIVE);

	/** What the server sets for each session, and how to remove it. */
	private static final String DEFAULTS = """
			SELECT 'ALTER ' || CASE WHEN s.setrole = 0 AND s.setdatabase <> 0
			THEN 'DATABASE ' || quote_ident(d.datname)
			ELSE 'ROLE ' || coalesce(quote_ident(r.rolname), 'ALL')
			|| coalesce(' IN DATABASE ' || quote_ident(d.datname), '') END || ' RESET role;'
			FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
			LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
			WHERE (s.setdatabase = 0 OR d.datname = current_database())
			AND (s.setrole = 0 OR r.rolname = session_user)
			AND EXISTS (SELECT 1 FROM unnest(s.setconfig) c WHERE c ILIKE 'role=%') ORDER BY 1""";

	private final DatabaseDefinition definition;

	private final Connection connection;

	SessionRoleCheck(DatabaseDefinition definition, Connection connection) {
		this.definition = definition;
		this.connection = connection;
	}

	/**
	 * Check that sessions begin as the login.
	 * @param role the role of the session or {@code null} if it is the login
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding check(@Nullable String role) throws SQLException {
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
		List<String> defaults = keys.isEmpty() ? readDefaults() : List.of();
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
		ConnectionTarget target = this.definition.target().get();
		if (!hikari.containsKey(OPTIONS) && ROLE.matcher(target.properties().getOrDefault("options", "")).find()) {
			keys.add("'%s'".formatted(this.definition.key("url")));
		}
		return keys;
	}

	private String hikariKey(String key) {
		return this.definition.key("hikari." + key);
	}

	private List<String> readDefaults() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet rows = statement.executeQuery(DEFAULTS)) {
			List<String> defaults = new ArrayList<>();
			while (rows.next()) {
				defaults.add(rows.getString(1));
			}
			return defaults;
		}
	}

}
