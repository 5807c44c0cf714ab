package io.appdbs.engine.privilege;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.privilege.MySqlPrivileges.Server;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import org.jspecify.annotations.Nullable;

/**
 * Derives findings from the grants of MySQL and MariaDB.
 */
final class MySqlFindings {

	/** Who has all of these can do everything. */
	private static final Set<String> OF_SUPERUSER = Set.of("SELECT", "DROP", "SUPER", "FILE", "CREATE USER");

	/** Privileges on a schema that are about rows, or harmless. */
	private static final Set<String> DATA = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "LOCK TABLES",
			"CREATE TEMPORARY TABLES", "SHOW VIEW", "SHOW CREATE ROUTINE");

	private static final String DROP = "DROP";

	private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE");

	private final Server server;

	private final PrivilegeRequest request;

	private final List<String> tables;

	private final Map<String, PrivilegeFinding> findings = new LinkedHashMap<>();

	/**
	 * Creates new {@link MySqlFindings}.
	 * @param tables the tables of the database
	 */
	MySqlFindings(Server server, PrivilegeRequest request, List<String> tables) {
		this.server = server;
		this.request = request;
		this.tables = tables;
	}

	List<PrivilegeFinding> find(List<MySqlGrant> grants) {
		for (MySqlGrant grant : grants) {
			if (grant.schema() == null && grant.privileges().containsAll(OF_SUPERUSER)) {
				return List
					.of(new PrivilegeFinding(Type.SUPERUSER, grant.grantee(), "has all privileges on *.*", List.of()));
			}
		}
		for (MySqlGrant grant : grants) {
			if (grant.grantable()) {
				add(Type.GRANT_OPTION, grant.object(), "may grant its privileges to others",
						grant.revoke(Set.of("GRANT OPTION")));
			}
			if (grant.grantee().equals("PUBLIC") && !grant.privileges().isEmpty()) {
				add(Type.PUBLIC_MAY_USE, grant.object(), "like every other login, may use it",
						grant.revoke(grant.privileges()));
			}
			else if (grant.schema() == null) {
				grant.privileges()
					.forEach((privilege) -> add(Type.GLOBAL_PRIVILEGE, privilege, "has it on *.*, for all databases",
							grant.revoke(List.of(privilege))));
			}
			else {
				addSchema(grant);
			}
		}
		return List.copyOf(this.findings.values());
	}

	private void addSchema(MySqlGrant grant) {
		if (grant.privileges().contains(DROP)) {
			add(Type.MAY_TRUNCATE, grant.object(), "may drop and truncate it", grant.revoke(Set.of(DROP)));
		}
		Set<String> changes = new LinkedHashSet<>(grant.privileges());
		changes.removeAll(DATA);
		changes.remove(DROP);
		if (!changes.isEmpty()) {
			add(Type.CHANGES_SCHEMA, grant.object(), "has %s there".formatted(String.join(", ", changes)),
					grant.revoke(changes));
		}
		this.tables.stream()
			.filter((table) -> this.request.isHistory(this.server.database(), table)
					&& grant.includes(this.server.database(), table))
			.forEach((table) -> addHistory(grant, table));
	}

	/**
	 * A privilege on all tables of a schema cannot be revoked for one of them.
	 */
	private void addHistory(MySqlGrant grant, String history) {
		Set<String> writes = retain(grant, WRITES);
		if (writes.isEmpty()) {
			return;
		}
		List<String> fixes = new ArrayList<>(List.of(grant.revoke(writes)));
		if (grant.table() == null) {
			this.tables.stream()
				.filter((table) -> !this.request.isHistory(this.server.database(), table))
				.forEach((table) -> fixes.add(grant(table, writes, grant.grantee())));
		}
		add(Type.MAY_WRITE_MIGRATION_HISTORY, this.server.database() + "." + history,
				"may change the history of migrations", fixes.toArray(String[]::new));
	}

	private String grant(String table, Set<String> privileges, String grantee) {
		return "GRANT %s ON %s.%s TO %s;".formatted(String.join(", ", privileges),
				MySqlGrant.quote(this.server.database()), MySqlGrant.quote(table), grantee);
	}

	private static Set<String> retain(MySqlGrant grant, Set<String> privileges) {
		Set<String> retained = new LinkedHashSet<>(grant.privileges());
		retained.retainAll(privileges);
		return retained;
	}

	private void add(Type type, String object, String reason, String... fixes) {
		this.findings.merge(type + " " + object, new PrivilegeFinding(type, object, reason, List.of(fixes)),
				(former, further) -> {
					Set<String> all = new LinkedHashSet<>(former.fixes());
					all.addAll(further.fixes());
					return new PrivilegeFinding(type, object, former.reason(), List.copyOf(all));
				});
	}

	/**
	 * Describes the privileges on each table, and those on all tables of the schema.
	 * @param inUse the grants of the login and its active roles
	 * @param all these and those of other roles
	 */
	List<TablePrivileges> describeTables(List<MySqlGrant> inUse, List<MySqlGrant> all) {
		List<TablePrivileges> described = new ArrayList<>();
		this.tables.forEach((table) -> described.add(describe(table, inUse, all)));
		described.add(describe(null, inUse, all));
		return described;
	}

	private TablePrivileges describe(@Nullable String table, List<MySqlGrant> inUse, List<MySqlGrant> all) {
		String database = this.server.database();
		Set<String> held = new LinkedHashSet<>();
		inUse.stream()
			.filter((grant) -> grant.includes(database, table))
			.forEach((grant) -> held.addAll(grant.privileges()));
		Map<String, List<String>> revokes = new LinkedHashMap<>();
		all.stream()
			.filter((grant) -> grant.schema() != null && grant.includes(database, table)
					&& (grant.table() == null) == (table == null))
			.forEach((grant) -> grant.privileges()
				.stream()
				.filter(DATA::contains)
				.forEach((privilege) -> revokes.computeIfAbsent(privilege, (key) -> new ArrayList<>())
					.add(grant.revoke(List.of(privilege)))));
		return new TablePrivileges(database, table, database + "." + ((table != null) ? table : "*"), true, held,
				revokes);
	}

}
