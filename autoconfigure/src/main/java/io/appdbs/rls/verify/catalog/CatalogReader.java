package io.appdbs.rls.verify.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.privilege.PostgreSqlRoles;
import io.appdbs.engine.privilege.RolePower;
import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Owner;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Catalog.Routine;
import io.appdbs.rls.verify.catalog.Grants.Grant;
import org.jspecify.annotations.Nullable;

/**
 * Reads the catalog of a database with one round trip.
 */
public final class CatalogReader {

	/**
	 * Sets time limits for a transaction. A lock on a table also keeps the server from
	 * printing its policies. The settings are local, as a proxy may give the connection
	 * to others.
	 */
	public static final String LIMITS = "SELECT pg_catalog.set_config('statement_timeout', '5s', true), "
			+ "pg_catalog.set_config('lock_timeout', '2s', true)";

	private static final String USER_SCHEMA = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'crdb_internal', "
			+ "'pg_extension') AND n.nspname !~ '^pg_(toast|temp)'";

	private static final String RELATIONS = """
			SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind,
			c.relrowsecurity, c.relforcerowsecurity, c.relowner,
			pg_has_role(me.oid, c.relowner, 'USAGE') OR pg_has_role(me.oid, c.relowner, %s),
			EXISTS (SELECT 1 FROM unnest(c.reloptions) o WHERE lower(o) IN
			('security_invoker=true', 'security_invoker=on', 'security_invoker=yes', 'security_invoker=1')),
			has_schema_privilege(me.oid, n.oid, 'USAGE'), has_any_column_privilege(me.oid, c.oid, 'SELECT'),
			has_any_column_privilege(me.oid, c.oid, 'INSERT'), has_any_column_privilege(me.oid, c.oid, 'UPDATE'),
			has_table_privilege(me.oid, c.oid, 'DELETE'),
			(SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno LIMIT 1)
			FROM %s, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND %s AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
			WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
			ORDER BY n.nspname, c.relname""".formatted(PostgreSqlRoles.BECOME, PostgreSqlRoles.ME, USER_SCHEMA);

	/**
	 * Each condition is printed for its table: to find out first which are the same takes
	 * as long.
	 */
	private static final String POLICIES = """
			SELECT p.oid, p.polrelid, quote_ident(p.polname), p.polcmd, p.polpermissive, EXISTS
			(SELECT 1 FROM unnest(p.polroles) r WHERE r = 0 OR pg_has_role(me.oid, r, 'USAGE')),
			pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
			ARRAY(SELECT d.refobjid FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_policy'::regclass
			AND d.objid = p.oid AND d.refclassid = 'pg_catalog.pg_proc'::regclass),
			ARRAY(SELECT DISTINCT d.refobjid FROM pg_catalog.pg_depend d
			WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
			AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> p.polrelid)
			FROM %s, pg_catalog.pg_policy p ORDER BY p.polrelid, p.polname""".formatted(PostgreSqlRoles.ME);

	private static final String SOURCES = """
			SELECT DISTINCT r.ev_class, d.refobjid FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d
			ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
			AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> r.ev_class
			JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE r.ev_type = '1' AND %s ORDER BY 1, 2""".formatted(USER_SCHEMA);

	private static final String ROUTINES = """
			SELECT p.oid, n.nspname, p.proname, quote_ident(n.nspname) || '.' || quote_ident(p.proname),
			pg_get_function_identity_arguments(p.oid), oidvectortypes(p.proargtypes), p.prokind = 'p', p.proowner,
			EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_policy'::regclass
			AND d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid = p.oid)
			FROM %s, pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
			WHERE p.prosecdef AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) AND %s
			AND p.proowner <> me.oid AND has_schema_privilege(me.oid, n.oid, 'USAGE')
			AND has_function_privilege(me.oid, p.oid, 'EXECUTE') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
			WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
			ORDER BY 4, 5""".formatted(PostgreSqlRoles.ME, USER_SCHEMA);

	private static final String OWNERS = """
			SELECT o.oid, quote_ident(o.rolname), o.rolsuper OR o.rolbypassrls, ARRAY(SELECT t.relowner
			FROM (SELECT DISTINCT relowner FROM pg_catalog.pg_class WHERE relrowsecurity) t
			WHERE pg_has_role(o.oid, t.relowner, 'USAGE')) FROM pg_catalog.pg_roles o WHERE o.oid IN
			(SELECT relowner FROM pg_catalog.pg_class UNION SELECT proowner FROM pg_catalog.pg_proc WHERE prosecdef)""";

	/**
	 * What follows is printed with schemas, whatever the login looks for first.
	 */
	private static final String QUALIFIED = "SELECT pg_catalog.set_config('search_path', '', true)";

	private static final String ALL = String.join(";", LIMITS, PrivilegeQueries.ROLE, QUALIFIED, PostgreSqlRoles.POWERS,
			RELATIONS, POLICIES, SOURCES, ROUTINES, OWNERS, PrivilegeQueries.GRANTS, PrivilegeQueries.DEFAULTS);

	private CatalogReader() {
	}

	/**
	 * Reads the catalog.
	 * @param connection a connection of the login
	 * @param role the role that statements run as or {@code null} for that of the
	 * connection
	 * @return the catalog
	 * @throws SQLException if the server does not answer
	 */
	public static Catalog read(Connection connection, @Nullable String role) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(ALL)) {
			int parameters = ALL.length() - ALL.replace("?", "").length();
			for (int i = 1; i <= parameters; i++) {
				statement.setString(i, role);
			}
			statement.execute();
			statement.getMoreResults();
			return readAll(statement);
		}
	}

	private static Catalog readAll(PreparedStatement statement) throws SQLException {
		List<Role> roles = read(statement, CatalogReader::role);
		statement.getMoreResults();
		List<RolePower> powers = read(statement, RolePower::read).stream()
			.map((power) -> power.retain(RolePower.PAST_POLICIES))
			.filter((power) -> !power.rights().isEmpty())
			.toList();
		Map<Long, Relation> relations = new LinkedHashMap<>();
		read(statement, CatalogReader::relation).forEach((relation) -> relations.put(relation.id(), relation));
		List<Policy> policies = read(statement, CatalogReader::policy);
		Map<Long, List<Long>> sources = new LinkedHashMap<>();
		read(statement, (row) -> List.of(row.getLong(1), row.getLong(2)))
			.forEach((edge) -> sources.computeIfAbsent(edge.get(0), (id) -> new ArrayList<>()).add(edge.get(1)));
		List<Routine> routines = read(statement,
				(row) -> new Routine(row.getLong(1), row.getString(2), row.getString(3), row.getString(4),
						row.getString(5), row.getString(6), row.getBoolean(7), row.getLong(8), row.getBoolean(9)));
		Map<Long, Owner> owners = new LinkedHashMap<>();
		read(statement,
				(row) -> Map.entry(row.getLong(1),
						new Owner(row.getString(2), row.getBoolean(3), new HashSet<>(ids(row, 4)))))
			.forEach((owner) -> owners.put(owner.getKey(), owner.getValue()));
		Grants grants = new Grants(read(statement, (row) -> new Grant(row.getBoolean(1), row.getLong(2),
				row.getString(3), row.getString(4), strings(row, 5), row.getBoolean(6))));
		Map<String, List<String>> defaults = new LinkedHashMap<>();
		read(statement, (row) -> Map.entry(row.getString(1), row.getString(2))).forEach(
				(entry) -> defaults.computeIfAbsent(entry.getKey(), (name) -> new ArrayList<>()).add(entry.getValue()));
		return new Catalog(roles.isEmpty() ? null : roles.get(0), powers, relations, policies, sources, routines,
				owners, grants, defaults);
	}

	private static Role role(ResultSet row) throws SQLException {
		return new Role(row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getString(4), row.getBoolean(5),
				strings(row, 6), strings(row, 7), row.getInt(8), row.getBoolean(9));
	}

	private static Relation relation(ResultSet row) throws SQLException {
		Set<Command> granted = EnumSet.noneOf(Command.class);
		for (Command command : Command.values()) {
			// without USAGE on the schema a privilege is worth nothing
			if (row.getBoolean(11) && row.getBoolean(12 + command.ordinal())) {
				granted.add(command);
			}
		}
		long parent = row.getLong(16);
		return new Relation(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5),
				row.getBoolean(6), row.getBoolean(7), row.getLong(8), row.getBoolean(9), row.getBoolean(10), granted,
				(parent != 0) ? parent : null);
	}

	private static Policy policy(ResultSet row) throws SQLException {
		return new Policy(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getBoolean(5),
				row.getBoolean(6), row.getString(7), row.getString(8), ids(row, 9), ids(row, 10));
	}

	/**
	 * Reads all rows of the next result.
	 */
	static <T> List<T> read(PreparedStatement statement, RowMapper<T> mapper) throws SQLException {
		List<T> all = new ArrayList<>();
		try (ResultSet rows = statement.getResultSet()) {
			while (rows.next()) {
				all.add(mapper.map(rows));
			}
		}
		statement.getMoreResults();
		return all;
	}

	static List<String> strings(ResultSet row, int column) throws SQLException {
		return Arrays.stream((Object[]) row.getArray(column).getArray()).map(String::valueOf).toList();
	}

	static List<Long> ids(ResultSet row, int column) throws SQLException {
		return strings(row, column).stream().map(Long::valueOf).toList();
	}

	/**
	 * Reads one row.
	 *
	 * @param <T> what it becomes
	 */
	interface RowMapper<T> {

		T map(ResultSet row) throws SQLException;

	}

}
