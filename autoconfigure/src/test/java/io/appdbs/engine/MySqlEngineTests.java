package io.appdbs.engine;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.conf.PropertyKey;
import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MySqlEngine}.
 */
class MySqlEngineTests extends JdbcEngineContractTests {

	@ParameterizedTest
	@ValueSource(strings = { "SET SESSION sql_mode = ''", "SET SESSION TRANSACTION READ ONLY", "SET ROLE x",
			"SELECT @n := 1", "select get_lock('x', 1)", "USE other", "LOCK TABLES t READ",
			"CREATE TEMPORARY TABLE t (id INT)", "CREATE OR REPLACE TEMPORARY TABLE t (id INT)",
			"# why\nSET NAMES utf8", "/*!40101 SET NAMES utf8 */", "/*M!100100 SET ROLE x */", "SELECT 1 INTO @n",
			"FLUSH TABLES WITH READ LOCK", "flush local tables t, u for export", "LOCK INSTANCE FOR BACKUP",
			"BACKUP STAGE START", "SET TRANSACTION READ ONLY", "set transaction isolation level serializable",
			"EXECUTE IMMEDIATE 'SET @n = 1'", "BEGIN", "START TRANSACTION READ WRITE", "XA START 'x'",
			"SELECT GET_LOCK ('x', 1)", "DO/**/get_lock/**/('x', 1)", "SELECT 1, 2 INTO @a, @b", "SELECT 1 INTO a, @b",
			"SET GLOBAL a = 1, @b = 2", "SET GLOBAL a = 1, SESSION b = 2", "CALL p(@a)", "{call p(@a)}",
			"LOAD DATA INFILE 'f' INTO TABLE t (@a, b)", "GET DIAGNOSTICS @a = NUMBER", "HANDLER t OPEN",
			"BEGIN NOT ATOMIC SET @n = 1; END", "BEGIN NOT ATOMIC SELECT 1; SET @n = 1; END",
			"IF 1 THEN SET @n = 1; END IF", "IF 0 THEN SELECT 1; ELSE PREPARE s FROM 'SELECT 1'; END IF",
			"a: LOOP SET @n = 1; LEAVE a; END LOOP", "SELECT 'it\\'s'; SET @n = 1", "SELECT \"it's\"; SET @n = 1",
			"SELECT '\\'; SET @n = 1 -- '", "SELECT `it's`; SET @n = 1", "SELECT 1; # '\nSET @n = 1",
			"/*!99999 ' */; SET @n = 1", "SELECT 5--1; SET @n = 1", "SELECT service_get_write_locks('a', 'b', 1)" })
	void statementsThatChangeTheSessionAreDetected(String sql) {
		assertThat(engine().isSessionChange(sql)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET GLOBAL max_connections = 5", "SET @@global.x = 1", "SET PERSIST_ONLY x = 1",
			"SET STATEMENT max_statement_time = 1 FOR SELECT 1", "SET DEFAULT ROLE ALL TO x", "FLUSH TABLES",
			"BEGIN NOT ATOMIC SELECT 1; END", "XA RECOVER", "SELECT 1 FROM t USE INDEX (i)",
			"SELECT @n, @@session.sql_mode", "SELECT 'a := b', \"into @x\", `get_lock(`", "-- SET @n = 1",
			"INSERT INTO t SELECT 1, @n", "CALL p(?)", "SELECT '\\'; x'", "SELECT JSON_EXTRACT(a, '$.@') FROM t",
			"SET DEFAULT ROLE a, b TO x", "IF 1 THEN SELECT 1; END IF" })
	void statementsThatDoNotChangeTheSessionAreNotDetected(String sql) {
		assertThat(engine().isSessionChange(sql)).isFalse();
	}

	@Test
	void everyPropertyOfTheDriverIsKnown() {
		DriverParameters parameters = engine().readParameters(null, null);
		assertThat(PropertyKey.values()).filteredOn((key) -> !key.getKeyName().startsWith("xdevapi."))
			.hasSizeGreaterThan(200)
			.allSatisfy((key) -> {
				assertThat(parameters.contains(key.getKeyName())).as(key.getKeyName()).isTrue();
				if (key.getCcAlias() != null) {
					assertThat(parameters.contains(key.getCcAlias())).as(key.getCcAlias()).isTrue();
				}
			});
	}

	@Override
	JdbcEngine engine() {
		return new MySqlEngine();
	}

	@Override
	List<String> plainUrls() {
		return List.of("jdbc:mysql://h/orders",
				"jdbc:mysql://h1:1,[::1]:2/orders?useSSL=false&connectionAttributes=a:b@c",
				"jdbc:mysql:loadbalance://h1,h2/orders", "jdbc:mysql://address=(host=h)(port=1)/orders",
				"jdbc:mysql://(host=h1,port=1),(host=h2,port=2)/orders");
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("jdbc:mysql://app:" + MARKER + "@h/orders", "jdbc:mysql://h/orders?user=app&password=" + MARKER,
				"jdbc:mysql://app:" + MARKER + "@h1,app:" + MARKER + "@h2:5/orders?useSSL=true",
				"mysql://app:Marker%2D9f3a@h/orders?ssl-mode=REQUIRED");
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("trustCertificateKeyStorePassword",
				"jdbc:mysql://h/orders?trustCertificateKeyStorePassword=" + MARKER, "clientCertificateKeyStorePassword",
				"mysql://h/orders?clientCertificateKeyStorePassword=" + MARKER, "password2",
				"jdbc:mysql://h/orders?password2=" + MARKER);
	}

	@Override
	Map<String, String> otherStatementProperties() {
		return Map.of("sessionVariables", "sql_mode='ANSI,TRADITIONAL'");
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("sessionVariables", "sql_mode='ANSI,TRADITIONAL',max_execution_time=1500");
	}

	@Test
	void whenAProviderUrlIsResolvedThenTheDriverReadsTheSame() {
		DatabaseConnectionDetails details = engine()
			.resolve("mysql://user:p%40ss@[::1]:3307/my%20d%26b?ssl-mode=verify_ca"
					+ "&connectionAttributes=a%3Ax%20%26%20y&trustCertificateKeyStorePassword=k%26y");
		assertThat(details.url()).isEqualTo(
				"jdbc:mysql://[::1]:3307/my%20d%26b?sslMode=VERIFY_CA" + "&connectionAttributes=a%3Ax%20%26%20y");
		HostInfo read = ConnectionUrl.getConnectionUrlInstance(details.url(), properties(details)).getMainHost();
		assertThat(read.getHost()).isEqualTo("[::1]");
		assertThat(read.getPort()).isEqualTo(3307);
		assertThat(read.getDatabase()).isEqualTo("my d&b").isEqualTo(details.database());
		assertThat(read.getUser()).isEqualTo("user");
		assertThat(read.getPassword()).isEqualTo("p@ss");
		assertThat(read.getHostProperties()).containsEntry("sslMode", "VERIFY_CA")
			.containsEntry("connectionAttributes", "a:x & y")
			.containsEntry("trustCertificateKeyStorePassword", "k&y");
	}

	@Test
	void whenSeveralHostsAreGivenThenTheDriverReadsThemAll() {
		DatabaseConnectionDetails details = engine().resolve("mysql://h1,h2:3307/orders");
		assertThat(details.hosts()).containsExactly("h1:3306", "h2:3307");
		assertThat(ConnectionUrl.getConnectionUrlInstance(details.url(), properties(details)).getHostsList())
			.extracting(HostInfo::getHostPortPair)
			.containsExactly("h1:3306", "h2:3307");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			jdbc:mysql://h                                 | h:3306        | -
			jdbc:mysql:///orders                           | localhost:3306 | orders
			jdbc:mysql:replication://h1,h2:5/orders        | h1:3306,h2:5  | orders
			jdbc:mysql://address=(host=h)(port=1)/orders   | h:1           | orders
			jdbc:mysql://address=(protocol=pipe)/orders    | localhost:3306 | orders
			jdbc:mysql://(host=h1,port=1),(host=h2)/orders | h1:1,h2:3306  | orders
			""")
	void resolvesHostsAndDatabase(String url, String hosts, String database) {
		assertResolved(url, hosts, database);
	}

	@Test
	void whenSessionVariablesAreInAUrlThenStatementTimeoutCanJoinThem() {
		DatabaseConnectionDetails details = engine()
			.resolve("jdbc:mysql://h/db?SESSIONVARIABLES=sql_mode%3D'ANSI'&useSSL=true");
		assertThat(details.url()).isEqualTo("jdbc:mysql://h/db?useSSL=true");
		assertThat(engine().getTimeoutProperties(details, Map.of(ServerTimeout.STATEMENT, Duration.ofSeconds(2))))
			.isEqualTo(Map.of("sessionVariables", "sql_mode='ANSI',max_execution_time=2000"));
	}

	@Test
	void namesLimitsAsTheDriverDoes() {
		assertThat(engine().getConnectTimeoutProperties(Duration.ofSeconds(2)))
			.isEqualTo(Map.of(PropertyKey.connectTimeout.getKeyName(), "2000"));
		assertThat(PropertyKey.sessionVariables.getKeyName()).isEqualTo("sessionVariables");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					mysql://u:marker@h | names no database | Add the name of the database after the host, for example mysql://h:3306/orders.
					mysql://h/db?ssl-mode=on | has an unknown value of the parameter 'ssl-mode': 'ON' | Use one of: DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY.
					jdbc:mysql://(host=h,user=u,password=marker)/db | has a user or a password within the address of a host | Set 'username' and 'password' as separate keys instead.
					jdbc:mysql://address=(host=h)(password=marker)/db | has a user or a password within the address of a host | Set 'username' and 'password' as separate keys instead.
					""")
	void rejectsInvalidUrls(String url, String message, String action) {
		assertRejected(url, message, action);
	}

	@Test
	void quotesTheNameOfADatabaseToCreate() {
		assertThat(engine().getCreateDatabaseStatement("a`b")).isEqualTo("CREATE DATABASE `a``b`");
		assertThat(engine().getCreateDatabaseGrant("a_b", "app")).isEqualTo("GRANT ALL ON `a\\_b`.* TO app");
	}

	@Test
	void createsDatabasesWithoutBeingConnectedToOne() {
		assertThat(maintenanceUrl("mysql://h/orders?useSSL=false")).isEqualTo("jdbc:mysql://h:3306/?useSSL=false");
		assertThat(maintenanceUrl("jdbc:mysql://address=(host=h)(port=1)/orders"))
			.isEqualTo("jdbc:mysql://address=(host=h)(port=1)/");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1820, 1862, 3118, 3955, 4150, 4151 })
	void aLockedOrExpiredLoginIsRefused(int code) {
		FailureReason reason = engine().classify(new SQLException("Access denied", "HY000", code));
		assertThat(reason).isEqualTo(FailureReason.LOGIN_LOCKED);
		assertThat(reason.isLoginRefused()).isTrue();
		assertThat(reason.isPermanent()).isTrue();
	}

	@Test
	void aLoginWithoutFreeConnectionsIsReported() {
		assertThat(engine().classify(new SQLException(
				"User 'a' has exceeded the 'max_user_connections' resource (current value: 3)", "42000", 1226)))
			.isEqualTo(FailureReason.TOO_MANY_CONNECTIONS);
		assertThat(engine().classify(new SQLException(
				"User 'a' has exceeded the 'max_connections_per_hour' resource (current value: 3)", "42000", 1226)))
			.isEqualTo(FailureReason.OTHER);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1129, 1130 })
	void aHostThatIsBlockedOrUnknownIsNotAdmitted(int code) {
		assertThat(engine().classify(new SQLException("Host 'a' is not allowed", "HY000", code)))
			.isEqualTo(FailureReason.NOT_ADMITTED);
	}

	@Test
	void onlyUrlsWithSeveralServersOrAModeLimitRetries() {
		assertThat(defaults("mysql://h/orders")).isEmpty();
		assertThat(defaults("mysql://h,i/orders")).containsExactly(Map.entry("retriesAllDown", "4"));
		assertThat(defaults("jdbc:mysql:loadbalance://h/orders")).containsExactly(Map.entry("retriesAllDown", "2"));
	}

	private static Map<String, String> defaults(String url) {
		return new MySqlEngine().getDefaultProperties(new MySqlEngine().resolve(url));
	}

	@Test
	void whenTheServerIsAMariaDbThenItIsRecognized() throws Exception {
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			DatabaseConnectionDetails details = engine()
				.resolve(servers.getUrl("embedded:mariadb", "version").replaceFirst("^mariadb:", "mysql:"));
			try (Connection connection = DriverManager.getConnection(details.url(), details.username(), "")) {
				assertThat(connection.getMetaData().getDriverName()).startsWith("MySQL");
				String version = engine().readServerVersion(connection);
				assertThat(version).startsWith("MariaDB 11.");
				assertThat(Engines.load(null).identify(engine(), version).getId()).isEqualTo("mariadb");
			}
		}
	}

}
