package io.appdbs.engine.privilege;

/**
 * Questions to the catalog of PostgreSQL about what a login owns and has been granted.
 * Each has the role that statements run as as its first parameter.
 */
final class PostgreSqlPrivilegeQueries {

	/**
	 * Time limits for a transaction. The settings are local, as a proxy may give the
	 * connection to others.
	 */
	static final String LIMITS = "SELECT pg_catalog.set_config('statement_timeout', '5s', true), "
			+ "pg_catalog.set_config('lock_timeout', '2s', true)";

	/**
	 * The roles whose rights the login has, or whose rights it gets by SET ROLE. What a
	 * superuser has says nothing.
	 */
	private static final String SUBJECTS = """
			(SELECT r.oid, r.rolname, r.oid IN (SELECT oid FROM pg_catalog.pg_roles
			WHERE rolname IN (session_user, coalesce(?::text, current_user::text))) AS own
			FROM pg_catalog.pg_roles r WHERE NOT r.rolsuper AND %s)"""
		.formatted(PostgreSqlRoles.hasRights(PostgreSqlRoles.LOGIN, "r.oid"));

	private static final String USER_SCHEMA = "n.nspname NOT IN ('pg_catalog', 'information_schema') "
			+ "AND n.nspname !~ '^pg_(toast|temp)'";

	private static final String SYSTEM_SCHEMA = "n.nspname = 'pg_catalog'";

	/** What initdb or an extension has granted on an object. */
	private static final String INITIAL = """
			(SELECT i.initprivs FROM pg_catalog.pg_init_privs i WHERE i.classoid = '%s'::regclass
			AND i.objoid = %s AND i.objsubid = %s)""";

	private static final String NOT_OF_EXTENSION = """
			NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
			WHERE e.classid = '%s'::regclass AND e.objid = %s AND e.deptype = 'e')""";

	/**
	 * The login, and the role that could own tables in its place.
	 */
	static final String SELF = """
			SELECT quote_ident(coalesce(me.rolname, l.rolname)), quote_ident(l.rolname),
			current_setting('server_version_num')::int, quote_ident(coalesce(
			(SELECT o.rolname FROM pg_catalog.pg_roles o WHERE o.rolname = ?::text AND o.rolname <> l.rolname),
			(SELECT o.rolname FROM pg_catalog.pg_roles o JOIN pg_catalog.pg_database d ON d.datdba = o.oid
			WHERE d.datname = current_database() AND NOT pg_has_role(session_user, o.oid, 'MEMBER')),
			(SELECT o.rolname FROM pg_catalog.pg_roles o WHERE o.oid = 10))),
			(SELECT quote_ident(o.rolname) FROM pg_catalog.pg_roles o WHERE o.oid = 10)
			FROM pg_catalog.pg_roles l LEFT JOIN %s ON true WHERE l.rolname = session_user"""
		.formatted(PostgreSqlRoles.ME);

	/** What the login, or a role of it, owns. */
	static final String OWNED = """
			SELECT x.kind, x.name, x.schema, x.relation, s.own, quote_ident(s.rolname), x.sequences,
			ARRAY(SELECT %3$s FROM pg_catalog.pg_auth_members a
			JOIN pg_catalog.pg_roles m ON m.oid = a.member JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
			WHERE a.roleid = s.oid AND (m.rolname = session_user OR pg_has_role(session_user, m.oid, 'MEMBER'))
			ORDER BY 1)
			FROM (SELECT 'DATABASE' AS kind, quote_ident(d.datname) AS name, NULL::text AS schema,
			NULL::text AS relation, d.datdba AS owner, NULL::text[] AS sequences FROM pg_catalog.pg_database d
			WHERE d.datname = current_database()
			UNION ALL SELECT 'SCHEMA', quote_ident(n.nspname), n.nspname::text, NULL, n.nspowner, NULL
			FROM pg_catalog.pg_namespace n WHERE %2$s
			UNION ALL SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
			WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
			n.nspname::text, c.relname::text, c.relowner, ARRAY(SELECT quote_ident(q.nspname) || '.'
			|| quote_ident(z.relname) FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class z ON z.oid = d.objid
			JOIN pg_catalog.pg_namespace q ON q.oid = z.relnamespace WHERE d.refobjid = c.oid
			AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.classid = 'pg_catalog.pg_class'::regclass
			AND z.relkind = 'S' AND d.deptype = 'a' ORDER BY 1)
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND %2$s AND %4$s) x
			JOIN %1$s s ON s.oid = x.owner WHERE s.rolname <> 'pg_database_owner' ORDER BY 1, 2""".formatted(SUBJECTS,
			USER_SCHEMA, PostgreSqlRoles.REVOKE_MEMBERSHIP, NOT_OF_EXTENSION.formatted("pg_catalog.pg_class", "c.oid"));

	/**
	 * Objects of the server itself, with what is granted on each server. The views of
	 * information_schema show nothing to which the login has no privilege.
	 */
	private static final String SYSTEM = """
			SELECT 'TABLE', quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname::text,
			c.relname::text, n.oid, c.relowner, c.relacl, NULL, %2$s FROM pg_catalog.pg_class c
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind <> 'S' AND %1$s
			UNION ALL SELECT 'TABLE', quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname::text,
			c.relname::text, n.oid, c.relowner, a.attacl, quote_ident(a.attname), %3$s FROM pg_catalog.pg_attribute a
			JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE a.attacl IS NOT NULL AND %1$s
			UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
			quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '('
			|| pg_get_function_identity_arguments(p.oid) || ')', n.nspname::text, NULL, n.oid, p.proowner,
			p.proacl, NULL, %4$s FROM pg_catalog.pg_proc p
			JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.proacl IS NOT NULL AND %1$s""".formatted(
			SYSTEM_SCHEMA, INITIAL.formatted("pg_catalog.pg_class", "c.oid", "0"),
			INITIAL.formatted("pg_catalog.pg_class", "c.oid", "a.attnum"),
			INITIAL.formatted("pg_catalog.pg_proc", "p.oid", "0"));

	/**
	 * What has been granted to the login, its roles and PUBLIC, where they may use the
	 * schema, apart from what every server grants.
	 */
	static final String GRANTS = """
			WITH s AS (SELECT * FROM %1$s s), acl AS (SELECT 'DATABASE' AS kind, quote_ident(d.datname) AS name,
			NULL::text AS schema, NULL::text AS relation, NULL::oid AS namespace, d.datdba AS owner, d.datacl AS acl,
			NULL::text AS "column", NULL::aclitem[] AS initial FROM pg_catalog.pg_database d
			WHERE d.datname = current_database()
			UNION ALL SELECT 'SCHEMA', quote_ident(n.nspname), n.nspname::text, NULL, NULL, n.nspowner, n.nspacl, NULL, NULL
			FROM pg_catalog.pg_namespace n WHERE %2$s
			UNION ALL SELECT 'TABLE', quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname::text,
			c.relname::text, n.oid, c.relowner, c.relacl, NULL, NULL FROM pg_catalog.pg_class c
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND %2$s AND %3$s
			UNION ALL SELECT 'TABLE', quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname::text,
			c.relname::text, n.oid, c.relowner, a.attacl, quote_ident(a.attname), NULL
			FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND %2$s AND %3$s
			UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
			quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '('
			|| pg_get_function_identity_arguments(p.oid) || ')', n.nspname::text, NULL, n.oid, p.proowner,
			coalesce(p.proacl, acldefault('f', p.proowner)), NULL, NULL FROM pg_catalog.pg_proc p
			JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
			WHERE p.prosecdef AND o.rolsuper AND %2$s AND %4$s
			AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
			UNION ALL %5$s)
			SELECT acl.kind, acl.name, acl.schema, acl.relation,
			CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
			CASE WHEN x.grantor <> acl.owner THEN quote_ident(pg_get_userbyid(x.grantor)) END,
			x.privilege_type, x.is_grantable, acl."column"
			FROM acl CROSS JOIN LATERAL aclexplode(acl.acl) x
			WHERE x.grantee <> acl.owner AND (x.grantee = 0 OR x.grantee IN (SELECT oid FROM s))
			AND (acl.namespace IS NULL OR EXISTS (SELECT 1 FROM s WHERE has_schema_privilege(s.oid, acl.namespace,
			'USAGE'))) AND NOT EXISTS (SELECT 1 FROM aclexplode(acl.initial) i
			WHERE i.grantee = x.grantee AND i.privilege_type = x.privilege_type)
			ORDER BY 1, 2, 5, 7"""
		.formatted(SUBJECTS, USER_SCHEMA, NOT_OF_EXTENSION.formatted("pg_catalog.pg_class", "c.oid"),
				NOT_OF_EXTENSION.formatted("pg_catalog.pg_proc", "p.oid"), SYSTEM);

	/**
	 * The sequences {@code z} from which columns take their default, also where they do
	 * not belong to the column. An identity column needs no privilege.
	 */
	static final String SEQUENCES = """
			FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend d
			ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
			AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
			JOIN pg_catalog.pg_class z ON z.oid = d.refobjid AND z.relkind = 'S' WHERE f.adrelid =""";

	/** The privileges on tables that statements have. */
	static final String TABLES = """
			SELECT n.nspname::text, c.relname::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
			pg_table_is_visible(c.oid) OR (n.nspname::text = ANY(current_schemas(false)) AND NOT u.usage),
			CASE WHEN u.usage THEN ARRAY(SELECT p.name
			FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
			|| CASE WHEN current_setting('server_version_num')::int >= 170000 THEN ARRAY['MAINTAIN']
			ELSE ARRAY[]::text[] END) p (name) WHERE has_table_privilege(me.oid, c.oid, p.name))
			ELSE ARRAY[]::text[] END,
			ARRAY(SELECT DISTINCT quote_ident(q.nspname) || '.' || quote_ident(z.relname) FROM pg_catalog.pg_namespace q
			JOIN (SELECT z.* %s c.oid) z ON z.relnamespace = q.oid WHERE CASE WHEN z.relkind = 'S'
			THEN NOT has_sequence_privilege(me.oid, z.oid, 'USAGE, UPDATE') END ORDER BY 1)
			FROM %s, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			CROSS JOIN LATERAL (SELECT has_schema_privilege(me.oid, n.oid, 'USAGE') AS usage) u
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND %s ORDER BY 1, 2""".formatted(SEQUENCES,
			PostgreSqlRoles.ME, USER_SCHEMA);

	private PostgreSqlPrivilegeQueries() {
	}

}
