package io.appdbs.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.appdbs.engine.url.UrlParts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PostgreSqlEngine}.
 */
class PostgreSqlEngineTests extends JdbcEngineContractTests {

	@Test
	void everyPropertyOfTheDriverIsKnown() {
		DriverParameters parameters = engine().readParameters(null, null);
		assertThat(PGProperty.values()).hasSizeGreaterThan(70)
			.allMatch((property) -> parameters.contains(property.getName()));
	}

	@Override
	JdbcEngine engine() {
		return new PostgreSqlEngine();
	}

	@Override
	List<String> plainUrls() {
		return List.of("jdbc:postgresql:orders", "jdbc:postgresql://h/orders", "jdbc:postgresql://h1:1,[::1]:2/o%20r",
				"jdbc:postgresql://h/orders?sslmode=require&ApplicationName=a+b%40c&sslkey=/k@y&",
				"jdbc:postgresql:///");
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("jdbc:postgresql://h/orders?user=app&password=" + MARKER,
				"jdbc:postgresql://h/orders?password=" + MARKER + "&ssl=true&user=app",
				"jdbc:postgresql:orders?user=app&password=" + MARKER, "jdbc:postgresql://app:" + MARKER + "@h:1/orders",
				"jdbc:postgresql://h/orders?user=%61pp&password=Marker%2D9f3a",
				"postgres://app:" + MARKER + "@h/orders",
				"postgresql://app:Marker%2D9f3a@[::1]:5433,h/orders?sslmode=require",
				"postgresql://h/orders?user=app&password=" + MARKER);
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("sslpassword", "postgresql://h/orders?sslpassword=" + MARKER, "passphrase",
				"jdbc:postgresql://h/orders?a=b&passphrase=Marker%2D9f3a");
	}

	@Override
	Map<String, String> otherStatementProperties() {
		return Map.of("options", "--cluster=blue");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT set_config('a.b', ?, false)", "SELECT set_config('a.b', 'x', ?)",
			"SELECT SET_CONFIG('a.b', 'x', FALSE), SET_CONFIG('a.c', 'x', TRUE)", "SELECT pg_try_advisory_lock(1)",
			"create local temporary table t (id int)", "load 'auto_explain'", "SELECT 1;\n set role x",
			"SELECT set_config('a.b', current_setting('a.c', true), false)",
			"SELECT coalesce(a, true), set_config(b, c, d)",
			"SELECT set_config('a.b', ?, true);SELECT (f(a, true)), set_config('a.b', ', true)', false)",
			"CREATE TEMP TABLE a (b int); CREATE TEMP TABLE c (d int) ON COMMIT DROP", "PREPARE \"a\" AS SELECT 1",
			"CREATE OR REPLACE TEMP VIEW a AS SELECT 1", "USE other", "RESET ALL", "discard all", "BEGIN",
			"start\ttransaction read only", "SELECT 1; begin isolation level serializable",
			"CREATE TABLE pg_temp.x (id int)", "CREATE TABLE \"pg_temp\" . x (id int)",
			"CREATE TYPE pg_temp_3.t AS (a int)", "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
			"CREATE /**/ TEMP TABLE t (id int)", "SELECT 1 AS a INTO pg_temp.x", "SELECT 1 AS a INTO TEMP x",
			"SELECT 1 AS a INTO/**/temporary TABLE x", "WITH a AS (SELECT 1) SELECT * INTO LOCAL TEMP x FROM a",
			"SELECT 1 AS a INTO TABLE pg_temp.x", "EXPLAIN ANALYZE CREATE TEMP TABLE x AS SELECT 1",
			"EXPLAIN (ANALYZE, COSTS off) SELECT 1 INTO TEMP x", "DECLARE \"c;d\" CURSOR WITH HOLD FOR SELECT 1",
			"DECLARE c CURSOR WITH /* a */ HOLD FOR SELECT 1", "select 1; /* /* */ */ set role x",
			"select 1 as \"it's\"; set role x", "select $$it's$$; set role x", "SELECT E'\\''; SET ROLE x -- '",
			"SELECT '\\'; SET ROLE x --'", "SELECT '\\''; SET ROLE x --'", "SELECT Set_Config ( 'a.b', 'x', false )",
			"SELECT pg_catalog.\"set_config\"/**/('a.b', 'x', FALSE)", "SELECT set_config('a.b', 'x', 'true')",
			"SELECT set_config('a.b', 'x', is_local => true)", "SELECT u&\"set\\005fconfig\"('a.b', 'x', false)",
			"{call set_config('a.b', 'x', false)}", "{? = call pg_advisory_lock(?)}",
			"(((SELECT pg_advisory_lock_shared(1))))", "SELECT setseed(0.5)", "SELECT dblink_connect('a', 'b')",
			"VALUES (set_config('a.b', 'x', false))", "DO $$ BEGIN PERFORM set_config('a.b', 'x', false); END $$",
			"DO 'BEGIN SET a.b = ''x''; END'",
			"DO LANGUAGE plpgsql $x$ DECLARE a int; BEGIN IF true THEN SET a.b = 'x'; END IF; END $x$",
			"DO $$ BEGIN EXECUTE format('SET %s', 'x'); END $$",
			"DO $$ << a >> BEGIN CREATE TEMP TABLE t (a int); END $$", "SET \"local\" = 1",
			"UPDATE pg_settings SET setting = '1' WHERE name = 'a'",
			"UPDATE ONLY pg_catalog.\"pg_settings\" SET setting = '1' WHERE name = 'a'" })
	void statementsThatChangeTheSessionAreDetected(String sql) {
		assertThat(engine().isSessionChange(sql)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT set_config('a.b', ?, true), set_config('a.c', ?, TRUE);SELECT 1",
			"SELECT set_config('a.b', coalesce(nullif(?, lower('(')), ','), true ), f(false)",
			"SELECT pg_advisory_xact_lock(1)", "CREATE TEMP TABLE t (id int)\nON COMMIT DROP",
			"PREPARE TRANSACTION 'x'", "DECLARE c CURSOR FOR SELECT 1", "SET CLUSTER SETTING x = 1",
			"SET TRANSACTION READ ONLY", "SELECT 1 AS begin", "COMMIT", "SELECT 'set_config(a, b, false)'",
			"SELECT 1 /* pg_advisory_lock(1) */", "SELECT temperature FROM temp", "INSERT INTO temp (a) VALUES (1)",
			"SELECT pg_catalog . set_config ( 'a.b' , f(1, (2)) , true )",
			"CREATE TABLE pg_temp.x (id int) ON COMMIT DROP", "SET /* */ LOCAL a = 1", "SELECT '\\d+; x'",
			"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
			"CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET ROLE x; END $$",
			"DO $$ BEGIN SET LOCAL a.b = 'x'; PERFORM set_config('a.b', 'x', true); END $$",
			"SELECT a ?? 'set', b #>> '{set}', c @> '{}' FROM t", "DECLARE c CURSOR WITHOUT HOLD FOR SELECT 1",
			"{call f(?)}", "EXPLAIN SELECT 1", "SELECT setting FROM pg_settings FOR UPDATE",
			"UPDATE a SET b = (SELECT setting FROM pg_settings LIMIT 1)" })
	void statementsWithTransactionScopeAreNotSessionChanges(String sql) {
		assertThat(engine().isSessionChange(sql)).isFalse();
	}

	@Test
	@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void manyCallsOfSetConfigAreReadOnce() {
		assertThat(engine().isSessionChange("SELECT " + "set_config('a', 'b', true), ".repeat(200_000))).isFalse();
		assertThat(engine().isSessionChange("SELECT " + "set_config(".repeat(200_000))).isTrue();
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("options", "--cluster=blue -c statement_timeout=1500");
	}

	@Test
	void whenAProviderUrlIsResolvedThenTheDriverReadsTheSame() {
		DatabaseConnectionDetails details = engine()
			.resolve("postgresql://user:p%40s%2Bs+@[::1]:5433,replica/my%20d%2Fb"
					+ "?sslmode=require&connect_timeout=7&application_name=a%20%26%20b&target_session_attrs=read-write"
					+ "&keepalives=1&channel_binding=require&sslpassword=k%26y&options=-c%20geqo%3Doff");
		assertThat(details.url()).isEqualTo("jdbc:postgresql://[::1]:5433,replica:5432/my%20d%2Fb?sslmode=require"
				+ "&ApplicationName=a%20%26%20b&targetServerType=primary&tcpKeepAlive=true&channelBinding=require");
		assertThat(details.hosts()).containsExactly("[::1]:5433", "replica:5432");
		assertThat(details.database()).isEqualTo("my d/b");
		Properties read = org.postgresql.Driver.parseURL(details.url(), properties(details));
		assertThat(read).containsEntry("user", "user")
			.containsEntry("password", "p@s+s+")
			.containsEntry("PGHOST", "[::1],replica")
			.containsEntry("PGPORT", "5433,5432")
			.containsEntry("PGDBNAME", "my d/b")
			.containsEntry("sslmode", "require")
			.containsEntry("connectTimeout", "7")
			.containsEntry("ApplicationName", "a & b")
			.containsEntry("sslpassword", "k&y")
			.containsEntry("options", "-c geqo=off");
		read.stringPropertyNames().forEach((name) -> assertThat(PGProperty.forName(name)).as(name).isNotNull());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			jdbc:postgresql:orders                  | localhost:5432 | orders
			jdbc:postgresql:///orders               | localhost:5432 | orders
			jdbc:postgresql://h                     | h:5432         | -
			jdbc:postgresql://h/                    | h:5432         | -
			jdbc:postgresql://h1,h2:5/o%2Fr?a=b     | h1:5432,h2:5   | o/r
			jdbc:postgresql://u:p@[::1],[::2]:5/or  | [::1]:5432,[::2]:5 | or
			postgresql:///orders                    | localhost:5432 | orders
			""")
	void resolvesHostsAndDatabase(String url, String hosts, String database) {
		assertResolved(url, hosts, database);
	}

	@ParameterizedTest
	@CsvSource({ "any,any", "read-write,primary", "primary,primary", "read-only,secondary", "standby,secondary",
			"prefer-standby,preferSecondary" })
	void translatesTargetSessionAttributes(String value, String translated) {
		assertThat(engine().resolve("postgresql://h/db?target_session_attrs=" + value).url())
			.isEqualTo("jdbc:postgresql://h:5432/db?targetServerType=" + translated);
		assertThat(PGProperty.TARGET_SERVER_TYPE.getChoices()).contains(translated);
	}

	@Test
	void whenOptionsAreInAJdbcUrlThenStatementTimeoutCanJoinThem() {
		DatabaseConnectionDetails details = engine()
			.resolve("jdbc:postgresql://h/db?options=-c%20geqo=off&sslmode=require");
		assertThat(details.url()).isEqualTo("jdbc:postgresql://h/db?sslmode=require");
		assertThat(engine().getTimeoutProperties(details, Map.of(ServerTimeout.STATEMENT, Duration.ofSeconds(2))))
			.isEqualTo(Map.of("options", "-c geqo=off -c statement_timeout=2000"));
	}

	@Test
	void limitsAreWholeSecondsRoundedUp() {
		assertThat(engine().getConnectTimeoutProperties(Duration.ofMillis(1001)))
			.isEqualTo(Map.of("connectTimeout", "2", "loginTimeout", "2"));
		assertThat(engine().getConnectTimeoutProperties(Duration.ofSeconds(3)))
			.isEqualTo(Map.of("connectTimeout", "3", "loginTimeout", "3"));
		assertThat(PGProperty.CONNECT_TIMEOUT.getDescription()).contains("in seconds");
		assertThat(engine().getReadTimeoutProperties(Duration.ofMillis(1001))).isEqualTo(Map.of("socketTimeout", "2"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
							postgresql://u:marker@h1,h2:5 | names no database | Add the name of the database after the host, for example postgresql://h1:5432,h2:5/orders.
							postgresql://h/db?target_session_attrs=writer | has an unknown value of the parameter 'target_session_attrs': 'writer' | Use one of: any, prefer-standby, primary, read-only, read-write, standby.
							postgresql://u:marker@/db?host=/tmp | has the parameter 'host', which belongs in front of the '?' | Write it as postgresql://host:port/database. Unix domain sockets are not supported.
							jdbc:postgresql://u:marker@x@h/db | has an '@' other than the one that separates user and password from the hosts | %encode%
							jdbc:postgresql:/u:marker@h/db | has an '@', but no '//' in front of user and hosts | Write it as jdbc:postgresql://host/database, or '%40' for an '@' in the name of the database.
							jdbc:postgresql://u:marker/x@h/db | has an '@' other than the one that separates user and password from the hosts | %encode%
							jdbc:postgresql://u:marker?x@h/db | has an '@' other than the one that separates user and password from the hosts | %encode%
							jdbc:postgresql://u:12?x@h/db | has an '@' other than the one that separates user and password from the hosts | %encode%
					jdbc:postgresql://u:12;x@h/db | has an '@' other than the one that separates user and password from the hosts | %encode%
					jdbc:postgresql://u:marker?a=x@h/db | has an '@' other than the one that separates user and password from the hosts | %encode%
					postgresql://h/db?connect_timeout=1&connectTimeout=2 | has the parameter 'connectTimeout' twice, with different values | Remove one of the two.
					jdbc:postgresql://h/db?password=marker%zz | has the parameter 'password' with a '%' that is not followed by two hexadecimal digits | %encode%
							jdbc:postgresql://a:p@h1,b:p@h2/db | has two different users | Write user and password once, preferably as the keys 'username' and 'password'.
							""")
	void rejectsInvalidUrls(String url, String message, String action) {
		assertRejected(url, message, action.replace("%encode%", UrlParts.ENCODING_ACTION));
	}

	@Test
	void quotesTheNameOfADatabaseToCreate() {
		assertThat(engine().getCreateDatabaseStatement("a\"b")).isEqualTo("CREATE DATABASE \"a\"\"b\"");
		assertThat(maintenanceUrl("postgresql://h:1,g/orders?ssl=true"))
			.isEqualTo("jdbc:postgresql://h:1,g:5432/postgres?ssl=true");
	}

	@Test
	void createsDatabasesFromTheOneThatEveryServerHas() {
		assertThat(maintenanceUrl("jdbc:postgresql:orders?ssl=true")).isEqualTo("jdbc:postgresql:postgres?ssl=true");
		assertThat(maintenanceUrl("jdbc:postgresql://h/a%20b")).isEqualTo("jdbc:postgresql://h/postgres");
	}

	@Test
	void propertiesBecomeParametersOfTheUrlButForSecrets() {
		Properties properties = new Properties();
		properties.putAll(Map.of("user", "app", "password", MARKER, "sslpassword", MARKER, "sslmode", "disable",
				"options", "-c search_path=a&b"));
		assertThat(engine().addProperties("jdbc:postgresql://h/orders?sslmode=verify-full", properties))
			.isEqualTo("jdbc:postgresql://h/orders?sslmode=verify-full&options=-c%20search_path%3Da%26b");
		assertThat(engine().addProperties("jdbc:postgresql:orders", properties))
			.isEqualTo("jdbc:postgresql:orders?options=-c%20search_path%3Da%26b&sslmode=disable");
	}

}
