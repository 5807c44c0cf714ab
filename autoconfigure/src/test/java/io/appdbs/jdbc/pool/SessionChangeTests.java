package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.SeparateThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a borrower leaves behind in the session of the server is not met by the next one.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionChangeTests {

	private static final String POSTGRESQL_SESSION = """
			SELECT current_setting('search_path') || current_setting('statement_timeout') || current_user
			|| coalesce(current_setting('app.note', true), '')
			|| current_setting('application_name')
			|| (SELECT count(*) FROM pg_listening_channels())
			|| (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
			|| (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema())
			|| (SELECT count(*) FROM pg_prepared_statements WHERE name = 'note')
			|| (SELECT count(*) FROM pg_cursors WHERE is_holdable)""";

	private static final String MARIADB_SESSION = """
			SELECT concat(@@sql_mode, @@lock_wait_timeout, coalesce(@note, ''), coalesce(is_used_lock('note'), ''),
			database())""";

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static int databases;

	@ParameterizedTest
	@ValueSource(strings = { "SET search_path TO pg_catalog", "set session statement_timeout = 12345",
			"  -- why\n /* and\nhow */ SET ROLE pg_monitor", "SELECT 1; SET app.note TO 'left'",
			"SELECT set_config('app.note', 'left', false)", "LISTEN note", "SELECT pg_advisory_lock(7)",
			"CREATE TEMP TABLE note (id INT)", "PREPARE note AS SELECT 1",
			"BEGIN; DECLARE note CURSOR WITH HOLD FOR SELECT 1; COMMIT", "RESET application_name" })
	void whenTheSessionOfPostgreSqlWasChangedThenTheNextBorrowerHasAnother(String sql) {
		runner(newDatabase("postgresql"))
			.run((context) -> assertReplaced(dataSource(context), sql, POSTGRESQL_SESSION));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET SESSION sql_mode = 'ANSI'", "set lock_wait_timeout = 7", "SET @note = 'left'",
			"SELECT @note := 'left'", "SELECT GET_LOCK('note', 1)", "USE mysql" })
	void whenTheSessionOfMariaDbWasChangedThenTheNextBorrowerHasAnother(String sql) {
		runner(newDatabase("mariadb")).run((context) -> assertReplaced(dataSource(context), sql, MARIADB_SESSION));
	}

	private static void assertReplaced(DataSource dataSource, String sql, String session) throws SQLException {
		JdbcTemplate template = new JdbcTemplate(dataSource);
		String before = template.queryForObject(session, String.class);
		for (boolean prepared : new boolean[] { false, true }) {
			try (Connection connection = dataSource.getConnection()) {
				execute(connection, sql, prepared);
				assertThat(query(connection, session)).as("prepared: " + prepared).isNotEqualTo(before);
			}
			assertThat(template.queryForObject(session, String.class)).as("prepared: " + prepared).isEqualTo(before);
		}
	}

	private static void execute(Connection connection, String sql, boolean prepared) throws SQLException {
		try (Statement statement = prepared ? connection.prepareStatement(sql) : connection.createStatement()) {
			if (statement instanceof PreparedStatement preparedStatement) {
				preparedStatement.execute();
			}
			else {
				statement.execute(sql);
			}
		}
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet resultSet = statement.executeQuery(sql)) {
			resultSet.next();
			return resultSet.getString(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "postgresql, BEGIN", "postgresql, START TRANSACTION ISOLATION LEVEL SERIALIZABLE", "mariadb, BEGIN",
			"mariadb, START TRANSACTION" })
	void whenABorrowerLeavesATransactionThatBeganInSqlThenTheNextOneIsNotInIt(String engine, String begin) {
		runner(newDatabase(engine)).run((context) -> {
			DataSource dataSource = dataSource(context);
			JdbcTemplate template = new JdbcTemplate(dataSource);
			template.execute("CREATE TABLE item (id INT PRIMARY KEY)");
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute(begin);
				statement.execute("INSERT INTO item VALUES (1)");
			}
			template.update("INSERT INTO item VALUES (2)");
			dataSource.unwrap(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
			assertThat(template.queryForList("SELECT id FROM item", Integer.class)).containsExactly(2);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "RESET ALL", "DISCARD ALL", "RESET default_transaction_read_only",
			"SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "BEGIN READ WRITE" })
	void whenABorrowerOfPostgreSqlGetsAroundReadingOnlyThenTheNextOneDoesNot(String sql) {
		assertReadOnlyAgain(newDatabase("postgresql"), sql);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET TRANSACTION READ WRITE", "SET SESSION TRANSACTION READ WRITE",
			"START TRANSACTION READ WRITE", "EXECUTE IMMEDIATE 'SET SESSION TRANSACTION READ WRITE'" })
	void whenABorrowerOfMariaDbGetsAroundReadingOnlyThenTheNextOneDoesNot(String sql) {
		assertReadOnlyAgain(newDatabase("mariadb"), sql);
	}

	private static void assertReadOnlyAgain(String url, String sql) {
		runner(url)
			.run((context) -> new JdbcTemplate(dataSource(context)).execute("CREATE TABLE item (id INT PRIMARY KEY)"));
		runner(url).withPropertyValues("app.dbs.orders.read-only=true").run((context) -> {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			template.execute(sql);
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> template.update("INSERT INTO item VALUES (1)"))
				.havingRootCause()
				.withMessageContaining("transaction");
			assertThat(template.queryForObject("SELECT count(*) FROM item", Integer.class)).isZero();
		});
	}

	@Test
	void whenABatchChangesTheSessionThenTheConnectionIsReplaced() {
		runner(newDatabase("postgresql")).run((context) -> {
			JdbcTemplate template = new JdbcTemplate(dataSource(context));
			template.batchUpdate("SET LOCAL app.note TO 'left'", "SET app.note TO 'left'");
			assertThat(template.queryForObject("SELECT coalesce(current_setting('app.note', true), '')", String.class))
				.isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET LOCAL search_path TO pg_catalog", "SET TRANSACTION READ ONLY",
			"SET CONSTRAINTS ALL DEFERRED", "SELECT set_config('app.note', 'left', true)",
			"SELECT pg_advisory_xact_lock(7)", "CREATE TEMP TABLE note (id INT) ON COMMIT DROP",
			"SELECT 'SET' AS offset" })
	void whenItEndsWithTheTransactionThenTheConnectionStays(String sql) {
		runner(newDatabase("postgresql")).run((context) -> {
			JdbcTemplate template = new JdbcTemplate(dataSource(context));
			Integer process = process(template);
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			transaction.executeWithoutResult((status) -> template.execute(sql));
			assertThat(process(template)).isEqualTo(process);
		});
	}

	@ParameterizedTest
	@CsvSource({ "postgresql, true", "postgresql, false", "mariadb, true", "mariadb, false" })
	void whatASetterHasSetIsRestoredOnTheSameConnection(String engine, boolean autoCommit) {
		boolean postgreSql = engine.equals("postgresql");
		String session = postgreSql
				? "SELECT concat(current_setting('search_path'), current_setting('application_name'))"
				: "SELECT database()";
		String process = postgreSql ? "SELECT pg_backend_pid()" : "SELECT connection_id()";
		runner(newDatabase(engine)).withPropertyValues("app.dbs.orders.hikari.auto-commit=" + autoCommit)
			.run((context) -> {
				JdbcTemplate template = new JdbcTemplate(dataSource(context));
				String before = template.queryForObject(session, String.class);
				List<Integer> processes = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					try (Connection connection = dataSource(context).getConnection()) {
						connection.setSchema("pg_catalog");
						connection.setCatalog("mysql");
						if (postgreSql) {
							connection.setClientInfo("ApplicationName", "left");
						}
						assertThat(query(connection, session)).isNotEqualTo(before);
						if (!autoCommit && i % 2 == 0) {
							connection.commit();
						}
					}
					assertThat(template.queryForObject(session, String.class)).isEqualTo(before);
					processes.add(template.queryForObject(process, Integer.class));
				}
				assertThat(processes).as("replaced the first time only").containsOnly(processes.get(0));
			});
	}

	@Test
	void whenAQueryValidatesConnectionsThenCallersAreNotInItsTransaction() {
		runner(newDatabase("postgresql"))
			.withPropertyValues("app.dbs.orders.hikari.auto-commit=false",
					"app.dbs.orders.hikari.connection-test-query=SELECT 1")
			.run((context) -> {
				DataSource dataSource = dataSource(context);
				new JdbcTemplate(dataSource).execute("SELECT 1");
				long begin = System.nanoTime();
				// those that were used a moment ago are not validated
				Awaitility.await().until(() -> System.nanoTime() - begin > Duration.ofSeconds(1).toNanos());
				try (Connection connection = dataSource.getConnection()) {
					connection.setReadOnly(true);
					assertThat(query(connection, "SHOW transaction_read_only")).isEqualTo("on");
				}
			});
	}

	@Test
	void whenTheSearchPathHasSeveralSchemasThenAllAreRestored() {
		runner(newDatabase("postgresql"))
			.withPropertyValues("app.dbs.orders.hikari.connection-init-sql=SET search_path TO a, \"B c\", public")
			.run((context) -> {
				JdbcTemplate template = new JdbcTemplate(dataSource(context));
				for (int i = 0; i < 3; i++) {
					try (Connection connection = dataSource(context).getConnection()) {
						connection.setSchema("pg_catalog");
					}
					assertThat(template.queryForObject("SHOW search_path", String.class))
						.isEqualTo("a, \"B c\", public");
				}
			});
	}

	@Test
	void aRollbackDoesNotResetAConfiguredSchema() {
		runner(newDatabase("postgresql"))
			.withPropertyValues("app.dbs.orders.hikari.schema=app", "app.dbs.orders.hikari.auto-commit=false",
					"app.dbs.orders.hikari.connection-init-sql=SET app.note TO 'initial'")
			.run((context) -> {
				String session = "SELECT concat(current_setting('search_path'), current_setting('app.note'))";
				for (int i = 0; i < 3; i++) {
					try (Connection connection = dataSource(context).getConnection()) {
						assertThat(query(connection, session)).isEqualTo("appinitial");
						connection.setSchema("other");
						connection.commit();
						connection.setSchema("app");
						connection.rollback();
						assertThat(query(connection, session)).isEqualTo("otherinitial");
					}
				}
			});
	}

	@Test
	void whenThePoolCannotResetAConnectionThenItIsReplaced() {
		runner(newDatabase("postgresql")).run((context) -> {
			for (int i = 0; i < 3; i++) {
				Connection connection = dataSource(context).getConnection();
				assertThat(connection.getAutoCommit()).isTrue();
				assertThat(connection.isReadOnly()).isFalse();
				connection.setReadOnly(true);
				connection.setAutoCommit(false);
				connection.setSchema("other");
				assertThatExceptionOfType(SQLException.class).isThrownBy(connection::close)
					.withMessageContaining("in the middle of a transaction");
			}
		});
	}

	@Test
	void whenASetterOfTheDriverWasUsedThenTheNextBorrowerHasAnotherConnection(CapturedOutput output) {
		runner(newDatabase("postgresql")).run((context) -> {
			for (int i = 0; i < 3; i++) {
				try (Connection connection = dataSource(context).getConnection()) {
					PGConnection driver = connection.unwrap(PGConnection.class);
					assertThat(driver.getDefaultFetchSize()).isZero();
					driver.setDefaultFetchSize(7);
				}
			}
			assertThat(output).contains("(PGConnection.setDefaultFetchSize)");
		});
	}

	@Test
	void readingFromTheUnwrappedDriverKeepsTheConnection() {
		runner(newDatabase("postgresql")).run((context) -> {
			JdbcTemplate template = new JdbcTemplate(dataSource(context));
			Integer process = process(template);
			try (Connection connection = dataSource(context).getConnection()) {
				assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isEqualTo(process);
				assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
				assertThat(connection.unwrap(PGConnection.class).getCopyAPI()).isNotNull();
			}
			assertThat(process(template)).isEqualTo(process);
		});
	}

	@Test
	void whenSpringEnforcesReadOnlyThenTheConnectionIsReused() {
		runner(newDatabase("postgresql")).run((context) -> {
			JdbcTemplate template = new JdbcTemplate(dataSource(context));
			Integer process = process(template);
			JdbcTransactionManager manager = new JdbcTransactionManager(dataSource(context));
			manager.setEnforceReadOnly(true);
			TransactionTemplate transaction = new TransactionTemplate(manager);
			transaction.setReadOnly(true);
			transaction.setIsolationLevel(TransactionTemplate.ISOLATION_SERIALIZABLE);
			assertThat(transaction
				.<String>execute((status) -> template.queryForObject("SHOW transaction_read_only", String.class)))
				.isEqualTo("on");
			assertThat(process(template)).isEqualTo(process);
		});
	}

	@Test
	void whenThePoolInitializesItsConnectionsThenTheyAreReused() {
		runner(newDatabase("postgresql"))
			.withPropertyValues("app.dbs.orders.hikari.connection-init-sql=SET app.note TO 'initial'")
			.run((context) -> {
				JdbcTemplate template = new JdbcTemplate(dataSource(context));
				Integer process = process(template);
				assertThat(process(template)).isEqualTo(process);
				template.execute("SET app.note TO 'left'");
				assertThat(template.queryForObject("SHOW app.note", String.class)).isEqualTo("initial");
			});
	}

	@Test
	void whenChangedSessionsAreKeptThenTheNextCallerGetsTheSame(CapturedOutput output) {
		runner(newDatabase("postgresql")).withPropertyValues("app.dbs.orders.pool.on-session-change=keep")
			.run((context) -> {
				JdbcTemplate template = new JdbcTemplate(dataSource(context));
				template.execute("SET app.note TO 'left'");
				assertThat(template.queryForObject("SHOW app.note", String.class)).isEqualTo("left");
				try (Connection connection = dataSource(context).getConnection()) {
					connection.setSchema("other");
				}
				assertThat(template.queryForObject("SHOW search_path", String.class)).isEqualTo("other");
				assertThat(output).doesNotContain("changed session state");
			});
	}

	@Test
	void aChangeIsLoggedOnceAndWithoutValues(CapturedOutput output) {
		runner(newDatabase("postgresql")).run((context) -> {
			JdbcTemplate template = new JdbcTemplate(dataSource(context));
			template.execute("/* s3cr3t */ -- s3cr3t\n SET app.note TO 's3cr3t'");
			template.execute("SET app.note TO 's3cr3t'");
			assertThat(output.getOut().split("changed session state", -1)).hasSize(2);
			assertThat(output).contains(
					"Database 'orders': a statement or method (SET app.note ...) changed session state; the connection is replaced instead of reused. Further cases are not logged. Change session state for a transaction only, or set 'app.dbs.orders.pool.on-session-change' to 'keep'.")
				.doesNotContain("s3cr3t");
		});
	}

	@Test
	void whenSomeOfManyCallersChangeTheirSessionThenNoCallerGetsAChangedOne() {
		runner(newDatabase("postgresql")).withPropertyValues("app.dbs.orders.pool.max-size=4").run((context) -> {
			List<CompletableFuture<Void>> borrowers = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				Random random = new Random(i);
				borrowers.add(SeparateThread.run(() -> borrow(dataSource(context), random, 250)));
			}
			CompletableFuture.allOf(borrowers.toArray(CompletableFuture[]::new)).join();
			HikariDataSource pool = dataSource(context).unwrap(HikariDataSource.class);
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(4);
		});
	}

	private static void borrow(DataSource dataSource, Random random, int times) {
		for (int i = 0; i < times; i++) {
			try (Connection connection = dataSource.getConnection()) {
				assertThat(query(connection, "SELECT coalesce(current_setting('app.note', true), '')")).isEmpty();
				if (random.nextInt(20) == 0) {
					execute(connection, "SET app.note TO 'left'", random.nextBoolean());
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private static Integer process(JdbcTemplate template) {
		return template.queryForObject("SELECT pg_backend_pid()", Integer.class);
	}

	private static String newDatabase(String engine) {
		return servers.getUrl("embedded:" + engine, "orders" + ++databases);
	}

	private static ApplicationContextRunner runner(String url) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.pool.max-size=1");
	}

	private static DataSource dataSource(ApplicationContext context) {
		return context.getBean("ordersDataSource", DataSource.class);
	}

}
