package io.appdbs.engine.privilege;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Privileges of H2.
 */
public final class H2Privileges implements PrivilegeReader {

	/** In seconds. */
	private static final int QUERY_TIMEOUT = 5;

	private static final String SELF = """
			SELECT USER_NAME, IS_ADMIN FROM INFORMATION_SCHEMA.USERS WHERE USER_NAME = CURRENT_USER""";

	private static final String RIGHTS = """
			SELECT R.GRANTEE, R.RIGHTS, R.TABLE_SCHEMA, R.TABLE_NAME, R.GRANTEDROLE
			FROM INFORMATION_SCHEMA.RIGHTS R ORDER BY 1, 3, 4, 2""";

	private static final String OWNED = """
			SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA
			WHERE SCHEMA_OWNER = CURRENT_USER AND SCHEMA_NAME <> 'INFORMATION_SCHEMA' ORDER BY 1""";

	private static final String TABLES = """
			SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_SCHEMA = CURRENT_SCHEMA FROM INFORMATION_SCHEMA.TABLES
			WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA' ORDER BY 1, 2""";

	private static final String ALTER_ANY_SCHEMA = "ALTER ANY SCHEMA";

	private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE");

	@Override
	public LoginPrivileges read(Connection connection, PrivilegeRequest request) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// for all statements of the connection
			statement.setQueryTimeout(QUERY_TIMEOUT);
		}
		Map.Entry<String, Boolean> self = SqlQueries.queryForRow(connection, SELF,
				(row) -> Map.entry(row.getString(1), row.getBoolean(2)));
		String login = quoteLogin(self.getKey());
		if (self.getValue()) {
			return new LoginPrivileges(login,
					List.of(new PrivilegeFinding(Type.SUPERUSER, login, "has ADMIN, so it can do everything",
							List.of("ALTER USER %s ADMIN FALSE;".formatted(login)))),
					List.of());
		}
		List<Right> rights = SqlQueries.query(connection, RIGHTS,
				(row) -> new Right(row.getString(1), split(row.getString(2)), row.getString(3), row.getString(4),
						row.getString(5)));
		List<Table> tables = SqlQueries.query(connection, TABLES,
				(row) -> new Table(row.getString(1), row.getString(2), row.getBoolean(3)));
		List<Right> effective = findEffective(self.getKey(), rights);
		List<PrivilegeFinding> findings = new ArrayList<>();
		SqlQueries.queryForList(connection, OWNED)
			.forEach((schema) -> findings.add(new PrivilegeFinding(Type.OWNS_SCHEMA, String.valueOf(schema),
					"owns the schema, so it can change and drop it", List.of())));
		for (Right right : effective) {
			addFindings(right, tables, request, findings);
		}
		return new LoginPrivileges(login, findings,
				request.tables() ? describeTables(tables, effective) : List.of());
	}

	private static Set<String> split(@Nullable String rights) {
		return (rights != null) ? new LinkedHashSet<>(Arrays.asList(rights.split(", "))) : Set.of();
	}

	/**
	 * Returns the rights of the login, its roles and PUBLIC.
	 */
	private static List<Right> findEffective(String login, List<Right> rights) {
		Set<String> grantees = new LinkedHashSet<>(Set.of(login, "PUBLIC"));
		boolean added = true;
		while (added) {
			added = rights.stream()
				.filter((right) -> right.role() != null && grantees.contains(right.grantee()))
				.map(Right::role)
				.filter(Objects::nonNull)
				.toList()
				.stream()
				.anyMatch(grantees::add);
		}
		return rights.stream().filter((right) -> right.role() == null && grantees.contains(right.grantee())).toList();
	}

	private static void addFindings(Right right, List<Table> tables, PrivilegeRequest request,
			List<PrivilegeFinding> findings) {
		if (right.rights().contains(ALTER_ANY_SCHEMA)) {
			findings.add(new PrivilegeFinding(Type.CHANGES_SCHEMA, ALTER_ANY_SCHEMA, "can change and drop every schema",
					List.of("REVOKE ALTER ANY SCHEMA FROM %s;".formatted(quote(right.grantee())))));
			return;
		}
		List<Table> histories = tables.stream()
			.filter((table) -> right.includes(table) && request.isHistory(table.schema(), table.name()))
			.toList();
		Set<String> writes = new LinkedHashSet<>(right.rights());
		writes.retainAll(WRITES);
		if (!writes.isEmpty()) {
			histories.forEach((history) -> findings.add(new PrivilegeFinding(Type.MAY_WRITE_MIGRATION_HISTORY,
					history.object(), "may change the history of migrations",
					revokeHistory(right, writes, tables, request))));
		}
		if (right.grantee().equals("PUBLIC")) {
			findings.add(new PrivilegeFinding(Type.PUBLIC_MAY_USE, right.object(), "like every other login, may use it",
					List.of(right.revoke(right.rights()))));
		}
	}

	/**
	 * A right on a schema cannot be revoked for one of its tables.
	 */
	private static List<String> revokeHistory(Right right, Set<String> writes, List<Table> tables,
			PrivilegeRequest request) {
		List<String> fixes = new ArrayList<>(List.of(right.revoke(writes)));
		if (right.table() == null) {
			tables.stream()
				.filter((table) -> right.includes(table) && !request.isHistory(table.schema(), table.name()))
				.forEach((table) -> fixes.add("GRANT %s ON %s TO %s;".formatted(String.join(", ", writes),
						table.quoted(), quote(right.grantee()))));
		}
		return fixes;
	}

	private static List<TablePrivileges> describeTables(List<Table> tables, List<Right> rights) {
		List<TablePrivileges> described = new ArrayList<>();
		for (Table table : tables) {
			Set<String> held = new LinkedHashSet<>();
			rights.stream().filter((right) -> right.includes(table)).forEach((right) -> held.addAll(right.rights()));
			described.add(new TablePrivileges(table.schema(), table.name(), table.object(), table.visible(), held,
					revokes(rights.stream().filter((right) -> right.isTable() && right.includes(table)).toList())));
		}
		rights.stream()
			.filter((right) -> !right.isTable() && right.schema() != null)
			.forEach((right) -> described.add(new TablePrivileges(String.valueOf(right.schema()), null, right.object(),
					false, right.rights(), revokes(List.of(right)))));
		return described;
	}

	private static Map<String, List<String>> revokes(List<Right> rights) {
		Map<String, List<String>> revokes = new LinkedHashMap<>();
		rights.forEach((right) -> right.rights()
			.forEach((name) -> revokes.computeIfAbsent(name, (key) -> new ArrayList<>())
				.add(right.revoke(Set.of(name)))));
		return revokes;
	}

	/**
	 * Tables on which a login has no right are not listed.
	 */
	@Override
	public boolean isHidingTables() {
		return true;
	}

	@Override
	public List<String> getTablePrivileges() {
		return List.of("SELECT", "INSERT", "UPDATE", "DELETE");
	}

	@Override
	public String toStored(String identifier) {
		return identifier.startsWith("\"")
				? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
				: identifier.toUpperCase(Locale.ROOT);
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

		String quoted() {
			return quote(this.schema) + "." + quote(this.name);
		}

		String object() {
			return this.schema + "." + this.name;
		}

	}

	/**
	 * A row of the rights.
	 *
	 * @param grantee the login or role
	 * @param rights the rights
	 * @param schema the schema or {@code null} for all
	 * @param table the table or {@code null} for all of the schema
	 * @param role the role that is granted or {@code null} if it is about rights
	 */
	private record Right(String grantee, Set<String> rights, @Nullable String schema, @Nullable String table,
			@Nullable String role) {

		boolean isTable() {
			return this.table != null;
		}

		boolean includes(Table other) {
			return other.schema().equals(this.schema) && (this.table == null || this.table.equals(other.name()));
		}

		String object() {
			return this.schema + "." + ((this.table != null) ? this.table : "*");
		}

		String revoke(Set<String> some) {
			String target = (this.table != null) ? quote(String.valueOf(this.schema)) + "." + quote(this.table)
					: "SCHEMA " + quote(String.valueOf(this.schema));
			return "REVOKE %s ON %s FROM %s;".formatted(String.join(", ", some), target, quote(this.grantee));
		}

	}

}
