package io.appdbs.mongo.privilege;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What {@code connectionStatus} with {@code showPrivileges} says about a login.
 *
 * @param users the logins
 * @param roles the roles, with those that they inherit
 * @param privileges the privileges of the roles
 */
record ConnectionStatus(List<Name> users, List<Name> roles, List<Privilege> privileges) {

	private static final Set<String> SUPERUSERS = Set.of("root", "__system");

	/** The roles of MongoDB for others than applications. */
	private static final Set<String> POWERFUL = Set.of("dbOwner", "dbAdmin", "userAdmin", "dbAdminAnyDatabase",
			"userAdminAnyDatabase", "readWriteAnyDatabase", "readAnyDatabase", "clusterAdmin", "clusterManager",
			"clusterMonitor", "hostManager", "backup", "restore", "enableSharding", "directShardOperations");

	static final Set<String> OF_APPLICATIONS = Set.of("read", "readWrite");

	/** Actions on the cluster that do not change anything. */
	private static final Set<String> HARMLESS = Set.of("listDatabases", "serverStatus", "replSetGetStatus",
			"connPoolStats", "hostInfo", "checkFreeMonitoringStatus", "listSessions");

	private static final Set<String> GRANTS = Set.of("createUser", "createRole", "grantRole", "changePassword",
			"revokeRole", "dropUser", "dropRole", "anyAction");

	/** Actions on a database that the role {@code readWrite} does not have. */
	private static final Set<String> CHANGES = Set.of("dropDatabase", "collMod", "bypassDocumentValidation",
			"enableProfiler", "compact", "reIndex", "renameCollectionSameDB", "convertToCapped", "dropCollection",
			"createCollection");

	private static final Set<String> WRITES = Set.of("insert", "update", "remove");

	static ConnectionStatus parse(Document answer) {
		Document info = answer.get("authInfo", new Document());
		return new ConnectionStatus(names(info, "authenticatedUsers", "user"),
				names(info, "authenticatedUserRoles", "role"),
				info.getList("authenticatedUserPrivileges", Document.class, List.of())
					.stream()
					.map(Privilege::parse)
					.toList());
	}

	private static List<Name> names(Document info, String list, String key) {
		return info.getList(list, Document.class, List.of())
			.stream()
			.map((entry) -> new Name(String.valueOf(entry.getString(key)), String.valueOf(entry.getString("db"))))
			.toList();
	}

	/**
	 * Returns what the login can do beyond reading and writing documents.
	 * @param database the database of the application
	 * @param history the collection with the history of migrations, {@code null} if this
	 * application migrates
	 */
	List<PrivilegeFinding> find(String database, @Nullable String history) {
		List<PrivilegeFinding> findings = new ArrayList<>();
		ServerData server = new ServerData(this, database);
		for (Name role : this.roles) {
			if (SUPERUSERS.contains(role.name()) && role.db().equals("admin")) {
				return List.of(new PrivilegeFinding(Type.SUPERUSER, role.toString(),
						"has the role %s, so it can do everything".formatted(role.name()), revoke(role)));
			}
			if (POWERFUL.contains(role.name())) {
				findings.add(new PrivilegeFinding(Type.MEMBER_OF_POWERFUL_ROLE, role.toString(),
						"has the role %s, which is not for applications".formatted(role.name()), revoke(role)));
			}
		}
		if (findings.isEmpty()) {
			// those of a role of MongoDB follow from the role
			addPrivileges(findings);
			findings.addAll(server.findPrivileges());
		}
		findings.addAll(server.findRoles());
		if (history != null && this.privileges.stream()
			.anyMatch((privilege) -> privilege.includes(database, history)
					&& privilege.actions().stream().anyMatch(WRITES::contains))) {
			findings.add(new PrivilegeFinding(Type.MAY_WRITE_MIGRATION_HISTORY, database + "." + history,
					"may change the history of migrations", List.of()));
		}
		return findings;
	}

	private void addPrivileges(List<PrivilegeFinding> findings) {
		boolean ofApplication = this.roles.stream().anyMatch((role) -> OF_APPLICATIONS.contains(role.name()));
		Map<String, Set<String>> actions = new LinkedHashMap<>();
		Map<String, Privilege> sources = new LinkedHashMap<>();
		for (Privilege privilege : this.privileges) {
			Set<String> dangerous = new LinkedHashSet<>(privilege.actions());
			if (privilege.cluster()) {
				dangerous.removeAll(HARMLESS);
			}
			else if (privilege.db() != null && !privilege.db().isEmpty()) {
				dangerous.removeIf((action) -> !GRANTS.contains(action)
						&& (!CHANGES.contains(action) || (ofApplication && isOfReadWrite(action))));
			}
			if (!dangerous.isEmpty()) {
				actions.computeIfAbsent(privilege.object(), (object) -> new LinkedHashSet<>()).addAll(dangerous);
				sources.putIfAbsent(privilege.object(), privilege);
			}
		}
		actions.forEach((object, dangerous) -> {
			Privilege privilege = sources.get(object);
			boolean global = privilege == null || privilege.cluster() || privilege.db() == null
					|| privilege.db().isEmpty();
			Type type = global ? Type.GLOBAL_PRIVILEGE
					: dangerous.stream().anyMatch(GRANTS::contains) ? Type.GRANT_OPTION : Type.CHANGES_SCHEMA;
			findings.add(new PrivilegeFinding(type, object, "may " + String.join(", ", dangerous),
					(privilege != null) ? revoke(privilege, dangerous) : List.of()));
		});
	}

	private static boolean isOfReadWrite(String action) {
		return Set.of("renameCollectionSameDB", "convertToCapped", "dropCollection", "createCollection")
			.contains(action);
	}

	/**
	 * Returns the actions on a collection.
	 */
	Set<String> findActions(String database, @Nullable String collection) {
		Set<String> actions = new LinkedHashSet<>();
		this.privileges.stream()
			.filter((privilege) -> (collection != null) ? privilege.includes(database, collection)
					: database.equals(privilege.db()) && "".equals(privilege.collection()))
			.forEach((privilege) -> actions.addAll(privilege.actions()));
		return actions;
	}

	/**
	 * Returns the collections that a privilege names.
	 */
	List<String> findCollections(String database) {
		return this.privileges.stream()
			.filter((privilege) -> database.equals(privilege.db()))
			.map(Privilege::collection)
			.filter((collection) -> collection != null && !collection.isEmpty() && !collection.startsWith("system."))
			.map(String::valueOf)
			.distinct()
			.toList();
	}

	/**
	 * Returns the privileges on other databases than that of the application and those of
	 * the server.
	 */
	List<Privilege> findOthers(String database) {
		return this.privileges.stream()
			.filter((privilege) -> privilege.db() != null && !privilege.db().isEmpty()
					&& !privilege.db().equals(database) && !ServerData.DATABASES.contains(privilege.db())
					&& !ServerData.SCRIPTS.equals(privilege.collection()))
			.toList();
	}

	/**
	 * Returns the command of {@code mongosh} that takes actions on a collection away.
	 * @param collection the collection, {@code null} for all
	 */
	List<String> revoke(String database, @Nullable String collection, String action) {
		List<Name> ofApplication = this.roles.stream()
			.filter((role) -> OF_APPLICATIONS.contains(role.name()) && role.db().equals(database))
			.toList();
		if (collection == null && !ofApplication.isEmpty()) {
			return ofApplication.stream().flatMap((role) -> revoke(role).stream()).toList();
		}
		return revoke(new Privilege(false, database, (collection != null) ? collection : "", Set.of()), Set.of(action));
	}

	List<String> revoke(Name role) {
		return this.users.stream()
			.map((user) -> "db.getSiblingDB(%s).revokeRolesFromUser(%s, [{ role: %s, db: %s }]);"
				.formatted(quote(user.db()), quote(user.name()), quote(role.name()), quote(role.db())))
			.toList();
	}

	/**
	 * It is known which role has a privilege if there is only one that is not MongoDB's.
	 */
	List<String> revoke(Privilege privilege, Set<String> actions) {
		List<Name> own = this.roles.stream().filter((role) -> !OF_APPLICATIONS.contains(role.name())).toList();
		if (own.size() != 1) {
			return List.of();
		}
		return List.of("db.getSiblingDB(%s).revokePrivilegesFromRole(%s, [{ resource: %s, actions: [%s] }]);".formatted(
				quote(own.get(0).db()), quote(own.get(0).name()), privilege.toResource(),
				actions.stream().map(ConnectionStatus::quote).collect(Collectors.joining(", "))));
	}

	static String quote(String text) {
		return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

	/**
	 * A login or a role.
	 *
	 * @param name the name
	 * @param db the database that it is defined in
	 */
	record Name(String name, String db) {

		@Override
		public String toString() {
			return this.name + "@" + this.db;
		}

	}

	/**
	 * Actions on a resource.
	 *
	 * @param cluster whether the resource is the cluster
	 * @param db the database, empty for all, {@code null} for anything
	 * @param collection the collection, empty for all, {@code null} for anything
	 * @param actions the actions
	 */
	record Privilege(boolean cluster, @Nullable String db, @Nullable String collection, Set<String> actions) {

		static Privilege parse(Document privilege) {
			Document resource = privilege.get("resource", new Document());
			String buckets = resource.getString("system_buckets");
			return new Privilege(Boolean.TRUE.equals(resource.get("cluster")), resource.getString("db"),
					(buckets != null) ? "system.buckets." + buckets : resource.getString("collection"),
					new LinkedHashSet<>(privilege.getList("actions", String.class, List.of())));
		}

		boolean includes(String database, String name) {
			if (this.cluster) {
				return false;
			}
			boolean system = name.startsWith("system.");
			return (this.db == null || this.db.isEmpty() || this.db.equals(database)) && (this.collection == null
					|| (this.collection.isEmpty() && !system) || this.collection.equals(name));
		}

		String object() {
			if (this.cluster) {
				return "cluster";
			}
			return ((this.db == null || this.db.isEmpty()) ? "*" : this.db) + "."
					+ ((this.collection == null || this.collection.isEmpty()) ? "*" : this.collection);
		}

		String toResource() {
			if (this.cluster) {
				return "{ cluster: true }";
			}
			return (this.db == null) ? "{ anyResource: true }" : "{ db: %s, collection: %s }".formatted(quote(this.db),
					quote((this.collection != null) ? this.collection : ""));
		}

	}

}
