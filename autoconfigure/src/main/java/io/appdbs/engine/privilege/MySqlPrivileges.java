package io.appdbs.engine.privilege;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Privileges of MySQL and MariaDB, as {@code SHOW GRANTS} lists them for the login and
 * for each role that it may activate.
 */
public final class MySqlPrivileges implements PrivilegeReader {

	@Override
	public LoginPrivileges read(Connection connection, PrivilegeRequest request) throws SQLException {
		Server server = SqlQueries.queryForRow(connection, "SELECT CURRENT_USER(), DATABASE(), VERSION()",
				(row) -> new Server(toAccount(row.getString(1)), Objects.toString(row.getString(2), ""),
						Objects.toString(row.getString(3), "").contains("MariaDB")));
		List<String> active = showGrants(connection);
		List<MySqlGrant> inUse = parse(active, server);
		List<MySqlGrant> grants = new ArrayList<>(inUse);
		List<String> lines = new ArrayList<>(active);
		if (active.stream().anyMatch((line) -> !MySqlGrant.roles(line).isEmpty())) {
			grants = readRoles(connection, server, lines);
		}
		List<MySqlTable> tables = SqlQueries.query(connection,
				"SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema <> ? ORDER BY 1, 2",
				(row) -> new MySqlTable(Objects.toString(row.getString(1), ""), Objects.toString(row.getString(2), "")),
				"information_schema");
		MySqlFindings findings = new MySqlFindings(server, request, tables);
		List<PrivilegeFinding> found = new ArrayList<>(findings.find(grants));
		if (lines.stream().anyMatch((line) -> !MySqlGrant.isKnown(line))) {
			found.add(new PrivilegeFinding(Type.NOT_CHECKED, "SHOW GRANTS", "has privileges of an unknown form",
					List.of()));
		}
		return new LoginPrivileges(server.account(), found, request.tables()
				? new MySqlTablePrivileges(server.database(), inUse, grants).describe(tables) : List.of());
	}

	/**
	 * Activates each role in turn. The session is not used afterwards.
	 * @param lines receives what the server answers
	 */
	private static List<MySqlGrant> readRoles(Connection connection, Server server, List<String> lines)
			throws SQLException {
		Set<MySqlGrant> grants = new LinkedHashSet<>();
		execute(connection, "SET ROLE NONE");
		List<String> own = showGrants(connection);
		lines.addAll(own);
		grants.addAll(parse(own, server));
		Set<String> roles = new LinkedHashSet<>();
		own.forEach((line) -> roles.addAll(MySqlGrant.roles(line)));
		for (String role : roles) {
			execute(connection, "SET ROLE " + role);
			List<String> ofRole = showGrants(connection);
			lines.addAll(ofRole);
			for (MySqlGrant grant : parse(ofRole, server)) {
				add(grants, grant, role);
			}
		}
		return List.copyOf(grants);
	}

	/**
	 * MySQL lists the privileges of active roles as those of the login. What the login
	 * does not have without the role is the role's.
	 */
	private static void add(Set<MySqlGrant> grants, MySqlGrant grant, String role) {
		MySqlGrant further = grant;
		for (MySqlGrant own : grants) {
			if (own.grantee().equals(grant.grantee()) && own.target().equals(grant.target())) {
				further = further.without(own);
			}
		}
		if (!further.names().isEmpty()) {
			boolean ofRole = grant.grantee().contains("@") && !grant.grantee().equals(role);
			grants.add(ofRole ? further.to(role) : further);
		}
	}

	private static List<MySqlGrant> parse(List<String> lines, Server server) {
		return lines.stream().map((line) -> MySqlGrant.parse(line, server.mariaDb())).filter(Objects::nonNull).toList();
	}

	private static List<String> showGrants(Connection connection) throws SQLException {
		return SqlQueries.queryForList(connection, "SHOW GRANTS").stream().filter(Objects::nonNull).toList();
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String toAccount(String user) {
		int at = user.lastIndexOf('@');
		return "'%s'@'%s'".formatted(user.substring(0, at).replace("'", "''"),
				user.substring(at + 1).replace("'", "''"));
	}

	@Override
	public List<String> getTablePrivileges() {
		return List.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER",
				"CREATE VIEW", "SHOW VIEW", "TRIGGER");
	}

	/**
	 * Tables on which a login has no privilege are not listed.
	 */
	@Override
	public boolean isHidingTables() {
		return true;
	}

	@Override
	public String toStored(String identifier) {
		return identifier.startsWith("\"") ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
				: identifier;
	}

	@Override
	public List<String> grant(@Nullable String schema, String table, Collection<String> privileges, String login) {
		return List.of("GRANT %s ON %s%s TO %s;".formatted(String.join(", ", privileges),
				(schema != null) ? MySqlGrant.quote(schema) + "." : "", MySqlGrant.quote(table), login));
	}

	@Override
	public String quoteLogin(String name) {
		return "'%s'@'%%'".formatted(name.replace("'", "''"));
	}

	/**
	 * The login and the database of a connection.
	 *
	 * @param account the login in SQL
	 * @param database the database, empty if there is none
	 * @param mariaDb whether the server is a MariaDB
	 */
	record Server(String account, String database, boolean mariaDb) {

	}

}
