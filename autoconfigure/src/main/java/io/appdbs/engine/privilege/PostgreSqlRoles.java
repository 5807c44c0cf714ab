package io.appdbs.engine.privilege;

/**
 * Questions to the catalog of PostgreSQL about roles and their rights.
 */
public final class PostgreSqlRoles {

	/** The role that statements run as; takes its name as a parameter. */
	public static final String ME = """
			(SELECT oid, rolname, rolsuper, rolbypassrls FROM pg_catalog.pg_roles
			WHERE rolname = coalesce(?::text, current_user::text)) me""";

	/** Whether one can SET ROLE, which before PostgreSQL 16 every member could. */
	public static final String BECOME = "CASE WHEN current_setting('server_version_num')::int >= 160000 "
			+ "THEN 'SET' ELSE 'MEMBER' END";

	/** The identifier of the login, which SET ROLE does not change. */
	public static final String LOGIN = "(SELECT l.oid FROM pg_catalog.pg_roles l WHERE l.rolname = session_user)";

	/**
	 * The predefined roles, whose prefix is reserved, without that of the owner of the
	 * database, which has no other members.
	 * @see <a href=
	 * "https://www.postgresql.org/docs/current/predefined-roles.html">Predefined
	 * Roles</a>
	 */
	private static final String PREDEFINED = "r.rolname ~ '^pg_' AND r.rolname <> 'pg_database_owner'";

	/** The roles of which pg_monitor is a member on every server. */
	private static final String MONITORED = "('pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')";

	/** The roles that a role is or can become, unless no privilege is missing then. */
	private static final String BECOMES = """
			SELECT b.oid FROM pg_catalog.pg_roles b WHERE NOT b.rolsuper
			AND (b.oid = %1$s OR pg_has_role(%1$s, b.oid, %2$s)) OFFSET 0""";

	private static final String USABLE = """
			r.oid = s.oid OR pg_has_role(s.oid, r.oid, %s) OR (%s AND %s)""".formatted(BECOME, PREDEFINED,
			hasRights("s.oid", "r.oid"));

	/**
	 * Since PostgreSQL 16 a membership is of the role that has granted it, which for a
	 * superuser is the first one.
	 */
	static final String REVOKE_MEMBERSHIP = """
			'REVOKE ' || quote_ident(r.rolname) || ' FROM ' || quote_ident(m.rolname) || CASE WHEN
			current_setting('server_version_num')::int >= 160000 AND a.grantor <> 10 THEN ' GRANTED BY '
			|| (SELECT quote_ident(g.rolname) FROM pg_catalog.pg_roles g WHERE g.oid = a.grantor) ELSE '' END
			|| CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members d WHERE d.roleid = a.roleid
			AND d.grantor = a.member) THEN ' CASCADE;' ELSE ';' END""";

	/**
	 * The roles with dangerous rights that the role, or the login that it is reset to,
	 * has or can get.
	 */
	public static final String POWERS = """
			SELECT * FROM (SELECT s.login, quote_ident(r.rolname) AS name, r.oid = s.oid, %2$s,
			CASE WHEN r.rolsuper THEN '{SUPERUSER}'::text[]
			ELSE array_remove(ARRAY[CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
			CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
			CASE WHEN %4$s THEN r.rolname::text END,
			CASE WHEN r.rolcreatedb THEN 'CREATEDB' END], NULL) END,
			ARRAY(SELECT %3$s FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles m ON m.oid = a.member
			WHERE a.roleid = r.oid AND NOT (m.rolname = 'pg_monitor' AND r.rolname IN %7$s)
			AND (pg_has_role(s.oid, m.oid, %1$s) OR %6$s) ORDER BY 1) AS revokes
			FROM (SELECT me.oid, me.rolsuper, false AS login FROM %5$s UNION ALL SELECT l.oid, l.rolsuper, true
			FROM %5$s, pg_catalog.pg_roles l WHERE l.rolname = session_user AND l.oid <> me.oid) s, pg_catalog.pg_roles r
			WHERE (r.rolsuper OR r.rolbypassrls OR r.rolreplication OR r.rolcreaterole
			OR r.rolcreatedb OR %4$s)
			AND (r.oid = s.oid OR (NOT s.rolsuper AND (%2$s
			OR pg_has_role(s.oid, r.oid, 'MEMBER WITH ADMIN OPTION'))))) p
			WHERE p.name NOT IN %7$s OR p.revokes <> '{}' ORDER BY 1, 2"""
		.formatted(BECOME, USABLE, REVOKE_MEMBERSHIP, PREDEFINED, ME, hasRights("s.oid", "m.oid"), MONITORED);

	private PostgreSqlRoles() {
	}

	/**
	 * Returns the condition that a role has the rights of another one, or gets them by
	 * SET ROLE: it may become a role that inherits them.
	 * @param role the identifier of the role
	 * @param other the identifier of the other one
	 * @return the condition in SQL
	 */
	public static String hasRights(String role, String other) {
		return "EXISTS (SELECT 1 FROM (%s) b WHERE pg_has_role(b.oid, %s, 'USAGE'))"
			.formatted(BECOMES.formatted(role, BECOME), other);
	}

}
