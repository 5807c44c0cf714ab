package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.maintenance.CatalogObject;
import io.appdbs.engine.maintenance.MySqlMaintenance;
import io.appdbs.engine.maintenance.ObjectKind;
import io.appdbs.engine.maintenance.StatementResult;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.maintenance.MaintenanceTask.State;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the maintenance of MariaDB, through its driver and that of MySQL.
 */
class MySqlMaintenanceTests {

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.username=root", "app.dbs.orders.pool.max-size=2",
				"app.dbs.orders.maintenance.operations=analyze,optimize,check,truncate",
				"app.dbs.orders.maintenance.tables=orders,lines,memo,note,\"Order `Lines\"");

	@BeforeEach
	void createTables() throws SQLException {
		execute("DROP TABLE IF EXISTS `lines`, orders, memo, note, `Order ``Lines`", "DROP VIEW IF EXISTS open_orders",
				"CREATE TABLE orders (id INT PRIMARY KEY)", "INSERT INTO orders VALUES (1), (2)",
				"CREATE TABLE `lines` (id INT, FOREIGN KEY (id) REFERENCES orders (id))",
				"CREATE TABLE memo (id INT) ENGINE=MEMORY", "CREATE TABLE note (id INT)",
				"CREATE TABLE `Order ``Lines` (id INT)", "CREATE VIEW open_orders AS SELECT * FROM orders");
	}

	private static void execute(String... statements) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private static Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:" + servers.url("mariadb", "test") + "?user=root");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void operationsAreExecuted(String scheme) {
		run(scheme, (context, maintenance) -> {
			for (String operation : List.of("analyze", "optimize", "check")) {
				for (String table : List.of("orders", "\"Order `Lines\"")) {
					MaintenanceTask task = end(maintenance.start(request(operation, table)));
					assertThat(task.getState()).as("%s", task.getMessages()).isEqualTo(State.DONE);
					assertThat(task.getPlan().statements()).containsExactly(operation.toUpperCase() + " TABLE `test`."
							+ (table.equals("orders") ? "`orders`" : "`Order ``Lines`"));
					assertThat(task.getMessages()).last().isEqualTo("status: OK");
				}
			}
			assertThat(end(maintenance.start(MaintenanceRequest.truncate("lines"))).getState()).isEqualTo(State.DONE);
			assertThat(maintenance.getTables()).containsExactlyInAnyOrder("test.\"Order `Lines\"", "test.lines",
					"test.memo", "test.note", "test.orders");
			MaintenancePlan plan = maintenance.plan(MaintenanceRequest.analyze("test.orders"));
			assertThat(plan.rows()).isEqualTo(2);
			assertThat(plan.bytes()).isPositive();
		});
	}

	@Test
	void anOptimizationThatRebuildsTheTableIsASuccess() {
		run("mariadb",
				(context,
						maintenance) -> assertThat(
								end(maintenance.start(MaintenanceRequest.optimize("orders"))).getMessages())
							.containsExactly("note: Table does not support optimize, doing recreate + analyze instead",
									"status: OK"));
	}

	/**
	 * The storage engine does not have the operation, which the server does not reject.
	 */
	@Test
	void whatTheServerReportsInARowIsAFailure() {
		run("mariadb", (context, maintenance) -> {
			MaintenanceTask task = end(maintenance.start(MaintenanceRequest.optimize("memo")));
			assertThat(task.getState()).isEqualTo(State.FAILED);
			assertThat(task.getMessages()).containsExactly(
					"note: The storage engine for the table doesn't support optimize",
					"The server did not report that the statement succeeded.");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "ANALYZE", "OPTIMIZE", "CHECK" })
	void aTableThatHasBeenDroppedMeanwhileIsAFailure(String operation) throws SQLException {
		MySqlMaintenance maintenance = new MySqlMaintenance(true);
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			StatementResult result = maintenance.execute(statement, maintenance.getStatement(
					MaintenanceOperation.valueOf(operation), new CatalogObject("test", "nope", ObjectKind.TABLE)));
			assertThat(result.failure()).isEqualTo("Table 'test.nope' doesn't exist");
			assertThat(result.messages()).first().isEqualTo("error: Table 'test.nope' doesn't exist");
		}
	}

	/**
	 * Both would commit the transaction of the connection that they are executed on.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "analyze", "truncate" })
	void aTransactionOfTheCallerIsNotCommitted(String operation) {
		run("mariadb", (context, maintenance) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				template.update("INSERT INTO orders VALUES (3)");
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> maintenance.start(request(operation, "note")))
					.withMessageStartingWith("The calling thread has a transaction of database 'orders'");
				status.setRollbackOnly();
			});
			assertThat(template.queryForObject("SELECT count(*) FROM orders", Integer.class)).isEqualTo(2);
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				template.update("INSERT INTO orders VALUES (3)");
				Thread other = new Thread(() -> end(maintenance.start(request(operation, "note"))));
				other.start();
				join(other);
				status.setRollbackOnly();
			});
			assertThat(maintenance.getTasks()).singleElement()
				.extracting(MaintenanceTask::getState)
				.isEqualTo(State.DONE);
			assertThat(template.queryForObject("SELECT count(*) FROM orders", Integer.class)).isEqualTo(2);
		});
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aLockedTableIsNotWaitedForLongerThanAllowed() throws SQLException {
		try (Connection other = connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.executeQuery("SELECT * FROM `lines`").close();
			run("mariadb", (context, maintenance) -> {
				MaintenanceTask task = end(maintenance.start(MaintenanceRequest.truncate("lines")));
				assertThat(task.getState()).isEqualTo(State.FAILED);
				assertThat(task.getMessages()).singleElement()
					.asString()
					.contains("Lock wait timeout exceeded")
					.endsWith("It waited for a lock for 1 s, which is 'app.dbs.orders.maintenance.lock-timeout'.");
			});
		}
	}

	@Test
	void truncatingAReferencedTableFails() {
		run("mariadb", (context, maintenance) -> {
			MaintenanceTask task = end(maintenance.start(MaintenanceRequest.truncate("orders")));
			assertThat(task.getState()).isEqualTo(State.FAILED);
			assertThat(task.getMessages()).last().asString().contains("referenced in a foreign key constraint");
		});
	}

	@Test
	void oneOfTwoApplicationsMaintainsADatabase() throws SQLException {
		try (Connection other = connect(); Statement statement = other.createStatement()) {
			statement.execute("SELECT GET_LOCK(CONCAT('appdbs.maintenance.', LEFT(SHA2(DATABASE(), 256), 16)), 0)");
			run("mariadb",
					(context, maintenance) -> assertThatExceptionOfType(IllegalDatabaseOperationException.class)
						.isThrownBy(() -> maintenance.start(MaintenanceRequest.analyze("orders")))
						.withMessage("Database 'orders' is being maintained by another instance of the application. "
								+ "Wait for its end."));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			open_orders | Database 'orders': 'test.open_orders' is a view, but 'analyze' is for: table.
			mysql.user | Database 'orders': 'mysql.user' belongs to the server, which maintains it.
			order | Database 'orders' has no table or index 'order' in: test. Similar: test.orders.""")
	void whatIsNotATableOfTheDatabaseIsRejected(String table, String message) {
		run("mariadb",
				(context, maintenance) -> assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> maintenance.plan(MaintenanceRequest.analyze(table)))
					.withMessage(message));
	}

	private void run(String scheme, BiConsumer<ApplicationContext, Maintenance> test) {
		this.runner.withPropertyValues("app.dbs.orders.url=" + servers.url(scheme, "test"))
			.run((context) -> test.accept(context.getSourceApplicationContext(),
					context.getBean(Databases.class).get("orders").getMaintenance()));
	}

	private static MaintenanceTask end(MaintenanceTask task) {
		return task.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

	private static MaintenanceRequest request(String operation, String table) {
		return switch (operation) {
			case "analyze" -> MaintenanceRequest.analyze(table);
			case "optimize" -> MaintenanceRequest.optimize(table);
			case "check" -> MaintenanceRequest.check(table);
			default -> MaintenanceRequest.truncate(table);
		};
	}

}
