package io.appdbs.query;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.query.jdbc.QueryLogDataSource;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the query log of relational databases.
 */
@ExtendWith(OutputCaptureExtension.class)
class QueryLogTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static int tables;

	@AutoClose
	private final LoggedQueries logged = new LoggedQueries();

	private final String table = "item" + ++tables;

	@Test
	void valuesOfMaskedColumnsAreNotLogged() {
		runner("postgresql", "app.dbs.orders.query-log=true", "app.dbs.orders.query-log-parameters=true",
				"app.dbs.orders.slow-query-threshold=1ms", "app.dbs.orders.query-log-masked=iban, orders.pin")
			.run((context) -> {
				JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				template.execute("create table %s (id int, iban text, pin int)".formatted(this.table));
				this.logged.take();
				template.batchUpdate("insert into %s (id, iban, pin) values (?, ?, ?)".formatted(this.table),
						List.of(new Object[] { 1, "DE1", 4711 }, new Object[] { 2, "DE2", 4711 }));
				template.queryForList("select id from %s where iban = ? and id = ? and pg_sleep(0.01) is not null"
					.formatted(this.table), "DE1", 1);
				template.update("update %s set iban = 'DE3' where pin = 4711 and id = 2".formatted(this.table));
				List<String> lines = this.logged.take();
				assertThat(lines).filteredOn((line) -> line.contains(" query.orders ")).hasSize(3);
				assertThat(lines).filteredOn((line) -> line.contains("slow-query.orders")).isNotEmpty();
				assertThat(lines).noneMatch((line) -> line.contains("DE") || line.contains("4711"));
				assertThat(lines.get(0)).contains("batch=2 ")
					.endsWith(" parameters=[1, ******, ******][2, ******, ******]");
				assertThat(lines).anyMatch((line) -> line.endsWith(" parameters=[******, 1]"))
					.anyMatch((line) -> line.endsWith("set iban = '******' where pin = ****** and id = 2"));
			});
	}

	@Test
	void whenNoLogIsEnabledThenNothingIsWrappedOrLogged() {
		runner("postgresql").run((context) -> {
			create(context);
			assertThat(dataSource(context).getClass().getSimpleName()).isEqualTo("FailFastDataSource");
			try (Connection connection = dataSource(context).getConnection();
					Statement statement = connection.createStatement()) {
				assertThat(connection.getClass().getPackageName()).isEqualTo("com.zaxxer.hikari.pool");
				assertThat(statement.getClass().getPackageName()).isEqualTo("com.zaxxer.hikari.pool");
			}
			assertThat(queryLog(context)).isNull();
			assertThat(this.logged.take()).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void eachStatementIsLoggedInOneLineWithoutValues(String engine) {
		runner(engine, "app.dbs.orders.query-log=true").run((context) -> {
			create(context);
			JdbcTemplate template = template(context);
			template.update("insert into %s values (?, ?)".formatted(this.table), 1, "s3cr3t");
			template.batchUpdate("insert into %s values (?, ?)".formatted(this.table),
					List.of(new Object[] { 2, "s3cr3t" }, new Object[] { 3, "s3cr3t" }));
			JdbcClient client = context.getBean("ordersJdbcClient", JdbcClient.class);
			assertThat(client.sql("""
					select id
					  from %s
					 where name = :name
					""".formatted(this.table)).param("name", "s3cr3t").query(Integer.class).list()).hasSize(3);
			template.update("delete from " + this.table);
			assertThat(this.logged.take()).containsExactly(
					"INFO query.orders duration=* query=create table %s (id int primary key, name varchar(20))"
						.formatted(this.table),
					"INFO query.orders duration=* query=insert into %s values (?, ?)".formatted(this.table),
					"INFO query.orders duration=* batch=2 query=insert into %s values (?, ?)".formatted(this.table),
					"INFO query.orders duration=* query=select id from %s where name = ?".formatted(this.table),
					"INFO query.orders duration=* query=delete from %s".formatted(this.table));
		});
	}

	@Test
	void theLogAppearsOnTheConsoleByDefault(CapturedOutput output) {
		runner("postgresql", "app.dbs.orders.query-log=true").run((context) -> {
			template(context).queryForList("select 42 as answer");
			assertThat(output.getAll().lines().filter((line) -> line.contains("select 42 as answer"))).singleElement()
				.asString()
				.containsPattern("INFO  \\[main] .*query\\.orders - duration=\\d+\\.\\d{3}ms query=select 42");
		});
	}

	@Test
	void theLevelOfTheLoggerDisablesTheLog() {
		runner("postgresql", "app.dbs.orders.query-log=true").run((context) -> {
			Logger logger = (Logger) LoggerFactory.getLogger("io.appdbs.query.orders");
			logger.setLevel(Level.WARN);
			try {
				template(context).queryForList("select 1");
			}
			finally {
				logger.setLevel(null);
			}
			assertThat(this.logged.take()).isEmpty();
			template(context).queryForList("select 1");
			assertThat(this.logged.take()).hasSize(1);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void whenParametersAreEnabledThenTheyAreLogged(String engine) {
		runner(engine, "app.dbs.orders.query-log=true", "app.dbs.orders.query-log-parameters=true").run((context) -> {
			create(context);
			this.logged.take();
			String insert = "insert into %s (name, id) values (?, ?)".formatted(this.table);
			try (Connection connection = dataSource(context).getConnection();
					PreparedStatement statement = connection.prepareStatement(insert)) {
				statement.setInt(2, 1);
				statement.setString(1, "two\nlines");
				statement.executeUpdate();
				statement.setInt(2, 2);
				statement.setNull(1, Types.VARCHAR);
				statement.addBatch();
				statement.setInt(2, 3);
				statement.setBytes(1, new byte[] { 65, 66 });
				statement.addBatch();
				catchThrowable(statement::executeBatch);
				statement.setInt(2, 4);
				statement.setCharacterStream(1, new StringReader("s3cr3t"), 6);
				statement.executeUpdate();
			}
			List<String> lines = this.logged.take();
			assertThat(lines).hasSize(3).noneMatch((line) -> line.contains("s3cr3t"));
			assertThat(lines.get(0))
				.isEqualTo("INFO query.orders duration=* query=%s parameters=['two lines', 1]".formatted(insert));
			assertThat(lines.get(1)).contains(" batch=2 ").endsWith(" parameters=[null, 2][byte[2], 3]");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void aFailureIsLoggedWithoutItsMessageAndThrownUnchanged(String engine) {
		runner(engine, "app.dbs.orders.query-log=true").run((context) -> {
			create(context);
			JdbcTemplate template = template(context);
			String insert = "insert into %s values (?, 's')".formatted(this.table);
			template.update(insert, 424242);
			this.logged.take();
			Throwable failure = catchThrowable(() -> template.update(insert, 424242));
			assertThat(failure).isInstanceOf(DuplicateKeyException.class);
			assertThat(failure.getCause().getMessage()).contains("424242");
			assertThat(this.logged.take()).containsExactly("INFO query.orders duration=* failure=%s(%s) query=%s"
				.formatted(failure.getCause().getClass().getSimpleName(), engine.equals("mariadb") ? "23000" : "23505",
						insert));
		});
	}

	@Test
	void theNameOfTheTransactionIsLogged() {
		runner("postgresql", "app.dbs.orders.query-log=true").run((context) -> {
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean("ordersTransactionTemplate", TransactionTemplate.class).getTransactionManager());
			transaction.setName("shop.Orders.place");
			transaction.executeWithoutResult((status) -> {
				template(context).queryForList("select 1");
				Connection own = DataSourceUtils.getConnection(dataSource(context));
				assertThat(DataSourceUtils.getConnection(dataSource(context))).isSameAs(own);
				assertThat(DataSourceUtils.isConnectionTransactional(own, dataSource(context))).isTrue();
			});
			template(context).queryForList("select 2");
			assertThat(this.logged.take()).containsExactly(
					"INFO query.orders duration=* transaction=shop.Orders.place query=select 1",
					"INFO query.orders duration=* query=select 2");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void slowStatementsAreLoggedAndCounted(String engine) {
		String sql = engine.equals("mariadb") ? "select sleep(0.06)" : "select pg_sleep(0.06)";
		runner(engine, "app.dbs.orders.slow-query-threshold=50ms").run((context) -> {
			QueryLog queryLog = queryLog(context);
			template(context).queryForList(sql);
			assertThat(this.logged.take()).containsOnlyOnce("WARN slow-query.orders duration=* query=" + sql);
			assertThat(queryLog.getSlowCount()).isPositive();
			assertThat(queryLog.getSlowNanos()).isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
			assertThat(queryLog(context)).isSameAs(queryLog);
		});
	}

	@Test
	void statementsBelowTheThresholdAreNeitherLoggedNorCounted() {
		runner("postgresql", "app.dbs-defaults.slow-query-threshold=1h").run((context) -> {
			assertThat(dataSource(context)).isInstanceOf(QueryLogDataSource.class);
			template(context).queryForList("select 1");
			assertThat(this.logged.take()).isEmpty();
			assertThat(queryLog(context).getSlowCount()).isZero();
			assertThat(queryLog(context).getSlowNanos()).isZero();
		});
	}

	@Test
	void whenBothLogsAreEnabledThenASlowStatementIsInBoth() {
		runner("postgresql", "app.dbs.orders.query-log=true", "app.dbs.orders.slow-query-threshold=1ms")
			.run((context) -> {
				template(context).queryForList("select pg_sleep(0.01)");
				assertThat(this.logged.take()).containsExactly(
						"INFO query.orders duration=* query=select pg_sleep(0.01)",
						"WARN slow-query.orders duration=* query=select pg_sleep(0.01)");
			});
	}

	@Test
	void aBatchOfDifferentStatementsIsLoggedInOneLine() {
		runner("postgresql", "app.dbs.orders.query-log=true").run((context) -> {
			create(context);
			this.logged.take();
			template(context).batchUpdate("insert into %s values (1, 'a')".formatted(this.table),
					"delete from " + this.table);
			assertThat(this.logged.take()).containsExactly(
					"INFO query.orders duration=* batch=2 query=insert into %s values (1, 'a'); delete from %s"
						.formatted(this.table, this.table));
		});
	}

	@Test
	void longTextsAreTruncated() {
		runner("postgresql", "app.dbs.orders.query-log=true", "app.dbs.orders.query-log-parameters=true")
			.run((context) -> {
				String sql = "select '" + "a".repeat(20_000) + "' where ? is not null";
				template(context).queryForList(sql, "b".repeat(30_000));
				assertThat(this.logged.take()).containsExactly(
						"INFO query.orders duration=* query=%s... (20029 characters) parameters=['%s... (30004 characters)"
							.formatted(sql.substring(0, 10_000), "b".repeat(9_998)));
			});
	}

	@Test
	void exceptionsOfTheDriverAreThrownUnchanged() {
		runner("postgresql", "app.dbs.orders.query-log=true").run((context) -> {
			try (Connection connection = dataSource(context).getConnection();
					Statement statement = connection.createStatement();
					Connection bare = dataSource(context).unwrap(HikariDataSource.class).getConnection();
					Statement bareStatement = bare.createStatement()) {
				Throwable failure = catchThrowable(() -> bareStatement.execute(null));
				assertThat(catchThrowable(() -> statement.execute(null))).hasSameClassAs(failure)
					.hasMessage(failure.getMessage());
			}
		});
	}

	@Test
	void passwordsAreNotLoggedForPostgreSql() {
		runner("postgresql", "app.dbs.orders.query-log=true", "app.dbs.orders.query-log-parameters=true",
				"app.dbs.orders.slow-query-threshold=1ms")
			.run((context) -> {
				template(context).execute("create role clerk login password 's3cr3t'");
				template(context).execute("alter role clerk with password 's3cr3t'; select pg_sleep(0.01)");
				template(context).queryForList("select ? as password", "s3cr3t");
				template(context).execute("drop role clerk");
				assertThat(this.logged.take()).noneMatch((line) -> line.contains("s3cr3t"))
					.contains("INFO query.orders duration=* query=create role clerk login password ***",
							"INFO query.orders duration=* query=alter role clerk with password ***",
							"WARN slow-query.orders duration=* query=alter role clerk with password ***",
							"INFO query.orders duration=* query=select ? as password parameters=***");
			});
	}

	@Test
	void passwordsAreNotLoggedForMariaDb() {
		runner("mariadb", "app.dbs.orders.query-log=true", "app.dbs.orders.query-log-parameters=true")
			.run((context) -> {
				template(context).execute("create user 'clerk'@'%' identified by 's3cr3t'");
				template(context).update("alter user 'clerk'@'%' identified by ?", "s3cr3t");
				template(context).execute("set password for 'clerk'@'%' = password('s3cr3t')");
				template(context).execute("drop user 'clerk'@'%'");
				assertThat(this.logged.take()).noneMatch((line) -> line.contains("s3cr3t"))
					.contains("INFO query.orders duration=* query=create user 'clerk'@'%' identified ***",
							"INFO query.orders duration=* query=alter user 'clerk'@'%' identified *** parameters=***",
							"INFO query.orders duration=* query=set password ***");
			});
	}

	@Test
	void thePoolAndTheDriverCanBeUnwrapped() {
		runner("postgresql", "app.dbs.orders.query-log=true").run((context) -> {
			create(context);
			DataSource dataSource = dataSource(context);
			assertThat(dataSource).isInstanceOf(QueryLogDataSource.class).isNotInstanceOf(AutoCloseable.class);
			assertThat(dataSource.toString()).isEqualTo("DataSource of database 'orders'");
			assertThat(dataSource.isWrapperFor(HikariDataSource.class)).isTrue();
			assertThat(dataSource.isWrapperFor(CopyManager.class)).isFalse();
			assertThat(dataSource.unwrap(HikariDataSource.class).isRunning()).isTrue();
			try (Connection connection = dataSource.getConnection();
					PreparedStatement statement = connection.prepareStatement("select 1");
					ResultSet result = statement.executeQuery()) {
				assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
				assertThat(statement.getConnection()).isSameAs(connection).isEqualTo(connection);
				assertThat(result.isWrapperFor(PGConnection.class)).isFalse();
				assertThat(connection.unwrap(PGConnection.class)
					.getCopyAPI()
					.copyIn("copy %s from stdin".formatted(this.table), new StringReader("1\ta\n"))).isOne();
				assertThat(dataSource.unwrap(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections())
					.isOne();
			}
			assertThat(dataSource.unwrap(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections()).isZero();
		});
	}

	@Test
	void whileTheDatabaseIsDownBorrowingFailsWithTheSameException() throws Exception {
		String url = url("postgresql");
		String server = url.substring(url.indexOf('@') + 1);
		try (TcpProxy proxy = new TcpProxy(server.substring(0, server.indexOf('/')))) {
			runner("postgresql", "app.dbs.orders.url=postgresql://" + proxy.address() + "/orders",
					"app.dbs.orders.username=postgres", "app.dbs.orders.query-log=true")
				.run((context) -> {
					proxy.refuse();
					Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
					assertThatExceptionOfType(DatabaseDownException.class)
						.isThrownBy(() -> dataSource(context).getConnection())
						.withNoCause();
					assertThat(this.logged.take()).isEmpty();
				});
		}
	}

	private static String url(String engine) {
		return servers.getUrl("embedded:" + engine, "orders");
	}

	private void create(ApplicationContext context) {
		template(context).execute("create table %s (id int primary key, name varchar(20))".formatted(this.table));
	}

	private static DataSource dataSource(ApplicationContext context) {
		return context.getBean("ordersDataSource", DataSource.class);
	}

	private static JdbcTemplate template(ApplicationContext context) {
		return context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
	}

	private static QueryLog queryLog(ApplicationContext context) {
		return context.getBean(QueryLogs.class).get(context.getBean(DatabaseLifecycle.class).getDefinition("orders"));
	}

	private static ApplicationContextRunner runner(String engine, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url(engine), "app.dbs.audit.url=jdbc:h2:mem:query-log")
			.withPropertyValues(properties);
	}

}
