package io.appdbs.jdbc;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.maintenance.MaintenanceTask.State;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for databases on MySQL: start, migrations, outages, limits and maintenance.
 */
@ExtendWith(OutputCaptureExtension.class)
@RequiresMySql
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MySqlDatabaseTests {

	private static final String SLEEP = "SELECT SLEEP(60) FROM information_schema.tables";

	private MySqlServer server;

	private String database;

	@BeforeEach
	void createDatabase() throws SQLException {
		this.server = RealServers.mySql();
		this.database = this.server.createDatabase("orders");
	}

	@Test
	void whenTheDatabaseIsMissingThenItIsCreatedAndMigrated(@TempDir Path folder) throws SQLException {
		this.server.execute("DROP DATABASE " + this.database);
		MigrationFolder migrations = new MigrationFolder(folder).writeTo("db/migration/orders", "V1__Item.sql",
				"CREATE TABLE item (id INT PRIMARY KEY); INSERT INTO item VALUES (1), (2);");
		runner("app.dbs.orders.create-database=true").withClassLoader(migrations.classLoader()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(TestDatabases.orders(context).getEngine()).isEqualTo("mysql");
			assertThat(TestDatabases.orders(context).getSnapshot().server().version()).startsWith("MySQL 9.");
			assertThat(jdbc(context).queryForObject("SELECT COUNT(*) FROM item", Integer.class)).isEqualTo(2);
		});
	}

	@Test
	void whileTheServerIsUnreachableTheDatabaseIsDownUntilItRecovers() throws IOException {
		try (TcpProxy proxy = new TcpProxy(this.server.getAddress())) {
			runner("app.dbs.orders.url=mysql://" + proxy.address() + "/" + this.database,
					"app.dbs.orders.health.interval=300ms", "app.dbs.orders.health.timeout=300ms")
				.run((context) -> {
					assertThat(TestDatabases.answers(context)).isTrue();
					proxy.refuse();
					TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
					assertThatExceptionOfType(DatabaseDownException.class)
						.isThrownBy(context.getBean("ordersDataSource", DataSource.class)::getConnection)
						.withMessageContaining(": the connection was refused, no server listens there.");
					proxy.resume();
					TestDatabases.await(() -> TestDatabases.answers(context));
					assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
				});
		}
	}

	@Test
	void whenAServerIsPausedOrKilledThenTheDatabaseIsDownUntilItRecovers() throws Exception {
		try (MySqlServer own = RealServers.startMySql()) {
			String url = own.getUrl(own.createDatabase("orders"));
			runner("app.dbs.orders.url=" + url, "app.dbs.orders.health.interval=300ms",
					"app.dbs.orders.health.timeout=300ms")
				.run((context) -> {
					own.pause();
					TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
					own.resume();
					TestDatabases.await(() -> TestDatabases.answers(context));
					own.kill();
					TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
					own.restart();
					TestDatabases.await(() -> TestDatabases.answers(context));
				});
		}
	}

	@Test
	void whenAStatementTakesTooLongThenItIsAQueryTimeout(CapturedOutput output) {
		runner("app.dbs.orders.statement-timeout=300ms", "app.dbs.orders.lock-timeout=1m").run((context) -> {
			assertThat(output).doesNotContain("not in effect");
			Map<ServerTimeout, Duration> others = new EnumMap<>(
					Map.of(ServerTimeout.STATEMENT, Duration.ofSeconds(1), ServerTimeout.LOCK, Duration.ofSeconds(7)));
			try (Connection connection = context.getBean("ordersDataSource", DataSource.class).getConnection()) {
				JdbcEngine engine = (JdbcEngine) Engines.load(null).findByUrl("mysql://localhost/orders");
				assertThat(engine.findDroppedSettings(connection, others, false)).containsExactly("statement-timeout",
						"lock-timeout");
			}
			assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> jdbc(context).execute(SLEEP))
				.withMessageStartingWith("Database 'orders': ")
				.satisfies((ex) -> assertThat(((SQLException) ex.getRootCause()).getErrorCode()).isEqualTo(3024));
			assertThatExceptionOfType(QueryTimeoutException.class)
				.isThrownBy(() -> context.getBean("ordersTransactionTemplate", TransactionTemplate.class)
					.executeWithoutResult((status) -> jdbc(context).execute(SLEEP)));
		});
	}

	@Test
	void whenSpringsTransactionHasLessTimeThanTheServerThenThatEndsAStatement() {
		runner("app.dbs.orders.statement-timeout=50s").run((context) -> {
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			transaction.setTimeout(1);
			assertThatExceptionOfType(QueryTimeoutException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> jdbc(context).execute(SLEEP)));
		});
	}

	@Test
	void whenALockIsHeldThenAStatementThatWaitsForItEnds() {
		runner("app.dbs.orders.lock-timeout=1s").run((context) -> {
			jdbc(context).execute("CREATE TABLE item (id INT PRIMARY KEY, n INT)");
			jdbc(context).update("INSERT INTO item VALUES (1, 0)");
			context.getBean("ordersTransactionTemplate", TransactionTemplate.class).executeWithoutResult((status) -> {
				jdbc(context).update("UPDATE item SET n = 1");
				assertThatExceptionOfType(CannotAcquireLockException.class).isThrownBy(() -> {
					try {
						SeparateThread.run(() -> jdbc(context).update("UPDATE item SET n = 2")).get();
					}
					catch (Exception ex) {
						throw ex.getCause();
					}
				}).withMessageStartingWith("Database 'orders': ");
			});
		});
	}

	@Test
	void tablesAreMaintained() {
		runner("app.dbs.orders.maintenance.operations=analyze,optimize,check,truncate",
				"app.dbs.orders.maintenance.tables=item")
			.run((context) -> {
				jdbc(context).execute("CREATE TABLE item (id INT PRIMARY KEY)");
				Maintenance maintenance = context.getBean(Databases.class).get("orders").getMaintenance();
				for (MaintenanceRequest request : new MaintenanceRequest[] { MaintenanceRequest.analyze("item"),
						MaintenanceRequest.optimize("item"), MaintenanceRequest.check("item"),
						MaintenanceRequest.truncate("item") }) {
					MaintenanceTask task = maintenance.start(request)
						.toCompletableFuture()
						.orTimeout(30, TimeUnit.SECONDS)
						.join();
					assertThat(task.getState()).as("%s", task.getMessages()).isEqualTo(State.DONE);
				}
			});
	}

	@Test
	void whenALockOfATableIsHeldThenMaintenanceEnds() {
		runner("app.dbs.orders.maintenance.operations=truncate", "app.dbs.orders.maintenance.tables=item")
			.run((context) -> {
				jdbc(context).execute("CREATE TABLE item (id INT PRIMARY KEY)");
				try (Connection other = this.server.connect(); Statement statement = other.createStatement()) {
					other.setAutoCommit(false);
					statement.executeQuery("SELECT * FROM " + this.database + ".item").close();
					MaintenanceTask task = context.getBean(Databases.class)
						.get("orders")
						.getMaintenance()
						.start(MaintenanceRequest.truncate("item"))
						.toCompletableFuture()
						.orTimeout(30, TimeUnit.SECONDS)
						.join();
					assertThat(task.getMessages()).singleElement()
						.asString()
						.contains("Lock wait timeout exceeded")
						.endsWith("It waited for a lock for 1 s, which is 'app.dbs.orders.maintenance.lock-timeout'.");
				}
			});
	}

	private static JdbcTemplate jdbc(ApplicationContext context) {
		return context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + this.server.getUrl(this.database),
					"app.dbs.orders.username=root")
			.withPropertyValues(properties);
	}

}
