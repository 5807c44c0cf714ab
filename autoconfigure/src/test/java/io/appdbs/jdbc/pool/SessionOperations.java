package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.geometric.PGpoint;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PgConnection;

/**
 * What borrowers do to the sessions of the engines.
 */
final class SessionOperations {

	private SessionOperations() {
	}

	private static List<SessionOperation> of(List<SessionOperation> statements, SessionOperation... operations) {
		List<SessionOperation> all = new ArrayList<>(statements);
		all.addAll(List.of(operations));
		all.add(SessionOperation.invisible("nothing", (connection, random) -> {
		}));
		all.add(SessionOperation.of("setReadOnly", (connection, random) -> connection.setReadOnly(true)));
		all.add(SessionOperation.of("setTransactionIsolation",
				(connection, random) -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE)));
		all.add(SessionOperation.invisible("setNetworkTimeout",
				(connection, random) -> connection.setNetworkTimeout(Runnable::run, 59_999)));
		all.add(SessionOperation.invisible("failure",
				(connection, random) -> SessionOperation.execute(connection, random, "SELECT nothing FROM nowhere")));
		all.add(SessionOperation.invisible("write",
				(connection, random) -> SessionOperation.execute(connection, random, "UPDATE item SET id = id + 1")));
		return all;
	}

	static List<SessionOperation> postgreSql() {
		return of(SessionOperation.statements("SET search_path TO pg_catalog", "SET ROLE pg_monitor", "RESET ROLE",
				"SET app.note TO 'left'", "SELECT set_config ( 'app.note' , 'left' , false )",
				"SELECT pg_catalog.\"set_config\"('app.note', 'left', FALSE)", "SELECT pg_try_advisory_lock_shared(7)",
				"LISTEN note", "CREATE TEMP TABLE note (id INT)", "CREATE TABLE pg_temp.note (id INT)",
				"SELECT 1 AS x INTO TEMP note", "SELECT 1 AS x INTO pg_temp.note",
				"WITH a AS (SELECT 1 AS x) SELECT x INTO TEMPORARY TABLE note FROM a",
				"EXPLAIN ANALYZE CREATE TEMP TABLE note AS SELECT 1 AS x", "PREPARE note AS SELECT 1",
				"BEGIN; DECLARE \"c;d\" CURSOR WITH HOLD FOR SELECT 1; COMMIT",
				"DO $$ BEGIN PERFORM set_config('app.note', 'left', false); END $$",
				"DO $x$ BEGIN EXECUTE 'SET app.note TO left'; END $x$", "DO 'BEGIN SET app.note TO ''left''; END'",
				"SELECT $a$;$a$ AS \"it's\"; SET app.note TO 'left'", "SELECT E'\\''; SET app.note = 'left' -- '",
				"SELECT 1 /* /* */ ' */; SET app.note = 'left' -- '", "RESET search_path",
				"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET TIME ZONE 'Asia/Tokyo'"),
				SessionOperation.of("setSchema", (connection, random) -> connection.setSchema("pg_catalog")),
				SessionOperation.of("setSchema(null)", (connection, random) -> connection.setSchema(null)),
				SessionOperation.invisible("setCatalog", (connection, random) -> connection.setCatalog("other")),
				SessionOperation.of("setClientInfo(name)",
						(connection, random) -> connection.setClientInfo("ApplicationName", "left")),
				SessionOperation.of("setClientInfo",
						(connection, random) -> connection.setClientInfo(new Properties())),
				SessionOperation.of("setHoldability",
						(connection, random) -> connection.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT)),
				SessionOperation.of("setTypeMap",
						(connection, random) -> connection.setTypeMap(Map.of("note", String.class))),
				SessionOperation.of("setPrepareThreshold",
						(connection, random) -> connection.unwrap(PGConnection.class).setPrepareThreshold(77)),
				SessionOperation.of("setDefaultFetchSize",
						(connection, random) -> connection.unwrap(BaseConnection.class).setDefaultFetchSize(77)),
				SessionOperation.of("setAutosave",
						(connection, random) -> connection.unwrap(PGConnection.class).setAutosave(AutoSave.ALWAYS)),
				SessionOperation.invisible("addDataType",
						(connection, random) -> connection.unwrap(PGConnection.class)
							.addDataType("note", PGpoint.class)),
				SessionOperation.of("execSQLUpdate",
						(connection, random) -> connection.unwrap(BaseConnection.class)
							.execSQLUpdate("SET app.note TO 'left'")),
				SessionOperation.of("the driver's own connection", (connection, random) -> {
					try (Statement statement = connection.unwrap(PgConnection.class).createStatement()) {
						statement.execute("SET app.note TO 'left'");
					}
				}), SessionOperation.invisible("SET LOCAL", (connection, random) -> SessionOperation.execute(connection,
						random, "SET LOCAL app.note = 'left'")));
	}

	static List<SessionOperation> mariaDb() {
		return of(SessionOperation.statements("SET SESSION sql_mode = 'ANSI'", "SET lock_wait_timeout = 77",
				"SET @note = 'left'", "SELECT @note := 'left'", "SELECT 'left' INTO @note",
				"SELECT 1, 'left' INTO @a, @note", "SELECT GET_LOCK (concat('note', connection_id()), 0)",
				"DO get_lock(concat('note', connection_id()), 0)", "USE mysql", "CREATE TEMPORARY TABLE note (id INT)",
				"/*!40101 SET @note = 'left' */", "/*M!100100 SET @note = 'left' */", "# ';\nSET @note = 'left'",
				"SELECT 'it\\'s'; SET @note = 'left' -- '",
				"SELECT `a;b'` FROM (SELECT 1 AS `a;b'`) a; SET @note = 'left'",
				"BEGIN NOT ATOMIC SET @note = 'left'; END", "IF 1 THEN SET @note = 'left'; END IF",
				"EXECUTE IMMEDIATE 'SET @note = 1'", "SET GLOBAL max_connections = 200, @note = 'left'",
				"SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", "SET autocommit = 1 - @@autocommit"),
				SessionOperation.of("setCatalog", (connection, random) -> connection.setCatalog("mysql")),
				SessionOperation.invisible("setSchema", (connection, random) -> connection.setSchema("mysql")),
				SessionOperation.of("setClientInfo",
						(connection, random) -> connection.setClientInfo("ApplicationName", "left")),
				SessionOperation.invisible("setHoldability",
						(connection, random) -> connection.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT)),
				SessionOperation.invisible("SET TRANSACTION",
						(connection, random) -> SessionOperation.execute(connection, random,
								"SET TRANSACTION READ ONLY")),
				SessionOperation.of("the driver's own connection", (connection,
						random) -> connection.unwrap(org.mariadb.jdbc.Connection.class).setCatalog("mysql")));
	}

	static List<SessionOperation> h2() {
		return of(
				SessionOperation.statements("SET SCHEMA OTHER", "SET @NOTE = 'left'", "SELECT @NOTE := 'left'",
						"SET LOCK_TIMEOUT 77", "SET QUERY_TIMEOUT 77777", "CREATE LOCAL TEMPORARY TABLE NOTE (ID INT)",
						"EXECUTE IMMEDIATE 'SET LOCK_TIMEOUT 78'", "SELECT $$;$$; // '\n SET @NOTE = 'left'",
						"SELECT 1 /* /* */ ' */; SET @NOTE = 'left' -- '"),
				SessionOperation.of("setSchema", (connection, random) -> connection.setSchema("OTHER")),
				SessionOperation.invisible("setCatalog", (connection, random) -> connection.setCatalog("OTHER")),
				SessionOperation.of("setClientInfo",
						(connection, random) -> connection.setClientInfo("ApplicationName", "left")),
				SessionOperation.of("setHoldability",
						(connection, random) -> connection.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT)),
				SessionOperation.of("Statement.setQueryTimeout", (connection, random) -> {
					try (Statement statement = connection.createStatement()) {
						statement.setQueryTimeout(77);
					}
				}), SessionOperation.of("PreparedStatement.setQueryTimeout", (connection, random) -> {
					try (PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
						statement.setQueryTimeout(77);
					}
				}), SessionOperation.of("the driver's own connection", (connection,
						random) -> connection.unwrap(org.h2.jdbc.JdbcConnection.class).setSchema("OTHER")));
	}

}
