package io.appdbs.mongo.privilege;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.mongo.privilege.ConnectionStatus.Name;
import io.appdbs.mongo.privilege.ConnectionStatus.Privilege;

/**
 * Finds what a login can do with the data of the server itself: accounts, the log of all
 * changes, and the configuration of the cluster.
 *
 * @param status the privileges of the login
 * @param database the database of the application
 */
record ServerData(ConnectionStatus status, String database) {

	static final Set<String> DATABASES = Set.of("admin", "local", "config");

	/**
	 * The only one of the system that the roles {@code read} and {@code readWrite} have.
	 */
	static final String SCRIPTS = "system.js";

	/** Has the changes of all databases. */
	private static final String LOCAL = "local";

	private static final String READ = "read";

	private static final List<String> READS = List.of("find", "changeStream");

	private static final List<String> WRITES = List.of("insert", "update", "remove");

	/**
	 * Returns a finding for each role of MongoDB for applications.
	 */
	List<PrivilegeFinding> findRoles() {
		return this.status.roles()
			.stream()
			.filter((role) -> isRoleOf(role, role.db()) && (!role.name().equals(READ) || role.db().equals(LOCAL)))
			.map((role) -> new PrivilegeFinding(Type.USES_SYSTEM_SCHEMA, role.toString(),
					"has the role %s on data of the server itself".formatted(role.name()), this.status.revoke(role)))
			.toList();
	}

	/**
	 * Returns a finding for each privilege that does not follow from one of those roles.
	 */
	List<PrivilegeFinding> findPrivileges() {
		List<PrivilegeFinding> findings = new ArrayList<>();
		for (Privilege privilege : this.status.privileges()) {
			Set<String> actions = findDangerous(privilege);
			if (!actions.isEmpty() && !isOfRole(privilege)) {
				findings.add(new PrivilegeFinding(Type.USES_SYSTEM_SCHEMA, privilege.object(),
						"may %s on data of the server itself".formatted(String.join(", ", actions)),
						this.status.revoke(privilege, actions)));
			}
		}
		return findings;
	}

	private boolean isOfRole(Privilege privilege) {
		boolean readable = privilege.collection() != null
				&& (privilege.collection().isEmpty() || privilege.collection().equals(SCRIPTS));
		return readable
				&& this.status.roles().stream().anyMatch((role) -> isRoleOf(role, String.valueOf(privilege.db())));
	}

	private boolean isRoleOf(Name role, String db) {
		return isOfServer(role.db()) && role.db().equals(db) && ConnectionStatus.OF_APPLICATIONS.contains(role.name());
	}

	private boolean isOfServer(String db) {
		return DATABASES.contains(db) && !db.equals(this.database);
	}

	private Set<String> findDangerous(Privilege privilege) {
		if (privilege.db() == null || !isOfServer(privilege.db())) {
			return Set.of();
		}
		Set<String> actions = new LinkedHashSet<>(privilege.actions());
		boolean readable = !privilege.db().equals(LOCAL) && privilege.collection() != null
				&& !privilege.collection().startsWith("system.");
		actions.removeIf((action) -> !WRITES.contains(action) && (readable || !READS.contains(action)));
		return actions;
	}

}
