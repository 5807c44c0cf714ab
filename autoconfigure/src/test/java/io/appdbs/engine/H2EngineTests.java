package io.appdbs.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.h2.command.dml.SetTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link H2Engine}.
 */
class H2EngineTests extends JdbcEngineContractTests {

	@Test
	void settingsOfTheDriverAreKnown() {
		DriverParameters parameters = engine().readParameters(null, null);
		assertThat(SetTypes.getTypes()).hasSizeGreaterThan(40).allMatch(parameters::contains);
		assertThat(List.of("ifexists", "DB_CLOSE_DELAY", "DATABASE_TO_UPPER", "INIT", "AUTO_SERVER"))
			.allMatch(parameters::contains);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET @a = 1", "SELECT @a := 1", "SET SCHEMA a", "SET LOCK_TIMEOUT 1", "USE a",
			"CREATE LOCAL TEMPORARY TABLE t (id INT)", "CREATE CACHED LOCAL TEMPORARY TABLE t (id INT)",
			"DECLARE LOCAL TEMPORARY TABLE t (id INT)", "EXECUTE IMMEDIATE 'SET @a = 1'", "PREPARE p AS SELECT 1",
			"SELECT $$it's$$; // '\n SET @a = 1", "SELECT 1; /* /* */ */ SET @a = 1", "SELECT '\\'; SET @a = 1",
			"RUNSCRIPT FROM 'a'", "BEGIN", "create local temporary table t (id int)",
			"CREATE MEMORY LOCAL TEMPORARY TABLE t (id INT)", "select 1; create local temp table t (id int)" })
	void statementsThatChangeTheSessionAreDetected(String sql) {
		assertThat(engine().isSessionChange(sql)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE GLOBAL TEMPORARY TABLE t (id INT)", "CREATE TEMPORARY TABLE t (id INT)",
			"SELECT @a", "SELECT CAST(a AS INT), a::INT FROM t", "PREPARE COMMIT a", "CALL f(1)", "SELECT 'a := 1'",
			"create global temporary table HTE_item (id int) transactional", "create temp table t (id int)",
			"create cached global temporary table t (id int)", "drop table HTE_item" })
	void statementsThatDoNotChangeTheSessionAreNotDetected(String sql) {
		assertThat(engine().isSessionChange(sql)).isFalse();
	}

	@Override
	JdbcEngine engine() {
		return new H2Engine();
	}

	@Override
	List<String> plainUrls() {
		return List.of("jdbc:h2:mem:orders", "jdbc:h2:mem:orders;MODE=MySQL;INIT=CREATE SCHEMA a\\;SET SCHEMA a",
				"jdbc:h2:~/a@b", "jdbc:h2:tcp://h:1/~/orders;DB_CLOSE_DELAY=-1");
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("jdbc:h2:mem:orders;USER=app;PASSWORD=" + MARKER,
				"jdbc:h2:mem:orders;MODE=MySQL;password=" + MARKER + ";user=app;INIT=SET SCHEMA a\\;SET SCHEMA b");
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("TRACE_TOKEN", "jdbc:h2:mem:orders;TRACE_TOKEN=" + MARKER);
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("QUERY_TIMEOUT", "1500");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			jdbc:h2:mem:orders;MODE=MySQL | -       | orders
			jdbc:h2:mem:                  | -       | -
			jdbc:h2:file:/data/orders     | -       | /data/orders
			jdbc:h2:~/orders              | -       | ~/orders
			jdbc:h2:C:/orders             | -       | C:/orders
			jdbc:h2:tcp://h:1,i/~/orders  | h:1,i   | ~/orders
			jdbc:h2:ssl://h/mem:orders    | h       | orders
			""")
	void resolvesHostsAndDatabase(String url, String hosts, String database) {
		assertResolved(url, hosts, database);
	}

	@Test
	void whenCredentialsAreTakenOutThenTheDriverStillConnectsWithThem() throws Exception {
		DatabaseConnectionDetails details = engine()
			.resolve("jdbc:h2:mem:credentials;USER=app;PASSWORD=" + MARKER + "\\;x;DB_CLOSE_DELAY=-1");
		assertThat(details.password()).isEqualTo(MARKER + ";x");
		try (Connection connection = driver().connect(details.url(), properties(details))) {
			assertThat(connection.getMetaData().getUserName()).isEqualTo("APP");
			Properties wrong = properties(details);
			wrong.setProperty("password", "wrong");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> driver().connect(details.url(), wrong).close());
		}
	}

	@Test
	void whenAStatementTakesLongerThanTheLimitThenTheServerCancelsIt() throws Exception {
		DatabaseConnectionDetails details = engine().resolve("jdbc:h2:mem:limit;QUERY_TIMEOUT=60000");
		Properties properties = properties(details);
		properties
			.putAll(engine().getTimeoutProperties(details, Map.of(ServerTimeout.STATEMENT, Duration.ofMillis(100))));
		try (Connection connection = driver().connect(details.url(), properties);
				Statement statement = connection.createStatement()) {
			try (ResultSet limit = statement.executeQuery(
					"SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'QUERY_TIMEOUT'")) {
				limit.next();
				assertThat(limit.getString(1)).isEqualTo("100");
			}
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.executeQuery(
					"SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.X = b.X + 1"
							+ " AND MOD(a.X * b.X, 7) = 8"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57014"));
		}
	}

	@Test
	void whenAConnectionIsReadOnlyThenH2WritesNevertheless() throws Exception {
		assertThat(engine().isReadOnlyEnforced()).isFalse();
		try (Connection connection = driver().connect("jdbc:h2:mem:readonly", new Properties());
				Statement statement = connection.createStatement()) {
			connection.setReadOnly(true);
			statement.execute("CREATE TABLE a (b INT)");
			assertThat(statement.executeUpdate("INSERT INTO a VALUES (1)")).isOne();
		}
	}

	@Test
	void propertiesBecomeParametersOfTheUrlButForSecrets() {
		Properties properties = new Properties();
		properties.putAll(Map.of("user", "app", "password", MARKER, "TRACE_TOKEN", MARKER, "MODE", "Oracle", "INIT",
				"SET SCHEMA a;SET SCHEMA \\b"));
		assertThat(engine().addProperties("jdbc:h2:mem:orders;mode=MySQL", properties))
			.isEqualTo("jdbc:h2:mem:orders;mode=MySQL;INIT=SET SCHEMA a\\;SET SCHEMA \\\\b");
	}

	@Test
	void connectingCreatesTheDatabase() {
		assertThat(engine().getCreateDatabaseStatement("orders")).isNull();
	}

}
