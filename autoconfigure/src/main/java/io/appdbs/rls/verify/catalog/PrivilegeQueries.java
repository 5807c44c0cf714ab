package io.appdbs.rls.verify.catalog;

import io.appdbs.engine.privilege.PostgreSqlRoles;

/**
 * The questions to the catalog about roles and about what has been granted to them.
 */
final class PrivilegeQueries {

	/**
	 * Reads the current role.
	 */
	public static final String ROLE = """
			SELECT quote_ident(me.rolname), me.rolsuper, me.rolbypassrls, quote_ident(session_user),
			me.rolname = session_user OR pg_has_role(session_user, me.oid, %s), current_schemas(false)::text[],
			ARRAY(SELECT nspname::text FROM pg_catalog.pg_namespace), current_setting('server_version_num')::int,
			me.oid = 10 FROM %s""".formatted(PostgreSqlRoles.BECOME, PostgreSqlRoles.ME);

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
			AND has_schema_privilege(me.oid, a.schema, 'USAGE') GROUP BY 1, 2, 3, 4""".formatted(PostgreSqlRoles.ME);

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
