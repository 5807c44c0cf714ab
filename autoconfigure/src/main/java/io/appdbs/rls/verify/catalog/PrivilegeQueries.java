package io.appdbs.rls.verify.catalog;

/**
 * The questions to the catalog about roles and about what has been granted to them.
 */
final class PrivilegeQueries {

	/** The role that statements run as; takes its name as a parameter. */
	public static final String ME = """
			(SELECT oid, rolname, rolsuper, rolbypassrls FROM pg_catalog.pg_roles
			WHERE rolname = coalesce(?::text, current_user::text)) me""";

	/** Whether one can SET ROLE, which before PostgreSQL 16 every member could. */
	public static final String BECOME = "CASE WHEN current_setting('server_version_num')::int >= 160000 "
			+ "THEN 'SET' ELSE 'MEMBER' END";

	/**
	 * Reads the current role.
	 */
	public static final String ROLE = """
			SELECT quote_ident(me.rolname), me.rolsuper, me.rolbypassrls, quote_ident(session_user),
			me.rolname = session_user OR pg_has_role(session_user, me.oid, %s), current_schemas(false)::text[],
			ARRAY(SELECT nspname::text FROM pg_catalog.pg_namespace), current_setting('server_version_num')::int,
			me.oid = 10 FROM %s""".formatted(BECOME, ME);

	/** The predefined roles that lead past policies; servers have some of them. */
	private static final String PREDEFINED = "r.rolname IN ('pg_execute_server_program', 'pg_read_server_files', "
			+ "'pg_write_server_files', 'pg_read_all_data', 'pg_write_all_data', 'pg_maintain')";

	private static final String USABLE = "r.oid = s.oid OR pg_has_role(s.oid, r.oid, %s) OR (%s AND ".formatted(BECOME,
			PREDEFINED) + "pg_has_role(s.oid, r.oid, 'USAGE'))";

	/**
	 * Since PostgreSQL 16 a membership is of the role that has granted it, which for a
	 * superuser is the first one.
	 */
	private static final String REVOKE_MEMBERSHIP = """
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
			SELECT s.login, quote_ident(r.rolname), r.oid = s.oid, %2$s, CASE WHEN r.rolsuper THEN '{SUPERUSER}'::text[]
			ELSE array_remove(ARRAY[CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
			CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
			CASE WHEN %4$s THEN r.rolname::text END], NULL) END,
			ARRAY(SELECT %3$s FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles m ON m.oid = a.member
			WHERE a.roleid = r.oid AND (m.oid = s.oid OR pg_has_role(s.oid, m.oid, %1$s)
			OR pg_has_role(s.oid, m.oid, 'USAGE')) ORDER BY 1)
			FROM (SELECT me.oid, me.rolsuper, false AS login FROM %5$s UNION ALL SELECT l.oid, l.rolsuper, true
			FROM %5$s, pg_catalog.pg_roles l WHERE l.rolname = session_user AND l.oid <> me.oid) s, pg_catalog.pg_roles r
			WHERE (r.rolsuper OR r.rolbypassrls OR r.rolreplication OR r.rolcreaterole OR %4$s)
			AND (r.oid = s.oid OR (NOT s.rolsuper AND (%2$s
			OR pg_has_role(s.oid, r.oid, 'MEMBER WITH ADMIN OPTION')))) ORDER BY 1, 2"""
		.formatted(BECOME, USABLE, REVOKE_MEMBERSHIP, PREDEFINED, ME);

	/** What others than the owner may do, where the role may use the schema. */
	public static final String GRANTS = """
			WITH acl AS (SELECT false AS routine, c.oid AS object, c.relnamespace AS schema, c.relowner AS owner,
			c.relacl AS acl FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.oid >= 16384
			UNION ALL SELECT false, c.oid, c.relnamespace, c.relowner, a.attacl FROM pg_catalog.pg_attribute a
			JOIN pg_catalog.pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL AND c.oid >= 16384
			UNION ALL SELECT true, p.oid, p.pronamespace, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
			FROM pg_catalog.pg_proc p WHERE p.prosecdef)
			SELECT a.routine, a.object, coalesce(quote_ident(g.rolname), 'PUBLIC'), CASE WHEN x.grantor <> a.owner
			THEN quote_ident(pg_get_userbyid(x.grantor)) END, array_agg(DISTINCT x.privilege_type::text),
			bool_or(x.is_grantable AND EXISTS (SELECT 1 FROM aclexplode(a.acl) d WHERE d.grantor = x.grantee
			AND d.privilege_type = x.privilege_type))
			FROM %s, acl a CROSS JOIN LATERAL aclexplode(a.acl) x LEFT JOIN pg_catalog.pg_roles g ON g.oid = x.grantee
			WHERE x.grantee <> a.owner AND (x.grantee = 0 OR pg_has_role(me.oid, x.grantee, 'USAGE'))
			AND has_schema_privilege(me.oid, a.schema, 'USAGE') GROUP BY 1, 2, 3, 4""".formatted(ME);

	/** Where the defaults of settings are that a new connection of the login has. */
	public static final String DEFAULTS = """
			SELECT lower(split_part(e, '=', 1)), CASE WHEN s.setrole <> 0 THEN 'ALTER ROLE ' || quote_ident(r.rolname)
			|| CASE WHEN s.setdatabase <> 0 THEN ' IN DATABASE ' || quote_ident(d.datname) ELSE '' END
			WHEN s.setdatabase <> 0 THEN 'ALTER DATABASE ' || quote_ident(d.datname) ELSE 'ALTER ROLE ALL' END
			|| ' RESET ' || split_part(e, '=', 1) || ';' FROM pg_catalog.pg_db_role_setting s
			LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
			LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) e
			WHERE (s.setdatabase = 0 OR d.datname = current_database())
			AND (s.setrole = 0 OR r.rolname = session_user) ORDER BY 1, 2""";

	private PrivilegeQueries() {
	}

}
