package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceProgress;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.maintenance.MaintenanceTask.State;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the maintenance of PostgreSQL that fails, is cancelled or interrupted.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailedMaintenanceTests {

	private static RestartablePostgres server;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=postgresql://app@" + server.address() + "/shop",
				"app.dbs.orders.pool.max-size=2", "app.dbs.orders.health.interval=200ms",
				"app.dbs.orders.health.timeout=200ms",
				"app.dbs.orders.maintenance.operations=reindex,drop-invalid-index",
				"app.dbs.orders.maintenance.lock-timeout=100ms");

	@BeforeAll
	static void startServer() throws Exception {
		server = RestartablePostgres.create();
		server.execute("postgres", "CREATE DATABASE shop");
		server.execute("shop", "CREATE ROLE app LOGIN; GRANT ALL ON SCHEMA public TO app");
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
	}

	@BeforeEach
	void createTable() throws Exception {
		server.execute("shop", """
				SET ROLE app;
				CREATE TABLE orders (id INT PRIMARY KEY, pause FLOAT);
				INSERT INTO orders SELECT i, 0.02 FROM generate_series(1, 1000) i;
				CREATE FUNCTION slow(FLOAT) RETURNS FLOAT IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
				CREATE INDEX orders_slow ON orders (slow(pause))""");
	}

	@AfterEach
	void dropTable() throws Exception {
		server.execute("shop", "DROP TABLE orders; DROP FUNCTION slow");
	}

	/**
	 * Makes the index take 20 seconds to be built.
	 */
	private static void slowDown() throws SQLException {
		server.execute("shop", "CREATE OR REPLACE FUNCTION slow(FLOAT) RETURNS FLOAT IMMUTABLE LANGUAGE plpgsql "
				+ "AS 'BEGIN PERFORM pg_catalog.pg_sleep($1); RETURN $1; END'");
	}

	@Test
	void whatALockTimeoutLeavesBehindIsDroppedWhenTheTableIsFree() throws Exception {
		this.runner.run((context) -> {
			Maintenance maintenance = maintenance(context);
			MaintenanceTask task;
			try (Connection reader = server.connect("shop"); Statement statement = reader.createStatement()) {
				reader.setAutoCommit(false);
				statement.execute("SELECT count(*) FROM orders");
				task = maintenance.start(MaintenanceRequest.reindex("orders_slow"));
				await(() -> query("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DROP INDEX%'").equals("1"));
				assertThat(invalidIndexes()).isEqualTo("orders_slow_ccnew");
				assertThat(task.getState()).isEqualTo(State.RUNNING);
			}
			assertThat(end(task).getState()).isEqualTo(State.FAILED);
			assertThat(task.getMessages()).containsExactly(
					"Dropped the invalid index 'public.orders_slow_ccnew', which the operation had left behind.",
					"ERROR: canceling statement due to lock timeout. It waited for a lock for 100 ms, which is "
							+ "'app.dbs.orders.maintenance.lock-timeout'.");
			assertThat(invalidIndexes()).isNull();
		});
	}

	@Test
	void whatCannotBeDroppedIsReportedAndDroppedLaterByName() throws Exception {
		this.runner.run((context) -> {
			Maintenance maintenance = maintenance(context);
			MaintenanceTask task;
			try (Connection reader = server.connect("shop"); Statement statement = reader.createStatement()) {
				reader.setAutoCommit(false);
				statement.execute("SELECT count(*) FROM orders");
				task = end(maintenance.start(MaintenanceRequest.reindex("orders_slow")));
			}
			assertThat(task.getState()).isEqualTo(State.FAILED);
			assertThat(task.getMessages()).hasSize(2)
				.first()
				.isEqualTo("The operation has left invalid indexes behind, which could not be dropped. Execute: "
						+ "DROP INDEX CONCURRENTLY \"public\".\"orders_slow_ccnew\". Reason: "
						+ "ERROR: canceling statement due to lock timeout");
			MaintenanceTask drop = end(maintenance.start(MaintenanceRequest.dropInvalidIndex("orders_slow_ccnew")));
			assertThat(drop.getState()).as("%s", drop.getMessages()).isEqualTo(State.DONE);
			assertThat(invalidIndexes()).isNull();
		});
	}

	@Test
	void onlyWhatHasAppearedIsDropped() throws Exception {
		server.execute("shop", "SET ROLE app; CREATE INDEX other_ccnew ON orders (pause); RESET ROLE; "
				+ "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'other_ccnew'::regclass");
		slowDown();
		this.runner.run((context) -> {
			MaintenanceTask task = maintenance(context).start(MaintenanceRequest.reindex("orders"));
			await(() -> "orders_slow_ccnew".equals(progressedIndex()));
			task.cancel();
			end(task);
			assertThat(invalidIndexes()).isEqualTo("other_ccnew");
			// the session that builds an index has this lock
			try (Connection builder = server.connect("shop"); Statement statement = builder.createStatement()) {
				builder.setAutoCommit(false);
				statement.execute("LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE");
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> maintenance(context).start(MaintenanceRequest.dropInvalidIndex("other_ccnew")))
					.withMessageMatching("'drop-invalid-index' is not possible for 'public.other_ccnew' of database "
							+ "'orders': it may be being built: session \\d+ has a lock on the table\\.");
			}
		});
	}

	@Test
	void aCancelledTaskLeavesNothingBehind() throws Exception {
		slowDown();
		this.runner.run((context) -> {
			MaintenanceTask task = maintenance(context).start(MaintenanceRequest.reindex("orders_slow"));
			await(() -> "orders_slow_ccnew".equals(invalidIndexes()));
			assertThat(task.cancel()).isTrue();
			assertThat(end(task).getState()).isEqualTo(State.CANCELLED);
			assertThat(task.getMessages()).hasSize(2)
				.first()
				.isEqualTo(
						"Dropped the invalid index 'public.orders_slow_ccnew', which the operation had left behind.");
			assertThat(task.getMessages()).last()
				.asString()
				.startsWith(
						"Cancelled, because a caller has asked for it: ERROR: canceling statement due to user request");
			assertThat(invalidIndexes()).isNull();
			assertThat(context.getBean(DatabaseLifecycle.class)
				.getStatistics("orders")
				.getMaintenances(MaintenanceOperation.REINDEX, State.CANCELLED)).isOne();
		});
	}

	@Test
	void aTaskThatReachesItsTimeLimitIsCancelled() throws Exception {
		slowDown();
		this.runner.withPropertyValues("app.dbs.orders.maintenance.timeout=1s").run((context) -> {
			MaintenanceTask task = end(maintenance(context).start(MaintenanceRequest.reindex("orders_slow")));
			assertThat(task.getState()).isEqualTo(State.CANCELLED);
			assertThat(task.getMessages()).last()
				.asString()
				.startsWith("Cancelled, because it has reached the time limit of 1 s, which is "
						+ "'app.dbs.orders.maintenance.timeout': ERROR: canceling statement due to user request");
			assertThat(invalidIndexes()).isNull();
		});
	}

	@Test
	void theProgressOfARunningTaskIsRead() throws Exception {
		slowDown();
		this.runner.run((context) -> {
			Maintenance maintenance = maintenance(context);
			MaintenanceTask task = maintenance.start(MaintenanceRequest.reindex("orders_slow"));
			await(() -> {
				MaintenanceProgress progress = task.getProgress();
				return progress != null && progress.phase().equals("building index: scanning table");
			});
			assertThat(task.getProgress().share()).isBetween(0.0, 1.0);
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance.start(MaintenanceRequest.reindex("orders")))
				.withMessage("Database 'orders' is being maintained: reindex of public.orders_slow (m-1). "
						+ "Wait for its end, or cancel it.");
			assertThat(maintenance.plan(MaintenanceRequest.reindex("orders")).refusal())
				.isEqualTo("Database 'orders' is being maintained: reindex of public.orders_slow (m-1). "
						+ "Wait for its end, or cancel it.");
			task.cancel();
			end(task);
		});
	}

	@Test
	void oneOfTwoApplicationsMaintainsADatabase() throws Exception {
		slowDown();
		this.runner.run((context) -> this.runner.run((other) -> {
			MaintenanceTask task = maintenance(context).start(MaintenanceRequest.reindex("orders_slow"));
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance(other).start(MaintenanceRequest.reindex("orders")))
				.withMessage("Database 'orders' is being maintained by another instance of the application. "
						+ "Wait for its end.");
			assertThat(maintenance(other).getTasks()).isEmpty();
			task.cancel();
			end(task);
			MaintenanceTask next = end(maintenance(other).start(MaintenanceRequest.reindex("orders_pkey")));
			assertThat(next.getState()).as("%s", next.getMessages()).isEqualTo(State.DONE);
		}));
	}

	@Test
	void whenTheServerIsKilledThenTheTaskFailsAndWhatItLeftIsDroppedAfterwards() throws Exception {
		slowDown();
		this.runner.run((context) -> {
			Database orders = TestDatabases.orders(context);
			MaintenanceTask task = orders.getMaintenance().start(MaintenanceRequest.reindex("orders_slow"));
			await(() -> "orders_slow_ccnew".equals(invalidIndexes()));
			server.kill();
			server.restart();
			assertThat(end(task).getState()).isEqualTo(State.FAILED);
			assertThat(task.getMessages()).first()
				.isEqualTo(
						"Dropped the invalid index 'public.orders_slow_ccnew', which the operation had left behind.");
			assertThat(invalidIndexes()).isNull();
			await(() -> orders.getState() == DatabaseState.UP);
		});
	}

	@Test
	void whileTheDatabaseIsDownOrSuspendedNothingIsStarted() throws Exception {
		this.runner.run((context) -> {
			Database orders = TestDatabases.orders(context);
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			lifecycle.getOperations("orders").suspend(true, Duration.ZERO);
			assertRejected(orders, "Database 'orders' is suspended, and not maintained. Resume it\\.");
			lifecycle.getOperations("orders").resume();
			server.stop();
			try {
				await(() -> orders.getState() == DatabaseState.DOWN);
				assertRejected(orders, "Database 'orders' is not UP, and cannot be maintained: .+");
			}
			finally {
				server.restart();
			}
			await(() -> orders.getState() == DatabaseState.UP);
			assertThat(end(orders.getMaintenance().start(MaintenanceRequest.reindex("orders_pkey"))).getState())
				.isEqualTo(State.DONE);
		});
	}

	private static void assertRejected(Database database, String message) {
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(() -> database.getMaintenance().start(MaintenanceRequest.reindex("orders")))
			.withMessageMatching(message);
	}

	@Test
	void whenTheApplicationEndsThenItsTaskIsCancelledAndLeavesNothingBehind() throws Exception {
		slowDown();
		List<MaintenanceTask> tasks = new ArrayList<>();
		this.runner.run((context) -> {
			tasks.add(maintenance(context).start(MaintenanceRequest.reindex("orders_slow")));
			await(() -> "orders_slow_ccnew".equals(invalidIndexes()));
		});
		assertThat(tasks).singleElement().extracting(MaintenanceTask::getState).isEqualTo(State.CANCELLED);
		assertThat(tasks.get(0).getMessages()).last()
			.asString()
			.startsWith("Cancelled, because the application ends: ERROR: canceling statement due to user request");
		assertThat(invalidIndexes()).isNull();
		assertThat(query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'")).isEqualTo("0");
		TestDatabases.awaitNoThreads("appdbs-maintenance");
	}

	@Test
	void whenTheApplicationEndsWhileTheServerIsSilentThenItsTaskIsAborted() throws Exception {
		slowDown();
		List<MaintenanceTask> tasks = new ArrayList<>();
		try {
			this.runner.run((context) -> {
				tasks.add(maintenance(context).start(MaintenanceRequest.reindex("orders_slow")));
				await(() -> "orders_slow_ccnew".equals(invalidIndexes()));
				server.pause();
			});
		}
		finally {
			server.resume();
		}
		assertThat(end(tasks.get(0)).getState()).isEqualTo(State.CANCELLED);
		assertThat(tasks.get(0).getMessages()).first()
			.isEqualTo(
					"Whether the operation has left invalid indexes of 'public.orders_slow' behind could not be found "
							+ "out. Look for indexes whose names end with '_ccnew' or '_ccold', and drop them. "
							+ "Reason: the application ended");
		TestDatabases.awaitNoThreads("appdbs-maintenance");
		await(() -> query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'").equals("0"));
	}

	@Test
	void afterTheEndOfTheApplicationNothingIsStarted() throws Exception {
		List<Maintenance> closed = new ArrayList<>();
		this.runner.run((context) -> closed.add(maintenance(context)));
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(() -> closed.get(0).start(MaintenanceRequest.reindex("orders")))
			.withMessageStartingWith("Database 'orders' is not UP, and cannot be maintained: ");
	}

	private static Maintenance maintenance(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders").getMaintenance();
	}

	private static MaintenanceTask end(MaintenanceTask task) {
		return task.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
	}

	private static void await(Callable<Boolean> condition) {
		TestDatabases.await(condition);
	}

	private static String invalidIndexes() throws SQLException {
		return query("SELECT string_agg(indexrelid::regclass::text, ',') FROM pg_index WHERE NOT indisvalid");
	}

	private static String progressedIndex() throws SQLException {
		return query("SELECT max(index_relid::regclass::text) FROM pg_stat_progress_create_index");
	}

	private static String query(String sql) throws SQLException {
		try (Connection connection = server.connect("shop");
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

}
