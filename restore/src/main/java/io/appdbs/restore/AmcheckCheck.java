package io.appdbs.restore;

import java.sql.SQLException;

import io.appdbs.restore.sql.PostgresDialect;
import io.appdbs.restore.sql.Sql;

/**
 * Checks the tables and B-tree indexes of PostgreSQL with the extension {@code amcheck}.
 */
final class AmcheckCheck implements DatabaseCheck.Body {

	private static final int KNOWN = 3;

	private static final String SCHEMA = "appdbs_amcheck";

	private static final String EXTENSION = """
			SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
			WHERE e.extname = 'amcheck'
			""";

	private static final String TABLES = """
			SELECT c.oid::regclass::text FROM pg_class c
			WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p' AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'heap')
			ORDER BY 1
			""";

	private static final String INDEXES = """
			SELECT c.oid::regclass::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_index i ON i.indexrelid = c.oid
			WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisready AND i.indisvalid
			ORDER BY 1
			""";

	@Override
	public void check(RestoredDatabase database) throws SQLException {
		if (!(database.dialect() instanceof PostgresDialect)) {
			database.log().addFinding("amcheck() is only for PostgreSQL. Use checkTables().");
			return;
		}
		Sql sql = database.sql();
		try {
			sql.execute("CREATE SCHEMA " + SCHEMA);
			sql.execute("CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA " + SCHEMA);
		}
		catch (SQLException ex) {
			database.log().addFinding("The extension amcheck cannot be created: " + ex.getMessage() + ".");
			return;
		}
		checkAll(database, sql.strings(EXTENSION).get(0));
		sql.execute("DROP SCHEMA " + SCHEMA + " CASCADE");
	}

	private static void checkAll(RestoredDatabase database, String schema) throws SQLException {
		Sql sql = database.sql();
		// since PostgreSQL 14
		if (!sql.strings("SELECT 1 FROM pg_proc WHERE proname = 'verify_heapam'").isEmpty()) {
			for (String table : sql.strings(TABLES)) {
				checkTable(database, schema, table);
			}
		}
		for (String index : sql.strings(INDEXES)) {
			checkIndex(database, schema, index);
		}
	}

	private static void checkTable(RestoredDatabase database, String schema, String table) throws SQLException {
		try {
			database.sql()
				.strings("SELECT msg FROM " + schema + ".verify_heapam(?::regclass) LIMIT " + KNOWN, table)
				.forEach((message) -> database.log().addFinding("Table '" + table + "' is damaged: " + message + "."));
		}
		catch (SQLException ex) {
			addFinding(database, "Table", table, ex);
		}
	}

	private static void checkIndex(RestoredDatabase database, String schema, String index) throws SQLException {
		try {
			database.sql().strings("SELECT " + schema + ".bt_index_check(?::regclass, true)", index);
		}
		catch (SQLException ex) {
			addFinding(database, "Index", index, ex);
		}
	}

	private static void addFinding(RestoredDatabase database, String kind, String name, SQLException ex)
			throws SQLException {
		if (database.sql().connection().isClosed()) {
			throw ex;
		}
		String message = String.valueOf(ex.getMessage()).lines().findFirst().orElse("");
		database.log().addFinding(kind + " '" + name + "' is damaged: " + message + ".");
	}

}
