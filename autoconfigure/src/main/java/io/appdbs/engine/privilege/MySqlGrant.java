package io.appdbs.engine.privilege;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A line of {@code SHOW GRANTS} that grants privileges. What follows the grantee is not
 * kept, as it may have the hash of the password.
 *
 * @param privileges the privileges in upper case that are not limited to columns
 * @param onColumns the others, each with its columns, as in {@code SELECT (`id`)}
 * @param schema the schema, which may be a pattern, or {@code null} for all
 * @param table the table or {@code null} for all
 * @param grantee the account, the role or PUBLIC, in SQL
 * @param grantable whether the privileges may be granted to others
 */
record MySqlGrant(Set<String> privileges, Set<String> onColumns, @Nullable String schema, @Nullable String table,
		String grantee, boolean grantable) {

	private static final String NAME = "(?:`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')";

	private static final String ACCOUNT = "(?:%1$s(?:@%1$s)?|PUBLIC)".formatted(NAME);

	private static final Pattern ON_TABLES = Pattern.compile(
			"GRANT (.+?) ON (?:TABLE )?(\\*|%1$s)\\.(\\*|%1$s) TO (%2$s)(.*)".formatted(NAME, ACCOUNT), Pattern.DOTALL);

	private static final Pattern PRIVILEGE = Pattern
		.compile("([^,(]+?)( ?\\((?:%s|[^)`\"'])*\\))?(?:, ?|$)".formatted(NAME));

	private static final Pattern ROLES = Pattern.compile("GRANT (%1$s(?:, ?%1$s)*) TO %1$s(?: .*)?".formatted(ACCOUNT));

	/** Lines about a routine, a proxy, a default role, or a partial revocation. */
	private static final Pattern OTHER = Pattern.compile(
			"(?:GRANT .+? ON (?:FUNCTION|PROCEDURE|PACKAGE|PACKAGE BODY) |GRANT PROXY |SET DEFAULT ROLE |REVOKE ).*",
			Pattern.DOTALL);

	/** The privileges that {@code ALL PRIVILEGES} on a schema or table stands for. */
	private static final List<String> ALL = List.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP",
			"REFERENCES", "INDEX", "ALTER", "CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE", "CREATE VIEW",
			"SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE", "EVENT", "TRIGGER");

	/** Further ones that {@code ALL PRIVILEGES} on all schemas stands for. */
	private static final List<String> ALL_GLOBAL = List.of("SUPER", "FILE", "PROCESS", "SHUTDOWN", "RELOAD",
			"CREATE USER", "SHOW DATABASES");

	/**
	 * Parses a line.
	 * @param line the line
	 * @param mariaDb whether the server is a MariaDB
	 * @return the grant, {@code null} if it grants no privileges on tables
	 */
	static @Nullable MySqlGrant parse(String line, boolean mariaDb) {
		Matcher matcher = ON_TABLES.matcher(line);
		if (OTHER.matcher(line).matches() || !matcher.matches()) {
			return null;
		}
		String schema = unquote(matcher.group(2));
		Set<String> privileges = new LinkedHashSet<>();
		Set<String> onColumns = new LinkedHashSet<>();
		PRIVILEGE.matcher(matcher.group(1)).results().forEach((part) -> {
			if (part.group(2) != null) {
				onColumns.add(part.group(1) + part.group(2));
			}
			else {
				privileges.addAll(expand(part.group(1), schema, mariaDb));
			}
		});
		return new MySqlGrant(privileges, onColumns, schema, unquote(matcher.group(3)), matcher.group(4),
				matcher.group(5).endsWith("WITH GRANT OPTION"));
	}

	/**
	 * Returns whether a line is understood, so that nothing is overlooked.
	 * @param line the line
	 */
	static boolean isKnown(String line) {
		return OTHER.matcher(line).matches() || ON_TABLES.matcher(line).matches() || ROLES.matcher(line).matches();
	}

	/**
	 * Returns the roles that a line grants.
	 * @param line the line
	 * @return the roles in SQL
	 */
	static List<String> roles(String line) {
		Matcher matcher = ROLES.matcher(line);
		return matcher.matches()
				? Pattern.compile(ACCOUNT).matcher(matcher.group(1)).results().map((result) -> result.group()).toList()
				: List.of();
	}

	private static Set<String> expand(String privilege, @Nullable String schema, boolean mariaDb) {
		if (!privilege.equals("ALL PRIVILEGES")) {
			return privilege.equals("USAGE") ? Set.of() : Set.of(privilege);
		}
		Set<String> privileges = new LinkedHashSet<>(ALL);
		if (mariaDb) {
			privileges.add("DELETE HISTORY");
		}
		if (schema == null) {
			privileges.addAll(ALL_GLOBAL);
		}
		return privileges;
	}

	private static @Nullable String unquote(String text) {
		if (text.equals("*")) {
			return null;
		}
		String quote = text.substring(0, 1);
		return text.substring(1, text.length() - 1).replace(quote + quote, quote);
	}

	boolean isOfPublic() {
		return this.grantee.equals("PUBLIC");
	}

	/**
	 * Returns the privileges on the table or on some of its columns.
	 */
	Set<String> names() {
		Set<String> names = new LinkedHashSet<>(this.privileges);
		this.onColumns.forEach((privilege) -> names.add(privilege.substring(0, privilege.indexOf('(')).strip()));
		return names;
	}

	/**
	 * Returns what it grants beyond another one on the same object.
	 */
	MySqlGrant without(MySqlGrant other) {
		Set<String> further = new LinkedHashSet<>(this.privileges);
		further.removeAll(other.privileges);
		Set<String> furtherOnColumns = new LinkedHashSet<>(this.onColumns);
		furtherOnColumns.removeAll(other.onColumns);
		return new MySqlGrant(further, furtherOnColumns, this.schema, this.table, this.grantee, this.grantable);
	}

	MySqlGrant to(String other) {
		return new MySqlGrant(this.privileges, this.onColumns, this.schema, this.table, other, this.grantable);
	}

	/**
	 * Returns whether it is about a table.
	 * @param database the schema of the table
	 * @param name the table or {@code null} for all tables of the schema
	 */
	boolean includes(String database, @Nullable String name) {
		if (this.table != null) {
			return database.equals(this.schema) && this.table.equals(name);
		}
		return this.schema == null || Pattern.matches(toRegex(this.schema), database);
	}

	/**
	 * The name of a schema may have the wildcards of LIKE.
	 */
	private static String toRegex(String pattern) {
		StringBuilder regex = new StringBuilder();
		for (int i = 0; i < pattern.length(); i++) {
			char character = pattern.charAt(i);
			if (character == '\\' && i + 1 < pattern.length()) {
				regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
			}
			else if (character == '%') {
				regex.append(".*");
			}
			else {
				regex.append((character == '_') ? "." : Pattern.quote(String.valueOf(character)));
			}
		}
		return regex.toString();
	}

	/**
	 * Returns the statement that grants some of the privileges on all tables of a
	 * database.
	 * @param database the name, which is not a pattern
	 */
	String grant(Iterable<String> some, String database) {
		return "GRANT %s ON %s.* TO %s;".formatted(String.join(", ", some),
				quote(database.replaceAll("[\\\\_%]", "\\\\$0")), this.grantee);
	}

	/**
	 * Returns what it is about, in SQL.
	 */
	String target() {
		return (this.schema != null) ? quote(this.schema) + "." + ((this.table != null) ? quote(this.table) : "*")
				: "*.*";
	}

	/**
	 * Returns what it is about, for messages.
	 */
	String object() {
		return (this.schema != null) ? this.schema + "." + ((this.table != null) ? this.table : "*") : "*.*";
	}

	/**
	 * Returns the statement that revokes some of the privileges.
	 */
	String revoke(Iterable<String> some) {
		return "REVOKE %s ON %s FROM %s;".formatted(String.join(", ", some), target(), this.grantee);
	}

	static String quote(String identifier) {
		return '`' + identifier.replace("`", "``") + '`';
	}

}
