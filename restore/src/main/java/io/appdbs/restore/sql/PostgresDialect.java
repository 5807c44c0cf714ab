package io.appdbs.restore.sql;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;

/**
 * PostgreSQL.
 */
public final class PostgresDialect implements SqlDialect {

	// objects of extensions are part of some images
	private static final String CONTENT = """
			SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
			UNION ALL
			SELECT 'schema ' || n.nspname FROM pg_namespace n
			WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
			UNION ALL
			SELECT 'function ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
			WHERE n.nspname = 'public'
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
			ORDER BY 1 LIMIT 5
			""";

	private static final String TABLES = """
			SELECT n.nspname, c.relname, pg_table_is_visible(c.oid)
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE (c.relkind IN ('r', 'p') OR (c.relkind = 'm' AND c.relispopulated)) AND NOT c.relispartition
			AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
			ORDER BY 1, 2
			""";

	private static final String UNVALIDATED = """
			SELECT 'Constraint ''' || conname || ''' of table ''' || conrelid::regclass || ''' is NOT VALID.'
			FROM pg_constraint WHERE NOT convalidated AND conrelid <> 0
			AND pg_get_constraintdef(oid) NOT LIKE '%NOT ENFORCED' ORDER BY 1
			""";

	private static final String FOREIGN_KEYS = """
			SELECT 'Foreign key ''' || c.conname || ''' of table ''' || c.conrelid::regclass || '''',
			'SELECT count(*) FROM ' || c.conrelid::regclass || ' a WHERE '
			|| string_agg('a.' || quote_ident(ca.attname) || ' IS NOT NULL', ' AND ')
			|| ' AND NOT EXISTS (SELECT FROM ' || c.confrelid::regclass || ' b WHERE '
			|| string_agg('b.' || quote_ident(pa.attname) || ' = a.' || quote_ident(ca.attname), ' AND ') || ')'
			FROM pg_constraint c, LATERAL unnest(c.conkey, c.confkey) AS k(child, parent),
			pg_attribute ca, pg_attribute pa
			WHERE c.contype = 'f' AND c.conparentid = 0
			AND pg_get_constraintdef(c.oid) NOT LIKE '%NOT ENFORCED' AND pg_get_constraintdef(c.oid) NOT LIKE '%PERIOD %'
			AND ca.attrelid = c.conrelid AND ca.attnum = k.child AND pa.attrelid = c.confrelid AND pa.attnum = k.parent
			GROUP BY c.oid, c.conname, c.conrelid, c.confrelid ORDER BY 1
			""";

	private static final String CHECKS = """
			SELECT 'Check constraint ''' || conname || ''' of table ''' || conrelid::regclass || '''',
			'SELECT count(*) FROM ' || conrelid::regclass || ' WHERE NOT (' || pg_get_expr(conbin, conrelid) || ')'
			FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0 AND coninhcount = 0
			AND pg_get_constraintdef(oid) NOT LIKE '%NOT ENFORCED' ORDER BY 1
			""";

	@Override
	public List<String> getDriverClassNames() {
		return List.of("org.postgresql.Driver");
	}

	@Override
	public String createUrl(String host, int port, String database) {
		return "jdbc:postgresql://" + host + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
	}

	@Override
	public void limitConnecting(Properties properties, Duration timeout) {
		properties.put("connectTimeout", Long.toString(timeout.toSeconds()));
		properties.put("loginTimeout", Long.toString(timeout.toSeconds()));
	}

	@Override
	public ServerVersion readVersion(Connection connection) throws SQLException, RestoreFailure {
		return ServerVersion.parse(ServerVersion.POSTGRESQL, connection.getMetaData().getDatabaseProductVersion());
	}

	@Override
	public void useUtc(Sql sql) throws SQLException {
		sql.execute("SET TIME ZONE 'UTC'");
	}

	@Override
	public List<String> findContent(Sql sql) throws SQLException {
		return sql.strings(CONTENT);
	}

	@Override
	public ScratchDatabase secure(ScratchDatabase database, String password) throws SQLException, InterruptedException {
		try (Connection connection = database.connect()) {
			Sql sql = new Sql(connection);
			sql.execute("SET log_statement = 'none'");
			sql.execute("SET log_min_error_statement = 'panic'");
			sql.execute("SET password_encryption = 'scram-sha-256'");
			sql.execute("ALTER ROLE " + quote(database.username()) + " PASSWORD '" + password + "'");
			String file = sql.strings("SHOW hba_file").get(0).replace("'", "''");
			sql.execute("COPY (VALUES ('host all all 127.0.0.1/32 scram-sha-256'), "
					+ "('host all all ::1/128 scram-sha-256')) TO '" + file + "'");
			sql.execute("SELECT pg_reload_conf()");
		}
		awaitPassword(database);
		return database.withPassword(password);
	}

	// the server reads the file some milliseconds later
	private static void awaitPassword(ScratchDatabase database) throws SQLException, InterruptedException {
		while (true) {
			try (Connection connection = database.connect()) {
				Thread.sleep(20);
			}
			catch (SQLException ex) {
				String state = String.valueOf(ex.getSQLState());
				if (state.startsWith("28") || state.equals("08004")) {
					return;
				}
				throw ex;
			}
		}
	}

	@Override
	public List<Table> findTables(Sql sql) throws SQLException {
		return sql.query(TABLES, (row) -> new Table(row.getString(1), row.getString(2), row.getBoolean(3)));
	}

	@Override
	public List<String> findUnvalidatedConstraints(Sql sql) throws SQLException {
		return sql.strings(UNVALIDATED);
	}

	@Override
	public List<ConstraintQuery> findConstraintQueries(Sql sql) throws SQLException {
		List<ConstraintQuery> queries = sql.query(FOREIGN_KEYS,
				(row) -> new ConstraintQuery(row.getString(1), row.getString(2)));
		queries.addAll(sql.query(CHECKS, (row) -> new ConstraintQuery(row.getString(1), row.getString(2))));
		return queries;
	}

	@Override
	public String quote(String identifier) {
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

}
