package io.appdbs.audit.rows;

import io.appdbs.engine.privilege.PostgreSqlRoles;

/**
 * The questions of the verification to the catalog of PostgreSQL.
 */
final class RowAuditQueries {

	/** Local, as a proxy may give the connection to others. */
	static final String LIMITS = "SELECT pg_catalog.set_config('statement_timeout', '5s', true), "
			+ "pg_catalog.set_config('lock_timeout', '2s', true)";

	/** The login, and the roles whose rights it has or can get. */
	private static final String PRINCIPALS = """
			principal AS (SELECT r.oid, r.rolname, r.rolsuper, r.rolcreaterole FROM pg_catalog.pg_roles r
			WHERE pg_has_role(session_user, r.oid, %s) OR pg_has_role(session_user, r.oid, 'MEMBER WITH ADMIN OPTION')
			OR %s)
			""".formatted(PostgreSqlRoles.BECOME, PostgreSqlRoles.hasRights(PostgreSqlRoles.LOGIN, "r.oid"));

	/** The login and what it can do everywhere. */
	static final String LOGIN = """
			WITH %s SELECT quote_ident(session_user), l.rolsuper,
			(SELECT min(quote_ident(p.rolname)) FROM principal p WHERE p.rolsuper),
			(SELECT min(quote_ident(p.rolname)) FROM principal p WHERE p.rolcreaterole
			AND current_setting('server_version_num')::int < 160000), current_setting('session_replication_role'),
			current_setting('server_version_num')::int
			FROM pg_catalog.pg_roles l WHERE l.rolname = session_user""".formatted(PRINCIPALS);

	/** Who may set a parameter that only superusers may set by default. */
	static final String PARAMETER_GRANTEES = """
			WITH %s SELECT DISTINCT coalesce(quote_ident(g.rolname), 'PUBLIC') FROM pg_catalog.pg_parameter_acl a
			CROSS JOIN LATERAL aclexplode(a.paracl) x LEFT JOIN pg_catalog.pg_roles g ON g.oid = x.grantee
			WHERE a.parname = 'session_replication_role' AND x.privilege_type = 'SET'
			AND (x.grantee = 0 OR x.grantee IN (SELECT oid FROM principal)) ORDER BY 1""".formatted(PRINCIPALS);

	/** The schemas in which the login can create objects. */
	static final String CREATABLE_SCHEMAS = """
			WITH %s SELECT n.nspname FROM pg_catalog.pg_namespace n
			WHERE EXISTS (SELECT 1 FROM principal p WHERE has_schema_privilege(p.oid, n.oid, 'CREATE'))"""
		.formatted(PRINCIPALS);

	private static final String GRANTEES = """
			SELECT x.grantee, x.privilege_type FROM aclexplode(c.relacl) x UNION ALL SELECT x.grantee, x.privilege_type
			FROM pg_catalog.pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL""";

	/**
	 * Tables by their names, with the partitions and children below them. Takes their
	 * schemas and their names as arrays.
	 */
	static final String RELATIONS = """
			WITH RECURSIVE %s, wanted AS (SELECT w.position, (SELECT c.oid FROM pg_catalog.pg_class c
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = w.name
			AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (n.nspname = w.schema
			OR (w.schema IS NULL AND n.nspname = ANY (current_schemas(false))))
			ORDER BY array_position(current_schemas(false), n.nspname) LIMIT 1) AS oid
			FROM unnest(?::text[], ?::text[]) WITH ORDINALITY w(schema, name, position)),
			tree AS (SELECT position, oid, oid AS root FROM wanted WHERE oid IS NOT NULL
			UNION SELECT t.position, i.inhrelid, t.root FROM tree t
			JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
			SELECT t.position, t.oid::bigint, t.oid = t.root,
			quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind, n.nspname, c.relname,
			c.relowner IN (SELECT oid FROM principal), quote_ident(pg_get_userbyid(c.relowner)),
			n.nspowner IN (SELECT oid FROM principal), quote_ident(n.nspname),
			ARRAY(SELECT v FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) v
			WHERE EXISTS (SELECT 1 FROM principal p WHERE has_table_privilege(p.oid, c.oid, v)
			OR (v IN ('INSERT', 'UPDATE') AND has_any_column_privilege(p.oid, c.oid, v)))),
			ARRAY(SELECT DISTINCT x.privilege_type || ' ' || coalesce(quote_ident(g.rolname), 'PUBLIC') FROM (%s) x
			LEFT JOIN pg_catalog.pg_roles g ON g.oid = x.grantee
			WHERE x.grantee = 0 OR x.grantee IN (SELECT oid FROM principal) ORDER BY 1),
			ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
			FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ORDER BY 1, 3 DESC, 4""".formatted(PRINCIPALS,
			GRANTEES);

	/** The triggers of tables. Takes the tables as an array. */
	static final String TRIGGERS = """
			SELECT t.tgrelid::bigint, quote_ident(t.tgname), t.tgenabled IN ('O', 'A'), t.tgtype::int,
			t.tgqual IS NOT NULL, t.tgattr::text <> '', t.tgfoid::bigint, t.tgargs
			FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ANY (?::bigint[]::oid[]) ORDER BY 1, t.tgname""";

	/** The rules of a table that apply to new rows. Takes the tables as an array. */
	static final String RULES = """
			SELECT r.ev_class::bigint, quote_ident(r.rulename) FROM pg_catalog.pg_rewrite r
			WHERE r.ev_type = '3' AND r.ev_enabled IN ('O', 'A') AND r.ev_class = ANY (?::bigint[]::oid[])
			ORDER BY 1, 2""";

	/**
	 * The functions of triggers. Takes the functions as an array, and a schema whose
	 * functions are read in any case.
	 */
	static final String FUNCTIONS = """
			WITH %s SELECT f.oid::bigint, quote_ident(n.nspname) || '.' || quote_ident(f.proname) || '()', f.prosrc,
			f.prosecdef, f.proowner IN (SELECT oid FROM principal), n.nspowner IN (SELECT oid FROM principal),
			quote_ident(n.nspname), (SELECT substr(s, 13) FROM unnest(f.proconfig) s WHERE s LIKE 'search_path=%%')
			FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
			WHERE f.prorettype = 'pg_catalog.trigger'::regtype AND (f.oid = ANY (?::bigint[]::oid[]) OR n.nspname = ?)
			ORDER BY 2""".formatted(PRINCIPALS);

	private RowAuditQueries() {
	}

}
