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

	/** The predefined roles with dangerous rights; servers have some of them. */
	private static final String PREDEFINED = "r.rolname IN ('pg_execute_server_program', 'pg_read_server_files', "
			+ "'pg_write_server_files', 'pg_read_all_data', 'pg_write_all_data', 'pg_maintain', "
			+ "'pg_signal_backend', 'pg_checkpoint', 'pg_create_subscription')";

	private static final String USABLE = "r.oid = s.oid OR pg_has_role(s.oid, r.oid, %s) OR (%s AND ".formatted(BECOME,
			PREDEFINED) + "pg_has_role(s.oid, r.oid, 'USAGE'))";

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
			SELECT s.login, quote_ident(r.rolname), r.oid = s.oid, %2$s, CASE WHEN r.rolsuper THEN '{SUPERUSER}'::text[]
			ELSE array_remove(ARRAY[CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
			CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
			CASE WHEN %4$s THEN r.rolname::text END,
			CASE WHEN r.rolcreatedb THEN 'CREATEDB' END], NULL) END,
			ARRAY(SELECT %3$s FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles m ON m.oid = a.member
			WHERE a.roleid = r.oid AND (m.oid = s.oid OR pg_has_role(s.oid, m.oid, %1$s)
			OR pg_has_role(s.oid, m.oid, 'USAGE')) ORDER BY 1)
			FROM (SELECT me.oid, me.rolsuper, false AS login FROM %5$s UNION ALL SELECT l.oid, l.rolsuper, true
			FROM %5$s, pg_catalog.pg_roles l WHERE l.rolname = session_user AND l.oid <> me.oid) s, pg_catalog.pg_roles r
			WHERE (r.rolsuper OR r.rolbypassrls OR r.rolreplication OR r.rolcreaterole
			OR r.rolcreatedb OR %4$s)
			AND (r.oid = s.oid OR (NOT s.rolsuper AND (%2$s
			OR pg_has_role(s.oid, r.oid, 'MEMBER WITH ADMIN OPTION')))) ORDER BY 1, 2"""
		.formatted(BECOME, USABLE, REVOKE_MEMBERSHIP, PREDEFINED, ME);

	private PostgreSqlRoles() {
	}

}
