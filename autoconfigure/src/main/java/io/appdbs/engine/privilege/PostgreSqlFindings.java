package io.appdbs.engine.privilege;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import org.jspecify.annotations.Nullable;

/**
 * Derives findings from the catalog of PostgreSQL.
 */
final class PostgreSqlFindings {

	private static final String TABLE = "TABLE";

	private static final String PUBLIC = "PUBLIC";

	private static final String SYSTEM_SCHEMA = "pg_catalog";

	private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");

	private static final Map<String, Type> ATTRIBUTES = Map.of(RolePower.SUPERUSER, Type.SUPERUSER, RolePower.BYPASSRLS,
			Type.BYPASSRLS, RolePower.REPLICATION, Type.REPLICATION, RolePower.CREATEROLE, Type.CREATEROLE,
			RolePower.CREATEDB, Type.CREATEDB);

	private final Login login;

	private final PrivilegeRequest request;

	/** By type and object, with what is in common. */
	private final Map<String, PrivilegeFinding> findings = new LinkedHashMap<>();

	PostgreSqlFindings(Login login, PrivilegeRequest request) {
		this.login = login;
		this.request = request;
	}

	static boolean isSuperuser(List<PrivilegeFinding> findings) {
		return findings.stream().anyMatch((finding) -> finding.type() == Type.SUPERUSER);
	}

	List<PrivilegeFinding> find(List<RolePower> powers, List<Owned> owned, List<Granted> grants) {
		for (RolePower power : powers) {
			if (power.own() && power.rights().contains(RolePower.SUPERUSER)) {
				return List.of(new PrivilegeFinding(Type.SUPERUSER, power.name(),
						"is a superuser, so it can do everything", superuserFix(power)));
			}
		}
		powers.forEach(this::addPower);
		owned.stream().filter(Owned::own).forEach(this::addOwned);
		addOwnersByMembership(owned.stream().filter((it) -> !it.own()).toList());
		grants.forEach(this::addGranted);
		return List.copyOf(this.findings.values());
	}

	private List<String> superuserFix(RolePower power) {
		return power.name().equals(this.login.bootstrap()) ? List.of()
				: List.of("ALTER ROLE %s NOSUPERUSER;".formatted(power.name()));
	}

	private void addPower(RolePower power) {
		List<String> rights = power.own() ? power.rights() : power.rights().subList(0, 1);
		for (String right : rights) {
			Type type = (power.own() && RolePower.isAttribute(right)) ? ATTRIBUTES.get(right)
					: Type.MEMBER_OF_POWERFUL_ROLE;
			String revoke = power.revoke(right);
			add(new PrivilegeFinding((type != null) ? type : Type.MEMBER_OF_POWERFUL_ROLE, power.name(),
					power.describe(right, this.login.version()), (revoke != null) ? List.of(revoke) : List.of()));
		}
	}

	private void addOwned(Owned owned) {
		List<String> fixes = new ArrayList<>(
				List.of("ALTER %s %s OWNER TO %s;".formatted(owned.kind(), owned.name(), this.login.owner())));
		switch (owned.kind()) {
			case "DATABASE" -> add(new PrivilegeFinding(Type.OWNS_DATABASE, owned.name(),
					"owns the database, so it can drop it and create schemas", fixes));
			case "SCHEMA" -> {
				fixes.add("GRANT USAGE ON SCHEMA %s TO %s;".formatted(owned.name(), owned.role()));
				add(new PrivilegeFinding(Type.OWNS_SCHEMA, owned.name(), "owns the schema, so it can drop it", fixes));
			}
			default -> addOwnedTable(owned, fixes);
		}
	}

	/**
	 * The former owner has no privilege afterwards.
	 */
	private void addOwnedTable(Owned owned, List<String> fixes) {
		boolean history = owned.relation() != null && this.request.isHistory(owned.schema(), owned.relation());
		if (!history) {
			boolean readOnly = owned.kind().equals("MATERIALIZED VIEW");
			fixes.add("GRANT %s ON %s TO %s;".formatted(readOnly ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE",
					owned.name(), owned.role()));
			owned.sequences()
				.forEach(
						(sequence) -> fixes.add("GRANT USAGE ON SEQUENCE %s TO %s;".formatted(sequence, owned.role())));
		}
		add(history
				? new PrivilegeFinding(Type.MAY_WRITE_MIGRATION_HISTORY, owned.name(),
						"owns the history of migrations, so it can write it", fixes)
				: new PrivilegeFinding(Type.OWNS_TABLE, owned.name(),
						"owns the " + owned.kind().toLowerCase(Locale.ROOT) + ", so it can alter, truncate and drop it",
						fixes));
	}

	/**
	 * A role that owns tables is powerful, whether its rights are inherited or not.
	 */
	private void addOwnersByMembership(List<Owned> owned) {
		Map<String, List<Owned>> byRole = owned.stream()
			.collect(Collectors.groupingBy(Owned::role, LinkedHashMap::new, Collectors.toList()));
		byRole.forEach((role, all) -> {
			String others = (all.size() > 1) ? " and %d other objects".formatted(all.size() - 1) : "";
			add(new PrivilegeFinding(Type.MEMBER_OF_POWERFUL_ROLE, role,
					"is a member of role %s, which owns %s%s".formatted(role, all.get(0).name(), others),
					all.get(0).revokes()));
		});
	}

	private void addGranted(Granted grant) {
		if (grant.grantable()) {
			add(new PrivilegeFinding(Type.GRANT_OPTION, grant.name(),
					"may grant %s to others".formatted(grant.privilege()),
					List.of(grant.statement("REVOKE GRANT OPTION FOR", " CASCADE"))));
		}
		List<String> revoke = List.of(grant.revoke());
		if (grant.isOfServer()) {
			add(new PrivilegeFinding(Type.USES_SYSTEM_SCHEMA, grant.name(),
					"has been granted what belongs to the server itself", revoke));
			return;
		}
		switch (grant.kind()) {
			case "DATABASE" -> {
				if (grant.privilege().equals("CREATE")) {
					add(new PrivilegeFinding(Type.CREATE_ON_DATABASE, grant.name(), "may create schemas", revoke));
				}
			}
			case "SCHEMA" -> {
				if (grant.privilege().equals("CREATE")) {
					add(new PrivilegeFinding(Type.CREATE_ON_SCHEMA, grant.name(),
							"may create tables, functions and types there", revoke));
				}
			}
			case TABLE -> addGrantedTable(grant, revoke);
			default -> add(new PrivilegeFinding(Type.EXECUTES_AS_SUPERUSER, grant.name(),
					"may call it, and it runs with the rights of a superuser", revoke));
		}
	}

	private void addGrantedTable(Granted grant, List<String> revoke) {
		if (grant.relation() != null && this.request.isHistory(grant.schema(), grant.relation())) {
			if (WRITES.contains(grant.privilege())) {
				add(new PrivilegeFinding(Type.MAY_WRITE_MIGRATION_HISTORY, grant.name(),
						"may change the history of migrations", revoke));
			}
		}
		else {
			addGrantedRows(grant, revoke);
		}
	}

	/**
	 * A privilege of PUBLIC is one of the login as well: who allows the one finding does
	 * not allow the other.
	 */
	private void addGrantedRows(Granted grant, List<String> revoke) {
		if (grant.grantee().equals(PUBLIC)) {
			add(new PrivilegeFinding(Type.PUBLIC_MAY_USE, grant.name(), "like every other login, may use it", revoke));
		}
		if (grant.privilege().equals("TRUNCATE")) {
			add(new PrivilegeFinding(Type.MAY_TRUNCATE, grant.name(),
					"may remove all rows, past policies and row triggers", revoke));
		}
		else if (grant.privilege().equals("MAINTAIN")) {
			add(new PrivilegeFinding(Type.MAY_MAINTAIN, grant.name(), "may lock and rewrite it", revoke));
		}
	}

	/**
	 * Adds a finding, or its statements to one about the same object.
	 */
	private void add(PrivilegeFinding finding) {
		String reason = (finding.type() == Type.MEMBER_OF_POWERFUL_ROLE) ? finding.reason() : "";
		this.findings.merge(finding.type() + " " + finding.object() + reason, finding, (former, further) -> {
			Set<String> fixes = new LinkedHashSet<>(former.fixes());
			fixes.addAll(further.fixes());
			return new PrivilegeFinding(former.type(), former.object(), former.reason(), List.copyOf(fixes));
		});
	}

	/**
	 * The login. All names are quoted.
	 *
	 * @param role the role that statements run as
	 * @param name the login
	 * @param version the version of the server, 160000 for PostgreSQL 16
	 * @param owner the role that could own tables in its place
	 * @param bootstrap the role that has to stay a superuser
	 */
	record Login(String role, String name, int version, String owner, String bootstrap) {

	}

	/**
	 * Something that the login, or a role of it, owns.
	 *
	 * @param kind the keyword in SQL
	 * @param name the quoted name
	 * @param schema the schema or {@code null}
	 * @param relation the table or {@code null}
	 * @param own whether the role that statements run as, or the login, owns it
	 * @param role the quoted name of the owner
	 * @param sequences the quoted names of sequences of its columns
	 * @param revokes the statements that end the memberships in the owner
	 */
	record Owned(String kind, String name, @Nullable String schema, @Nullable String relation, boolean own, String role,
			List<String> sequences, List<String> revokes) {

	}

	/**
	 * A privilege that has been granted.
	 *
	 * @param kind the keyword of the object in SQL
	 * @param name the quoted name of the object
	 * @param schema the schema or {@code null}
	 * @param relation the table or {@code null}
	 * @param grantee the quoted name of the role, or PUBLIC
	 * @param grantor the quoted name of the role that has granted it, {@code null} if it
	 * is the owner
	 * @param privilege the privilege
	 * @param grantable whether it may be granted to others
	 * @param column the quoted name of the column or {@code null}
	 */
	record Granted(String kind, String name, @Nullable String schema, @Nullable String relation, String grantee,
			@Nullable String grantor, String privilege, boolean grantable, @Nullable String column) {

		boolean isOfServer() {
			return SYSTEM_SCHEMA.equals(this.schema);
		}

		String revoke() {
			return statement("REVOKE", this.grantable ? " CASCADE" : "");
		}

		/**
		 * A superuser revokes as the owner, which has no effect on what another one has
		 * granted.
		 */
		String statement(String revoke, String end) {
			String statement = "%s %s%s ON %s %s FROM %s%s;".formatted(revoke, this.privilege,
					(this.column != null) ? " (" + this.column + ")" : "", this.kind, this.name, this.grantee, end);
			return (this.grantor != null) ? "SET ROLE %s; %s RESET ROLE;".formatted(this.grantor, statement)
					: statement;
		}

	}

}
