package io.appdbs.engine.inspection.mysql;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.InspectionContext;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Privileges of the login and its active roles, as {@code SHOW GRANTS} lists them. They
 * are read before anything that needs one: the views of the system have fewer rows for a
 * login without it, and a driver may log each error of the server.
 *
 * @param login the account, as {@code GRANT} writes it
 * @param database the database of the connection
 * @param grants the privileges
 */
record MySqlGrants(String login, String database, List<Grant> grants) {

	MySqlGrants {
		grants = List.copyOf(grants);
	}

	static MySqlGrants read(InspectionContext context) throws SQLException {
		List<Grant> grants = context.query("SHOW GRANTS", (row) -> Objects.toString(row.getString(1), ""))
			.stream()
			.map(Grant::parse)
			.filter(Objects::nonNull)
			.toList();
		return context.queryForRow("SELECT CURRENT_USER(), DATABASE()",
				(row) -> new MySqlGrants(toAccount(row.getString(1)), row.getString(2), grants));
	}

	private static String toAccount(String user) {
		int at = user.lastIndexOf('@');
		return "'%s'@'%s'".formatted(user.substring(0, at).replace("'", "''"),
				user.substring(at + 1).replace("'", "''"));
	}

	boolean isGlobal(String privilege) {
		return this.grants.stream().anyMatch((grant) -> grant.isFor(privilege, null, null));
	}

	boolean isSelectable(String schema, String table) {
		boolean revoked = this.grants.stream().anyMatch((grant) -> grant.isRevoked("SELECT", schema));
		return this.grants.stream()
			.anyMatch(
					(grant) -> grant.isFor("SELECT", schema, table) || (!revoked && grant.isFor("SELECT", null, null)));
	}

	/**
	 * Checks that the login sees all sessions and transactions.
	 */
	void requireProcess(String what) {
		if (!isGlobal("PROCESS")) {
			throw missing(what, "PROCESS", "*.*");
		}
	}

	/**
	 * Checks that the login may read a table of the system.
	 * @param table the name of the table, or {@code *} for all of the schema
	 */
	void requireSelect(String what, String schema, String table) {
		if (!isSelectable(schema, table)) {
			throw missing(what, "SELECT", schema + "." + table);
		}
	}

	/**
	 * Checks that the login sees all tables of the database.
	 */
	void requireTables(String what) {
		if (!isSelectable(this.database, "*")) {
			throw missing(what, "SELECT", MySqlNames.quote(this.database) + ".*");
		}
	}

	/**
	 * Returns an exception for a missing privilege.
	 * @param what what the login may not read, as a plural
	 */
	private InspectionException missing(String what, String privilege, String scope) {
		return InspectionException.insufficientRights("The login %s may not read %s: it needs the privilege %s on %s."
			.formatted(this.login, what, privilege, scope), getStatement(privilege, scope));
	}

	String getStatement(String privilege, String scope) {
		return "GRANT %s ON %s TO %s;".formatted(privilege, scope, this.login);
	}

	/**
	 * One line of {@code SHOW GRANTS}.
	 *
	 * @param revocation whether it is a partial revocation, which only MySQL has
	 * @param privileges the privileges
	 * @param schema the pattern of the schema or {@code null} for all
	 * @param table the table or {@code null} for all
	 */
	record Grant(boolean revocation, Set<String> privileges, @Nullable String schema, @Nullable String table) {

		private static final Pattern LINE = Pattern
			.compile("(GRANT|REVOKE) (.+?) ON (?:TABLE )?(\\*|`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\")"
					+ "\\.(\\*|`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\") (?:TO|FROM) .*", Pattern.DOTALL);

		static @Nullable Grant parse(String line) {
			Matcher matcher = LINE.matcher(line);
			return matcher.matches() ? new Grant("REVOKE".equals(matcher.group(1)),
					Set.of(StringUtils.tokenizeToStringArray(matcher.group(2).replaceAll("\\([^)]*\\)", "()"), ",")),
					toName(matcher.group(3)), toName(matcher.group(4))) : null;
		}

		private static @Nullable String toName(String text) {
			if (text.equals("*")) {
				return null;
			}
			String quote = text.substring(0, 1);
			return text.substring(1, text.length() - 1).replace(quote + quote, quote);
		}

		/**
		 * Returns whether it is enough for a privilege.
		 * @param wantedSchema the schema, {@code null} if only a global privilege counts
		 * @param wantedTable the table, {@code *} if it is needed for all of the schema
		 */
		boolean isFor(String privilege, @Nullable String wantedSchema, @Nullable String wantedTable) {
			if (this.revocation || !has(privilege)) {
				return false;
			}
			if (this.schema == null || wantedSchema == null) {
				return this.schema == null && wantedSchema == null;
			}
			// a schema is a pattern only without a table
			return (this.table != null) ? this.schema.equals(wantedSchema) && this.table.equals(wantedTable)
					: matches(this.schema, wantedSchema);
		}

		boolean isRevoked(String privilege, String wantedSchema) {
			return this.revocation && has(privilege) && this.schema != null && this.schema.equals(wantedSchema);
		}

		private boolean has(String privilege) {
			return this.privileges.contains(privilege) || this.privileges.contains("ALL PRIVILEGES");
		}

		private static boolean matches(String pattern, String schema) {
			StringBuilder regex = new StringBuilder();
			for (int i = 0; i < pattern.length(); i++) {
				char c = pattern.charAt(i);
				if (c == '\\' && i + 1 < pattern.length()) {
					regex.append(Pattern.quote(pattern.substring(++i, i + 1)));
				}
				else {
					regex.append((c == '%') ? ".*" : (c == '_') ? "." : Pattern.quote(String.valueOf(c)));
				}
			}
			return schema.matches(regex.toString());
		}

	}

}
