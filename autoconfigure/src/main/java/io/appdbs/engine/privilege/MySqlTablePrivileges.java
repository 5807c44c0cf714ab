package io.appdbs.engine.privilege;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Describes the privileges on tables of MySQL and MariaDB, and on all tables of a schema.
 *
 * @param database the database of the connection
 * @param inUse the grants of the login and its active roles
 * @param all these and those of other roles
 */
record MySqlTablePrivileges(String database, List<MySqlGrant> inUse, List<MySqlGrant> all) {

	/** Privileges that are about rows, or harmless. */
	static final Set<String> DATA = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "LOCK TABLES",
			"CREATE TEMPORARY TABLES", "SHOW VIEW", "SHOW CREATE ROUTINE");

	/**
	 * Describes the tables, those that a grant names, and the schemas. A table on which
	 * only an inactive role has privileges is not listed by the server.
	 * @param tables the tables that the server lists
	 */
	List<TablePrivileges> describe(List<MySqlTable> tables) {
		Set<MySqlTable> known = new LinkedHashSet<>(tables);
		this.all.forEach((grant) -> {
			if (grant.schema() != null && grant.table() != null) {
				known.add(new MySqlTable(grant.schema(), grant.table()));
			}
		});
		List<TablePrivileges> described = new ArrayList<>();
		known.forEach((table) -> described.add(describe(table)));
		Predicate<MySqlGrant> own = (grant) -> grant.includes(this.database, null);
		described.add(describeSchema(this.database, this.database, own));
		this.all.stream()
			.filter((grant) -> grant.schema() != null && grant.table() == null && !own.test(grant))
			.map((grant) -> String.valueOf(grant.schema()))
			.distinct()
			.forEach((pattern) -> described.add(describeSchema(pattern.replace("\\", ""), pattern,
					(grant) -> pattern.equals(grant.schema()) && grant.table() == null)));
		return described;
	}

	private TablePrivileges describe(MySqlTable table) {
		return new TablePrivileges(table.schema(), table.name(), table.schema() + "." + table.name(),
				table.schema().equals(this.database), findHeld((grant) -> grant.includes(table.schema(), table.name())),
				findRevokes((grant) -> grant.table() != null && grant.includes(table.schema(), table.name())));
	}

	private TablePrivileges describeSchema(String schema, String pattern, Predicate<MySqlGrant> including) {
		return new TablePrivileges(schema, null, pattern + ".*", schema.equals(this.database), findHeld(including),
				findRevokes((grant) -> grant.table() == null && including.test(grant)));
	}

	/**
	 * A privilege on columns is not one on the table.
	 */
	private Set<String> findHeld(Predicate<MySqlGrant> including) {
		Set<String> held = new LinkedHashSet<>();
		this.inUse.stream().filter(including).forEach((grant) -> held.addAll(grant.privileges()));
		return held;
	}

	/**
	 * Those of PUBLIC and on tables of the server are findings anyway.
	 */
	private Map<String, List<String>> findRevokes(Predicate<MySqlGrant> including) {
		Map<String, List<String>> revokes = new LinkedHashMap<>();
		this.all.stream()
			.filter((grant) -> grant.schema() != null && !grant.isOfPublic() && !MySqlSystemSchemas.isNamed(grant))
			.filter(including)
			.forEach((grant) -> grant.names()
				.stream()
				.filter(DATA::contains)
				.forEach((privilege) -> revokes.computeIfAbsent(privilege, (key) -> new ArrayList<>())
					.add(grant.revoke(List.of(privilege)))));
		return revokes;
	}

}
