package io.appdbs.audit.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.audit.rows.RowAuditCatalog.Function;
import io.appdbs.audit.rows.RowAuditCatalog.Login;
import io.appdbs.audit.rows.RowAuditCatalog.Relation;
import io.appdbs.audit.rows.RowAuditFinding.Type;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.security.AuditRowsSettings;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether changes of rows are recorded, and cannot be removed by the login of
 * the application.
 */
final class RowAuditCheck {

	/** Of the privileges that the login can have on a table. */
	private static final List<String> WRITES = List.of("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER");

	private final DatabaseDefinition definition;

	private final AuditRowsSettings settings;

	private final RowAuditCatalog catalog;

	private final String login;

	private final List<RowAuditFinding> findings = new ArrayList<>();

	RowAuditCheck(DatabaseDefinition definition, RowAuditCatalog catalog) {
		this.definition = definition;
		this.settings = definition.settings().audit().rows();
		this.catalog = catalog;
		this.login = "login " + catalog.login().name();
	}

	/**
	 * Returns what is wrong.
	 */
	List<RowAuditFinding> check() {
		if (isSuperuser(this.catalog.login())) {
			// everything else follows
			return this.findings;
		}
		checkSession(this.catalog.login());
		int last = this.catalog.relations().size() - 1;
		List<Relation> log = this.catalog.relations().get(last);
		for (int i = 0; i < last; i++) {
			checkTable(this.settings.tables().get(i), this.catalog.relations().get(i), "audit.rows.tables");
		}
		checkTable(this.settings.log(), log, "audit.rows.log");
		if (!log.isEmpty()) {
			checkTriggers(log.get(0), last);
			log.forEach(this::checkLog);
			this.findings.addAll(new EntryCheck(this.catalog, log).check());
			checkSchema(log.get(0).schemaOwned(), log.get(0).quotedSchema());
		}
		return this.findings.stream().distinct().toList();
	}

	private void add(Type type, String object, String reason, @Nullable String fix) {
		this.findings.add(new RowAuditFinding(type, object, reason, fix));
	}

	private boolean isSuperuser(Login login) {
		if (login.superuser()) {
			add(Type.LOGIN_SUPERUSER, this.login, "is a superuser, so it can disable triggers and change the log",
					"ALTER ROLE %s NOSUPERUSER;".formatted(login.name()));
		}
		else if (login.superuserRole() != null) {
			add(Type.LOGIN_SUPERUSER, this.login,
					"can become role %s, a superuser, which can disable triggers and change the log"
						.formatted(login.superuserRole()),
					"REVOKE %s FROM %s;".formatted(login.superuserRole(), login.name()));
		}
		else if (login.creatorRole() != null) {
			add(Type.LOGIN_SUPERUSER, this.login,
					"can make itself a member of the owner of the log, as role %s has CREATEROLE"
						.formatted(login.creatorRole()),
					"ALTER ROLE %s NOCREATEROLE;".formatted(login.creatorRole()));
		}
		return !this.findings.isEmpty();
	}

	private void checkSession(Login login) {
		if (!login.grantees().isEmpty()) {
			add(Type.TRIGGERS_SUSPENDABLE, this.login,
					"may set session_replication_role, so it can turn off the triggers of its session",
					"REVOKE SET ON PARAMETER session_replication_role FROM %s;"
						.formatted(String.join(", ", login.grantees())));
		}
		if (login.replicationRole().equals("replica")) {
			add(Type.TRIGGERS_SUSPENDABLE, this.login,
					"has sessions whose session_replication_role is 'replica', in which triggers do not fire",
					"ALTER ROLE %s RESET session_replication_role;".formatted(login.name()));
		}
	}

	private void checkTable(String name, List<Relation> tree, String key) {
		if (tree.isEmpty()) {
			add(Type.UNKNOWN_TABLE, "table " + name, "does not exist",
					"Correct '%s', or create the table in a migration.".formatted(this.definition.key(key)));
		}
		else if (!tree.get(0).isTable()) {
			add(Type.UNKNOWN_TABLE, tree.get(0).name(), "is not a table",
					"Write the tables that have the rows as '%s'.".formatted(this.definition.key(key)));
		}
	}

	private void checkTriggers(Relation log, int tables) {
		TriggerCheck triggers = new TriggerCheck(this.catalog, log);
		this.catalog.relations().subList(0, tables).stream().flatMap(List::stream).distinct().forEach((table) -> {
			if (!table.isTable()) {
				return;
			}
			if (table.owned()) {
				addOwned("table " + table.name(), "can disable its triggers", "TABLE " + table.name());
			}
			else if (table.privileges().contains("TRUNCATE")) {
				add(Type.TRUNCATE_GRANTED, this.login,
						"may TRUNCATE %s, which is recorded without the values of the rows".formatted(table.name()),
						table.revoke(List.of("TRUNCATE")));
			}
			triggers.check(table);
		});
		this.findings.addAll(triggers.getFindings());
		triggers.getFunctions().forEach((function) -> checkFunction(function, log));
		checkUser(triggers.getFunctions());
	}

	private void addOwned(String object, String consequence, String sql) {
		add(Type.OWNED_BY_LOGIN, object, "belongs to %s, or to a role whose rights it has or can get, so it %s"
			.formatted(this.login, consequence), "ALTER %s OWNER TO %s;".formatted(sql, findOwner()));
	}

	/**
	 * Returns an owner that the login cannot become, or a placeholder.
	 */
	private String findOwner() {
		return this.catalog.relations()
			.stream()
			.flatMap(List::stream)
			.filter((relation) -> !relation.owned())
			.map(Relation::owner)
			.findFirst()
			.orElse("<login of the migrations>");
	}

	private void checkFunction(Function function, Relation log) {
		String object = "function " + function.name();
		if (function.owned()) {
			addOwned(object, "can change what is recorded", "FUNCTION " + function.name());
		}
		if (!function.schema().equals(log.quotedSchema())) {
			checkSchema(function.schemaOwned(), function.schema());
		}
		if (!function.definer()) {
			add(Type.FUNCTION_INVOKER, object,
					"runs with the rights of its caller, who must not be able to write the log",
					"ALTER FUNCTION %s SECURITY DEFINER;".formatted(function.name()));
		}
		String problem = findSearchPathProblem(function.searchPath());
		if (problem != null) {
			add(Type.FUNCTION_SEARCH_PATH, object, problem,
					"ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp;".formatted(function.name()));
		}
	}

	private @Nullable String findSearchPathProblem(@Nullable String searchPath) {
		if (searchPath == null) {
			return "has no search_path of its own, so its caller decides which objects it uses";
		}
		List<String> schemas = Arrays.stream(searchPath.split(","))
			.map((schema) -> schema.strip().replace("\"", ""))
			.toList();
		for (String schema : schemas) {
			if (this.catalog.creatableSchemas().contains(schema) || schema.equals("$user")) {
				return "looks for objects in schema %s, where %s can create them".formatted(schema, this.login);
			}
		}
		return (schemas.indexOf("pg_temp") != schemas.size() - 1)
				? "looks for objects in temporary tables first, as pg_temp is not the last schema of its search_path"
				: null;
	}

	private void checkUser(List<Function> functions) {
		if (!this.definition.settings().rls().enabled()) {
			return;
		}
		String setting = this.definition.settings().rls().settings().get(0).name();
		functions.stream()
			.filter((function) -> !Recording.hasString(function, setting))
			.forEach((function) -> add(Type.USER_NOT_RECORDED, "function " + function.name(),
					"does not read the setting %s, in which the user is".formatted(setting),
					"Let it insert nullif(current_setting('%s', true), '').".formatted(setting)));
	}

	private void checkLog(Relation log) {
		if (log.owned()) {
			addOwned("table " + log.name(), "can change what was recorded", "TABLE " + log.name());
			return;
		}
		List<String> writes = WRITES.stream().filter(log.privileges()::contains).toList();
		if (!writes.isEmpty()) {
			add(Type.LOG_WRITABLE, this.login, "may %s %s".formatted(String.join(", ", writes), log.name()),
					log.revoke(writes));
		}
	}

	private void checkSchema(boolean owned, String schema) {
		if (owned) {
			addOwned("schema " + schema, "can drop what is in it", "SCHEMA " + schema);
		}
	}

	/**
	 * Returns how many tables, partitions and children were looked at, without the log.
	 */
	long countTables() {
		Stream<List<Relation>> tables = this.catalog.relations()
			.subList(0, this.catalog.relations().size() - 1)
			.stream();
		return tables.flatMap(List::stream).map(Relation::oid).distinct().count();
	}

}
