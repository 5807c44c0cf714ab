package io.appdbs.engine.privilege;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Privileges of H2. Only an administrator can read the rights on whole schemas.
 */
public final class H2Privileges implements PrivilegeReader {

	/** In seconds. */
	private static final int QUERY_TIMEOUT = 5;

	private static final String SELF = """
			SELECT USER_NAME, IS_ADMIN FROM INFORMATION_SCHEMA.USERS WHERE USER_NAME = CURRENT_USER""";

	/** Those of the login, its roles and PUBLIC. */
	private static final String RIGHTS = """
			SELECT GRANTEE, TABLE_SCHEMA, TABLE_NAME, PRIVILEGE_TYPE FROM INFORMATION_SCHEMA.TABLE_PRIVILEGES
			WHERE GRANTEE = CURRENT_USER OR UPPER(GRANTEE) = 'PUBLIC'
			OR GRANTEE IN (SELECT ROLE_NAME FROM INFORMATION_SCHEMA.ROLES) ORDER BY 2, 3, 1""";

	private static final String OWNED = """
			SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA
			WHERE SCHEMA_OWNER = CURRENT_USER AND UPPER(SCHEMA_NAME) <> 'INFORMATION_SCHEMA' ORDER BY 1""";

	private static final String TABLES = """
			SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_SCHEMA = CURRENT_SCHEMA FROM INFORMATION_SCHEMA.TABLES
			WHERE UPPER(TABLE_SCHEMA) <> 'INFORMATION_SCHEMA' ORDER BY 1, 2""";

	private static final List<String> PRIVILEGES = List.of("SELECT", "INSERT", "UPDATE", "DELETE");

	private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE");

	private static final String PUBLIC = "PUBLIC";

	private static final Pattern TO_LOWER = Pattern
		.compile(";\\s*DATABASE_TO_LOWER\\s*=\\s*(?:TRUE|T|YES|Y|1)\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);

	private static final Pattern NOT_TO_UPPER = Pattern
		.compile(";\\s*DATABASE_TO_UPPER\\s*=\\s*(?:FALSE|F|NO|N|0)\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);

	private final UnaryOperator<String> folding;

	/**
	 * Creates new {@link H2Privileges} of a database that stores names in upper case.
	 */
	public H2Privileges() {
		this((name) -> name.toUpperCase(Locale.ROOT));
	}

	private H2Privileges(UnaryOperator<String> folding) {
		this.folding = folding;
	}

	/**
	 * The URL has the settings with which the database was created: with others, its
	 * tables are not found.
	 */
	@Override
	public PrivilegeReader at(String url) {
		if (TO_LOWER.matcher(url).find()) {
			return new H2Privileges((name) -> name.toLowerCase(Locale.ROOT));
		}
		return NOT_TO_UPPER.matcher(url).find() ? new H2Privileges(UnaryOperator.identity()) : this;
	}

	@Override
	public LoginPrivileges read(Connection connection, PrivilegeRequest request) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// for all statements of the connection
			statement.setQueryTimeout(QUERY_TIMEOUT);
		}
		Map.Entry<String, Boolean> self = SqlQueries.queryForRow(connection, SELF,
				(row) -> Map.entry(row.getString(1), row.getBoolean(2)));
		String login = quote(self.getKey());
		if (self.getValue()) {
			return new LoginPrivileges(login, List.of(new PrivilegeFinding(Type.SUPERUSER, login,
					"has ADMIN, so it can do everything", List.of("ALTER USER %s ADMIN FALSE;".formatted(login)))),
					List.of());
		}
		List<Right> rights = group(SqlQueries.query(connection, RIGHTS,
				(row) -> new Right(row.getString(1), row.getString(2), row.getString(3), Set.of(row.getString(4)))));
		List<Table> tables = SqlQueries.query(connection, TABLES,
				(row) -> new Table(row.getString(1), row.getString(2), row.getBoolean(3)));
		List<PrivilegeFinding> findings = new ArrayList<>();
		SqlQueries.queryForList(connection, OWNED)
			.forEach((schema) -> findings.add(new PrivilegeFinding(Type.OWNS_SCHEMA, String.valueOf(schema),
					"owns the schema, so it can change and drop it", List.of())));
		rights.forEach((right) -> addFindings(right, request, findings));
		return new LoginPrivileges(login, findings,
				request.tables() ? tables.stream().map((table) -> describe(table, rights)).toList() : List.of(),
				Map.of("schemas",
						"rights on whole schemas and ALTER ANY SCHEMA, which only an administrator can read"));
	}

	/**
	 * Returns one entry for each table and grantee.
	 */
	private static List<Right> group(List<Right> rights) {
		Map<String, Right> grouped = new LinkedHashMap<>();
		rights.forEach((right) -> grouped.merge(right.object() + " " + right.grantee(), right, (former, further) -> {
			Set<String> names = new LinkedHashSet<>(former.names());
			names.addAll(further.names());
			return new Right(right.grantee(), right.schema(), right.table(), names);
		}));
		return List.copyOf(grouped.values());
	}

	private static void addFindings(Right right, PrivilegeRequest request, List<PrivilegeFinding> findings) {
		if (request.isHistory(right.schema(), right.table())) {
			Set<String> writes = new LinkedHashSet<>(right.names());
			writes.retainAll(WRITES);
			if (!writes.isEmpty()) {
				findings.add(new PrivilegeFinding(Type.MAY_WRITE_MIGRATION_HISTORY, right.object(),
						"may change the history of migrations", List.of(right.revoke(writes))));
			}
		}
		else if (right.grantee().equalsIgnoreCase(PUBLIC)) {
			findings.add(new PrivilegeFinding(Type.PUBLIC_MAY_USE, right.object(), "like every other login, may use it",
					List.of(right.revoke(right.names()))));
		}
	}

	private static TablePrivileges describe(Table table, List<Right> rights) {
		Set<String> held = new LinkedHashSet<>();
		Map<String, List<String>> revokes = new LinkedHashMap<>();
		rights.stream().filter((right) -> right.includes(table)).forEach((right) -> {
			held.addAll(right.names());
			if (!right.grantee().equalsIgnoreCase(PUBLIC)) {
				right.names()
					.forEach((name) -> revokes.computeIfAbsent(name, (key) -> new ArrayList<>())
						.add(right.revoke(Set.of(name))));
			}
		});
		return new TablePrivileges(table.schema(), table.name(), table.schema() + "." + table.name(), table.visible(),
				held, revokes);
	}

	@Override
	public List<String> getTablePrivileges() {
		return PRIVILEGES;
	}

	@Override
	public String toStored(String identifier) {
		return identifier.startsWith("\"") ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
				: this.folding.apply(identifier);
	}

	@Override
	public List<String> grant(@Nullable String schema, String table, Collection<String> privileges, String login) {
		return List.of("GRANT %s ON %s%s TO %s;".formatted(String.join(", ", privileges),
				(schema != null) ? quote(schema) + "." : "", quote(table), login));
	}

	@Override
	public String quoteLogin(String name) {
		return quote(name.toUpperCase(Locale.ROOT));
	}

	private static String quote(String identifier) {
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

	/**
	 * A table.
	 *
	 * @param schema the schema
	 * @param name the name
	 * @param visible whether it is found by its name without schema
	 */
	private record Table(String schema, String name, boolean visible) {

	}

	/**
	 * Rights on a table.
	 *
	 * @param grantee the login, a role or PUBLIC
	 * @param schema the schema
	 * @param table the table
	 * @param names the rights
	 */
	private record Right(String grantee, String schema, String table, Set<String> names) {

		boolean includes(Table other) {
			return this.schema.equals(other.schema()) && this.table.equals(other.name());
		}

		String object() {
			return this.schema + "." + this.table;
		}

		String revoke(Set<String> some) {
			return "REVOKE %s ON %s.%s FROM %s;".formatted(String.join(", ", some), quote(this.schema),
					quote(this.table), quote(this.grantee));
		}

	}

}
