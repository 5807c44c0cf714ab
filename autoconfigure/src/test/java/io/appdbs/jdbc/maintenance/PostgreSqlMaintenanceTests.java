package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.maintenance.MaintenanceTask.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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
 * Tests for the maintenance of PostgreSQL.
 */
class PostgreSqlMaintenanceTests {

	private static RestartablePostgres server;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=postgresql://app@" + server.address() + "/shop",
				"app.dbs.orders.pool.max-size=2");

	@BeforeAll
	static void startServer() throws Exception {
		server = RestartablePostgres.create();
		server.execute("postgres", "CREATE DATABASE shop");
		server.execute("shop", "CREATE ROLE app LOGIN; CREATE ROLE owner LOGIN; CREATE ROLE maintainer LOGIN");
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
	}

	@BeforeEach
	void createTables() throws Exception {
		server.execute("shop", """
				CREATE SCHEMA sales AUTHORIZATION owner;
				GRANT CREATE, USAGE ON SCHEMA public TO owner;
				SET ROLE owner;
				CREATE TABLE public.orders (id INT PRIMARY KEY, note TEXT);
				INSERT INTO orders SELECT i, 'note' FROM generate_series(1, 1000) i;
				CREATE INDEX orders_note ON orders (note);
				CREATE TABLE lines (id INT REFERENCES orders);
				CREATE TABLE "Order ""Lines\""" (id INT);
				CREATE TABLE sales.customer (id INT);
				CREATE VIEW open_orders AS SELECT * FROM orders;
				CREATE TABLE parent (id INT) PARTITION BY RANGE (id);
				CREATE TABLE part PARTITION OF parent FOR VALUES FROM (1) TO (100);
				GRANT SELECT, INSERT ON orders TO app;
				GRANT USAGE ON SCHEMA sales TO app;
				RESET ROLE;
				ALTER TABLE part OWNER TO postgres""");
	}

	@AfterEach
	void dropTables() throws Exception {
		server.execute("shop", "DROP OWNED BY owner, app, maintainer CASCADE; DROP TABLE IF EXISTS part");
	}

	@Test
	void nothingIsAllowedByDefault() {
		run((context, maintenance) -> {
			String message = "Database 'orders' does not allow maintenance. Set 'app.dbs.orders.maintenance.operations', "
					+ "for example to 'analyze'.";
			assertRejected(() -> maintenance.start(MaintenanceRequest.analyze("orders")), message);
			assertRejected(() -> maintenance.plan(MaintenanceRequest.analyze("orders")), message);
			assertRejected(maintenance::getTables, message);
			assertThat(maintenance.getTasks()).isEmpty();
		});
	}

	@Test
	void whatIsNotAllowedIsRejectedWithWhatIs() {
		run((context, maintenance) -> {
			String message = "Database 'orders' does not allow 'truncate' of '%s'. Allowed by "
					+ "'app.dbs.orders.maintenance.operations': analyze, vacuum.";
			assertRejected(() -> maintenance.start(MaintenanceRequest.truncate("orders")), message.formatted("orders"));
			MaintenancePlan plan = maintenance.plan(MaintenanceRequest.truncate("orders"));
			assertThat(plan.refusal()).isEqualTo(message.formatted("public.orders"));
			assertThat(plan.statements()).containsExactly("TRUNCATE TABLE ONLY \"public\".\"orders\"");
			assertRejected(() -> maintenance.plan(MaintenanceRequest.optimize("orders")),
					"PostgreSQL has no operation 'optimize'. It has: analyze, vacuum, reindex, drop-invalid-index, truncate.");
		}, "operations=analyze,vacuum", "username=owner", "password=x");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					analyze | Orders | ANALYZE "public"."orders" | public.orders
					vacuum | public.orders | VACUUM (ANALYZE) "public"."orders" | public.orders
					vacuum | sales.customer | VACUUM (ANALYZE) "sales"."customer" | sales.customer
					analyze | parent | ANALYZE "public"."parent" | public.parent
					reindex | orders | REINDEX TABLE CONCURRENTLY "public"."orders" | public.orders
					reindex | orders_note | REINDEX INDEX CONCURRENTLY "public"."orders_note" | public.orders_note
					reindex | "Order ""Lines\""" | REINDEX TABLE CONCURRENTLY "public"."Order ""Lines\""" | public."Order ""Lines\"""
					truncate | lines | TRUNCATE TABLE ONLY "public"."lines" | public.lines""")
	void operationsAreExecuted(String operation, String table, String statement, String object) {
		run((context, maintenance) -> {
			MaintenanceTask task = end(maintenance.start(request(operation, table)));
			assertThat(task.getState()).as("%s", task.getMessages())
				.isEqualTo((operation.equals("analyze") && table.equals("parent")) ? State.FAILED : State.DONE);
			assertThat(task.getPlan().statements()).containsExactly(statement);
			assertThat(task.getPlan().object()).isEqualTo(object);
			assertThat(task.getEndedAt()).isAfterOrEqualTo(task.getStartedAt());
			assertThat(maintenance.getTasks()).containsExactly(task);
			assertThat(maintenance.getTask("m-1")).isSameAs(task);
		}, "operations=analyze,vacuum,reindex,truncate", "username=owner", "password=x",
				"tables=orders,lines,parent,sales.customer,\"Order \"\"Lines\"\"\"");
	}

	@Test
	void aPlanExecutesNothing() {
		run((context, maintenance) -> {
			MaintenancePlan plan = maintenance.plan(MaintenanceRequest.vacuum("orders"));
			assertThat(plan.statements()).containsExactly("VACUUM (ANALYZE) \"public\".\"orders\"");
			assertThat(plan.refusal()).isNull();
			assertThat(plan.rows()).isEqualTo(1000);
			assertThat(plan.bytes()).isPositive();
			assertThat(query("SELECT last_vacuum FROM pg_stat_user_tables WHERE relname = 'orders'")).isNull();
			assertThat(maintenance.plan(MaintenanceRequest.vacuum("lines")).rows()).isNull();
			end(maintenance.start(MaintenanceRequest.vacuum("lines")));
			assertThat(maintenance.plan(MaintenanceRequest.vacuum("lines")).rows()).isZero();
		}, "operations=vacuum", "username=owner", "password=x");
	}

	@Test
	void aLockedTableDoesNotDelayAPlan() throws Exception {
		try (Connection other = server.connect("shop"); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("LOCK TABLE orders");
			run((context, maintenance) -> {
				MaintenancePlan plan = maintenance.plan(MaintenanceRequest.analyze("orders"));
				assertThat(plan.bytes()).isNull();
				assertThat(plan.refusal()).isNull();
				MaintenanceTask task = end(maintenance.start(MaintenanceRequest.analyze("orders")));
				assertThat(task.getState()).isEqualTo(State.FAILED);
				assertThat(task.getMessages()).singleElement()
					.asString()
					.endsWith("It waited for a lock for 200 ms, which is 'app.dbs.orders.maintenance.lock-timeout'.");
			}, "operations=analyze", "lock-timeout=200ms", "username=owner", "password=x");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					analyze | order | Database 'orders' has no table or index 'order' in: public. Similar: public.orders.
					analyze | "Orders" | Database 'orders' has no table or index '"Orders"' in: public. Similar: public.orders.
					analyze | customer | Database 'orders' has no table or index 'customer' in: public. Similar: sales.customer.
					analyze | unknown | Database 'orders' has no table or index 'unknown' in: public.
					analyze | sales.orders | Database 'orders' has no table or index 'sales.orders' in: sales. Similar: public.orders.
					analyze | orders; drop table lines | 'orders; drop table lines' is not the name of a table. Write 'table' or 'schema.table', with double quotes around a part that has capital letters or other characters than letters, digits, '_' and '$'.
					analyze | pg_catalog.pg_class | Database 'orders': 'pg_catalog.pg_class' belongs to the server, which maintains it.
					vacuum | open_orders | Database 'orders': 'public.open_orders' is a view, but 'vacuum' is for: table, partitioned table, materialized view.
					vacuum | orders_note | Database 'orders': 'public.orders_note' is an index, but 'vacuum' is for: table, partitioned table, materialized view.
					truncate | parent | Database 'orders': 'public.parent' is a partitioned table, but 'truncate' is for: table.
					drop-invalid-index | orders | Database 'orders': 'public.orders' is a table, but 'drop-invalid-index' is for: index.
					drop-invalid-index | orders_note | 'drop-invalid-index' is not possible for 'public.orders_note' of database 'orders': it is valid, and used by the server.
					analyze | sales.customer | Database 'orders' does not allow maintenance of 'sales.customer'. Allowed by 'app.dbs.orders.maintenance.tables': public.orders, parent, lines.
					reindex | "Order ""Lines\""" | Database 'orders' does not allow maintenance of 'public."Order ""Lines\"""'. Allowed by 'app.dbs.orders.maintenance.tables': public.orders, parent, lines.""")
	void whatIsNotATableOfTheSettingsIsRejected(String operation, String table, String message) {
		run((context, maintenance) -> {
			assertRejected(() -> maintenance.start(request(operation, table)), message);
			assertThat(maintenance.getTasks()).isEmpty();
		}, "operations=analyze,vacuum,reindex,drop-invalid-index,truncate", "tables=public.orders,parent,lines",
				"username=owner", "password=x");
	}

	@Test
	void withoutTablesThoseOfTheSearchPathAreMaintained() {
		run((context, maintenance) -> {
			assertThat(maintenance.getTables()).containsExactly("public.\"Order \"\"Lines\"\"\"", "public.lines",
					"public.orders", "public.parent", "public.part");
			assertThat(maintenance.plan(MaintenanceRequest.analyze("sales.customer")).refusal())
				.isEqualTo("Database 'orders' does not allow maintenance of 'sales.customer'. Allowed by "
						+ "'app.dbs.orders.maintenance.tables': all tables of public.");
		}, "operations=analyze", "username=owner", "password=x");
	}

	@Test
	void patternsOfTablesStandForSeveral() {
		run((context, maintenance) -> assertThat(maintenance.getTables()).containsExactly("public.orders",
				"public.parent", "public.part", "sales.customer"), "operations=analyze",
				"tables=ORD*,p*a*t,public.par*,sales.*", "username=owner", "password=x");
	}

	@Test
	void aLoginThatMayNotIsRejectedWithTheRightThatItNeeds() {
		run((context, maintenance) -> {
			for (String operation : List.of("analyze", "vacuum", "reindex")) {
				assertRejected(() -> maintenance.start(request(operation, "orders")),
						("The login 'app' of database 'orders' may not '%s' 'public.orders', whose owner is 'owner'. "
								+ "Execute: GRANT MAINTAIN ON TABLE \"public\".\"orders\" TO \"app\"; "
								+ "or set 'app.dbs.orders.maintenance.username'.")
							.formatted(operation));
			}
			assertThat(maintenance.plan(MaintenanceRequest.truncate("part")).refusal()).isEqualTo(
					"The login 'app' of database 'orders' may not 'truncate' 'public.part', whose owner is 'postgres'. "
							+ "Execute: GRANT TRUNCATE ON TABLE \"public\".\"part\" TO \"app\"; "
							+ "or set 'app.dbs.orders.maintenance.username'.");
		}, "operations=analyze,vacuum,reindex,truncate", "tables=orders,part");
	}

	@Test
	void theRightToMaintainIsSufficient() throws Exception {
		server.execute("shop", "GRANT MAINTAIN ON orders TO maintainer");
		run((context, maintenance) -> {
			for (String operation : List.of("analyze", "vacuum", "reindex")) {
				MaintenanceTask task = end(maintenance.start(request(operation, "orders")));
				assertThat(task.getState()).as("%s", task.getMessages()).isEqualTo(State.DONE);
			}
			assertThat(end(maintenance.start(MaintenanceRequest.reindex("orders_note"))).getState())
				.isEqualTo(State.DONE);
			assertThat(query("SELECT last_vacuum FROM pg_stat_user_tables WHERE relname = 'orders'")).isNotNull();
		}, "operations=analyze,vacuum,reindex", "username=maintainer", "password=x");
	}

	/**
	 * The owner of a partitioned table may not maintain a partition that has another
	 * owner.
	 */
	@Test
	void aTableThatTheServerSkipsIsAFailure() {
		run((context, maintenance) -> {
			for (String operation : List.of("analyze", "vacuum")) {
				MaintenanceTask task = end(maintenance.start(request(operation, "parent")));
				assertThat(task.getState()).isEqualTo(State.FAILED);
				assertThat(task.getMessages()).last()
					.isEqualTo("permission denied to %s \"part\", skipping it".formatted(operation));
			}
		}, "operations=analyze,vacuum", "username=owner", "password=x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "flyway", "liquibase" })
	void theLoginOfMigrationsIsUsedWithoutAnother(String migrations) {
		String prefix = "app.dbs.orders." + migrations;
		this.runner
			.withPropertyValues("app.dbs.orders.maintenance.operations=vacuum", prefix + ".user=owner",
					prefix + ".password=x", prefix + ".enabled=false")
			.run((context) -> {
				MaintenanceTask task = end(maintenance(context).start(MaintenanceRequest.vacuum("orders")));
				assertThat(task.getState()).as("%s", task.getMessages()).isEqualTo(State.DONE);
			});
	}

	@Test
	void truncatingAReferencedTableFailsAndEmptiesNothing() {
		run((context, maintenance) -> {
			MaintenanceTask task = end(maintenance.start(MaintenanceRequest.truncate("orders")));
			assertThat(task.getState()).isEqualTo(State.FAILED);
			assertThat(task.getMessages()).last()
				.asString()
				.contains("cannot truncate a table referenced in a foreign key constraint");
			assertThat(query("SELECT count(*) FROM orders")).isEqualTo("1000");
		}, "operations=truncate", "tables=orders", "username=owner", "password=x");
	}

	@Test
	void truncatingATableDoesNotEmptyThoseThatInheritFromIt() throws Exception {
		server.execute("shop", "SET ROLE owner; CREATE TABLE archived () INHERITS (lines); "
				+ "INSERT INTO archived VALUES (1); INSERT INTO lines VALUES (2)");
		run((context, maintenance) -> {
			assertThat(end(maintenance.start(MaintenanceRequest.truncate("lines"))).getState()).isEqualTo(State.DONE);
			assertThat(query("SELECT string_agg(id::text, ',') FROM lines")).isEqualTo("1");
		}, "operations=truncate", "tables=lines", "username=owner", "password=x");
	}

	@Test
	void inATransactionOfTheDatabaseNothingIsStarted() {
		run((context, maintenance) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				template.update("INSERT INTO orders VALUES (2000, 'new')");
				assertRejected(() -> maintenance.start(MaintenanceRequest.reindex("orders")),
						"The calling thread has a transaction of database 'orders', for which 'reindex' could wait. "
								+ "Start it outside of transactions.");
				assertThat(maintenance.plan(MaintenanceRequest.reindex("orders")).refusal()).isNull();
				status.setRollbackOnly();
			});
			assertThat(query("SELECT count(*) FROM orders")).isEqualTo("1000");
			assertThat(end(maintenance.start(MaintenanceRequest.reindex("orders"))).getState()).isEqualTo(State.DONE);
		}, "operations=reindex", "username=owner", "password=x");
	}

	/**
	 * Each operation takes longer than the limits.
	 */
	@Test
	void limitsOfTheApplicationAndTheLoginDoNotApply() throws Exception {
		server.execute("shop", """
				ALTER ROLE owner SET statement_timeout = 300;
				ALTER ROLE owner SET vacuum_cost_delay = 100;
				ALTER ROLE owner SET vacuum_cost_limit = 1;
				CREATE FUNCTION slow(INT) RETURNS INT IMMUTABLE LANGUAGE plpgsql
				  AS 'BEGIN PERFORM pg_catalog.pg_sleep(0.0005); RETURN $1; END';
				CREATE INDEX orders_slow ON orders (slow(id))""");
		try {
			this.runner.withPropertyValues("app.dbs.orders.statement-timeout=300ms")
				.withPropertyValues(properties("operations=vacuum,reindex", "username=owner", "password=x"))
				.run((context) -> {
					Maintenance maintenance = maintenance(context);
					for (MaintenanceRequest request : List.of(MaintenanceRequest.vacuum("orders"),
							MaintenanceRequest.reindex("orders_slow"))) {
						MaintenanceTask task = end(maintenance.start(request));
						assertThat(task.getState()).as("%s", task.getMessages()).isEqualTo(State.DONE);
						assertEndedByLimit(task.getPlan().statements().get(0));
					}
				});
		}
		finally {
			server.execute("shop", "ALTER ROLE owner RESET ALL; DROP FUNCTION slow CASCADE");
		}
	}

	/**
	 * Asserts that a statement takes longer than the limit of the login.
	 */
	private static void assertEndedByLimit(String sql) {
		try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + server.address() + "/shop",
				"owner", "x"); Statement statement = connection.createStatement()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute(sql))
				.withMessageContaining("canceling statement due to statement timeout");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aServerThatIsReadOnlyIsNotMaintained() throws Exception {
		server.execute("shop", "ALTER ROLE owner SET default_transaction_read_only = on");
		try {
			run((context, maintenance) -> assertRejected(() -> maintenance.plan(MaintenanceRequest.vacuum("orders")),
					"The server of database 'orders' is read-only, and cannot be maintained."), "operations=vacuum",
					"username=owner", "password=x");
		}
		finally {
			server.execute("shop", "ALTER ROLE owner RESET default_transaction_read_only");
		}
	}

	@Test
	void whenTheLoginIsRejectedThenTheReasonIsReported() {
		run((context, maintenance) -> assertRejected(() -> maintenance.start(MaintenanceRequest.vacuum("orders")),
				"Database 'orders' could not be maintained: FATAL: role \"nobody\" does not exist"),
				"operations=vacuum", "username=nobody", "password=x");
	}

	@Test
	void theLatestTasksAreRemembered() {
		run((context, maintenance) -> {
			for (int i = 0; i < 22; i++) {
				end(maintenance.start(MaintenanceRequest.analyze("orders")));
			}
			assertThat(maintenance.getTasks()).hasSize(20);
			assertThat(maintenance.getTasks().get(0).getId()).isEqualTo("m-22");
			assertThat(maintenance.getTasks().get(19).getId()).isEqualTo("m-3");
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance.getTask("m-2"))
				.withMessageStartingWith("Database 'orders' has no task 'm-2'. Known: m-22, m-21, ");
			assertThat(maintenance.getTask("m-22").cancel()).isFalse();
			assertThat(maintenance.getTask("m-22").getProgress()).isNull();
		}, "operations=analyze", "username=owner", "password=x");
	}

	private void run(BiConsumer<ApplicationContext, Maintenance> test, String... settings) {
		this.runner.withPropertyValues(properties(settings))
			.run((context) -> test.accept(context.getSourceApplicationContext(), maintenance(context)));
	}

	private static String[] properties(String... settings) {
		List<String> properties = new ArrayList<>();
		for (String setting : settings) {
			properties.add("app.dbs.orders.maintenance." + setting);
		}
		return properties.toArray(String[]::new);
	}

	private static Maintenance maintenance(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders").getMaintenance();
	}

	private static MaintenanceTask end(MaintenanceTask task) {
		return task.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

	private static MaintenanceRequest request(String operation, String table) {
		return switch (operation) {
			case "analyze" -> MaintenanceRequest.analyze(table);
			case "vacuum" -> MaintenanceRequest.vacuum(table);
			case "reindex" -> MaintenanceRequest.reindex(table);
			case "drop-invalid-index" -> MaintenanceRequest.dropInvalidIndex(table);
			default -> MaintenanceRequest.truncate(table);
		};
	}

	private static void assertRejected(Runnable action, String message) {
		assertThatExceptionOfType(IllegalDatabaseOperationException.class).isThrownBy(action::run).withMessage(message);
	}

	private static String query(String sql) {
		try (Connection connection = server.connect("shop");
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
