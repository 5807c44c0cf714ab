package io.appdbs.engine.privilege;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.privilege.MySqlPrivileges.Server;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;

/**
 * Derives findings from the grants of MySQL and MariaDB.
 */
final class MySqlFindings {

	/** Who has all of these can do everything. */
	private static final Set<String> OF_SUPERUSER = Set.of("SELECT", "DROP", "SUPER", "FILE", "CREATE USER");

	private static final String DROP = "DROP";

	private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE");

	private final Server server;

	private final PrivilegeRequest request;

	private final List<MySqlTable> tables;

	private final Map<String, PrivilegeFinding> findings = new LinkedHashMap<>();

	/**
	 * Creates new {@link MySqlFindings}.
	 * @param tables the tables that the server lists
	 */
	MySqlFindings(Server server, PrivilegeRequest request, List<MySqlTable> tables) {
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
			if (grant.isOfPublic() && grant.schema() != null) {
				addPublic(grant);
			}
			if (grant.schema() == null) {
				grant.privileges()
					.forEach((privilege) -> add(Type.GLOBAL_PRIVILEGE, privilege, "has it on *.*, for all databases",
							grant.revoke(List.of(privilege))));
			}
			else {
				addSystemSchema(grant);
				if (!MySqlSystemSchemas.isNamed(grant)) {
					addSchema(grant);
				}
			}
		}
		return List.copyOf(this.findings.values());
	}

	/**
	 * Privileges that are not about rows are privileges of the login as well, and are
	 * reported like its own.
	 */
	private void addPublic(MySqlGrant grant) {
		Set<String> data = grant.names();
		data.retainAll(MySqlTablePrivileges.DATA);
		if (!data.isEmpty()) {
			add(Type.PUBLIC_MAY_USE, grant.object(), "like every other login, may use it", grant.revoke(data));
		}
	}

	/**
	 * A pattern that includes the database of the application is replaced by its name.
	 */
	private void addSystemSchema(MySqlGrant grant) {
		Set<String> dangerous = MySqlSystemSchemas.findDangerous(grant);
		if (dangerous.isEmpty()) {
			return;
		}
		List<String> fixes = new ArrayList<>(List.of(grant.revoke(dangerous)));
		if (grant.table() == null && grant.includes(this.server.database(), null)) {
			fixes.add(grant.grant(dangerous, this.server.database()));
		}
		add(Type.USES_SYSTEM_SCHEMA, grant.object(),
				"has %s on tables of the server itself".formatted(String.join(", ", dangerous)),
				fixes.toArray(String[]::new));
	}

	private void addSchema(MySqlGrant grant) {
		if (grant.privileges().contains(DROP)) {
			add(Type.MAY_TRUNCATE, grant.object(), "may drop and truncate it", grant.revoke(Set.of(DROP)));
		}
		Set<String> changes = grant.names();
		changes.removeAll(MySqlTablePrivileges.DATA);
		changes.remove(DROP);
		if (!changes.isEmpty()) {
			add(Type.CHANGES_SCHEMA, grant.object(), "has %s there".formatted(String.join(", ", changes)),
					grant.revoke(changes));
		}
		this.tables.stream()
			.filter((table) -> isHistory(table) && grant.includes(table.schema(), table.name()))
			.forEach((table) -> addHistory(grant, table));
	}

	private boolean isHistory(MySqlTable table) {
		return this.request.isHistory(table.schema(), table.name());
	}

	/**
	 * A privilege on all tables of a schema cannot be revoked for one of them.
	 */
	private void addHistory(MySqlGrant grant, MySqlTable history) {
		Set<String> writes = grant.names();
		writes.retainAll(WRITES);
		if (writes.isEmpty()) {
			return;
		}
		List<String> fixes = new ArrayList<>(List.of(grant.revoke(writes)));
		if (grant.table() == null) {
			this.tables.stream()
				.filter((table) -> !isHistory(table) && grant.includes(table.schema(), table.name())
						&& !MySqlSystemSchemas.contains(table.schema()))
				.forEach((table) -> fixes.add(grant(table, writes, grant.grantee())));
		}
		add(Type.MAY_WRITE_MIGRATION_HISTORY, history.schema() + "." + history.name(),
				"may change the history of migrations", fixes.toArray(String[]::new));
	}

	private static String grant(MySqlTable table, Set<String> privileges, String grantee) {
		return "GRANT %s ON %s.%s TO %s;".formatted(String.join(", ", privileges), MySqlGrant.quote(table.schema()),
				MySqlGrant.quote(table.name()), grantee);
	}

	private void add(Type type, String object, String reason, String... fixes) {
		this.findings.merge(type + " " + object, new PrivilegeFinding(type, object, reason, List.of(fixes)),
				(former, further) -> {
					Set<String> all = new LinkedHashSet<>(former.fixes());
					all.addAll(further.fixes());
					return new PrivilegeFinding(type, object, former.reason(), List.copyOf(all));
				});
	}

}
