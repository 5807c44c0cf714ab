package io.appdbs.lifecycle;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.Database;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.jdbc.PoolExhaustedException;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.Waits;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for databases that are down, at the start or later, behind a proxy that breaks
 * the connection to a real server.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutageTests extends AbstractProxiedDatabaseTests {

	/** With this limit, a test that retries does not end in time. */
	private static final String NEVER = "app.dbs.orders.startup.timeout=1h";

	private static int databases;

	@TempDir
	private Path folder;

	private MigrationFolder migrations;

	private String database;

	private final Events events = new Events();

	@BeforeEach
	void setUp() throws Exception {
		this.migrations = new MigrationFolder(this.folder);
		this.database = "outage" + ++databases;
		execute("orders", "CREATE DATABASE " + this.database);
	}

	@AfterEach
	void tearDown() {
		logger().setLevel(Level.WARN);
	}

	@Test
	void whenAnOptionalDatabaseIsDownThenTheApplicationStartsAndItComesUpMigrated() {
		this.migrations.write("orders/V1__create.sql", "create table item (name varchar(20));");
		proxy().refuse();
		List<Boolean> migratedWhenUp = new CopyOnWriteArrayList<>();
		ApplicationListener<DatabaseStateChangedEvent> listener = (event) -> {
			if (event.getTo() == DatabaseState.UP && event.getDatabase().getName().equals("orders")) {
				migratedWhenUp.add(exists("item"));
			}
		};
		runner(NEVER, "app.dbs.orders.required=false", "app.dbs.orders.startup.required-tables=item",
				"app.dbs.audit.url=jdbc:h2:mem:outage-audit")
			.withBean("listener", ApplicationListener.class, () -> listener)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Database orders = TestDatabases.orders(context);
				assertThat(orders.getState()).isEqualTo(DatabaseState.DOWN);
				assertThat(orders.getLastFailure()).isInstanceOf(SQLException.class);
				assertThat(context.getBean(Databases.class).get("audit").getState()).isEqualTo(DatabaseState.UP);
				assertThat(context.getBean("ordersFlyway", Flyway.class)).isNotNull();
				assertThat(exists("item")).isFalse();
				proxy().resume();
				TestDatabases.await(() -> orders.getState() == DatabaseState.UP);
				assertThat(template(context).queryForObject("select count(*) from item", Integer.class)).isZero();
				// the event comes after the state
				TestDatabases.await(() -> !migratedWhenUp.isEmpty());
				assertThat(migratedWhenUp).containsExactly(true);
			});
	}

	@Test
	void whenADeferredMigrationFailsThenTheDatabaseStaysDownWithThatReason() {
		this.migrations.write("orders/V1__broken.sql", "selekt 1;");
		proxy().refuse();
		runner("app.dbs.orders.required=false").run((context) -> {
			assertThat(context).hasNotFailed();
			proxy().resume();
			TestDatabases.await(() -> outage(context).reason().contains("could not be migrated"));
			assertThat(outage(context).reason())
				.startsWith("Database 'orders' (PostgreSQL) could not be migrated: migration 'V1__broken.sql' failed");
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.DOWN);
		});
	}

	@Test
	void whenARequiredTableOfAnOptionalDatabaseIsMissingThenItStaysDown() {
		runner("app.dbs.orders.required=false", "app.dbs.orders.startup.required-tables=item").run((context) -> {
			assertThat(context).hasNotFailed();
			TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			assertThat(outage(context).reason()).contains("lacks the required tables: item.");
			execute(this.database, "create table item (name varchar(20))");
			TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
		});
	}

	@Test
	void whenARequiredIndexOfAnOptionalDatabaseIsMissingAfterAnOutageThenItStaysDownUntilItIsThere()
			throws SQLException {
		proxy().refuse();
		execute(this.database, "create table item (name varchar(20))");
		runner("app.dbs.orders.required=false", "app.dbs.orders.startup.required-columns=item.name: text",
				"app.dbs.orders.startup.required-indexes=item(name) unique")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				proxy().resume();
				TestDatabases
					.await(() -> outage(context).reason().contains("lacks the required indexes: item(name) unique."));
				assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.DOWN);
				execute(this.database, "create unique index on item (name)");
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
			});
	}

	@Test
	void whenARequiredDatabaseStaysDownThenTheStartFailsAfterTheTimeout() {
		proxy().refuse();
		assertThat(analyze("app.dbs.orders.startup.timeout=1s")).matches(Pattern
			.quote("Database 'orders' (PostgreSQL at " + proxy().address() + "/" + this.database
					+ ") could not be opened (")
				+ "\\d+ attempts in \\d+ s"
				+ Pattern.quote("): the connection was refused, no server listens there. "
						+ "The driver says: Connection refused\n\n"
						+ "Start the server, or correct host and port in 'app.dbs.orders.url'."));
	}

	@Test
	void whenARequiredDatabaseComesUpInTimeThenTheStartSucceeds() {
		proxy().refuse();
		CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS).execute(proxy()::resume);
		runner().run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whileTheDatabaseIsDownBorrowingFailsAtOnceUntilItRecovers(CapturedOutput output) {
		logger().setLevel(Level.INFO);
		runner().run((context) -> {
			DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
			template(context).execute("select 1");
			Instant begin = Instant.now();
			proxy().refuse();
			TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			List<String> threads = TestDatabases.threads("appdbs");
			Waits.assertNone(
					() -> assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource::getConnection));
			DatabaseOutage outage = outage(context);
			assertThat(outage.database()).isEqualTo("orders");
			assertThat(outage.since()).isBetween(begin, Instant.now());
			assertThat(outage.nextAttempt()).isNotNull();
			assertThat(outage.reason())
				.startsWith("the connection was refused, no server listens there. " + "The driver says: Connection");
			assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource::getConnection)
				.withMessage(outage(context).toString());
			assertThat(catchThrowable(() -> template(context).execute("select 1")))
				.isInstanceOf(CannotGetJdbcConnectionException.class)
				.hasCauseInstanceOf(DatabaseDownException.class);
			assertThat(TestDatabases.threads("appdbs")).hasSizeLessThanOrEqualTo(threads.size() + 1);
			proxy().resume();
			TestDatabases.await(() -> TestDatabases.answers(context));
			assertThat(this.events.states("orders")).containsExactly("STARTING > UP", "UP > DOWN", "DOWN > UP");
			assertThat(output.getAll().lines().filter((line) -> line.contains("Database 'orders' is "))).hasSize(3);
		});
	}

	@Test
	void whileTheDatabaseIsDownItsPoolDoesNotConnect() {
		runner().run((context) -> {
			template(context).execute("select 1");
			proxy().refuse();
			TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			// it would wait up to 5 s between its attempts
			Awaitility.await().during(Duration.ofSeconds(2)).until(() -> !isConnecting());
			proxy().resume();
			TestDatabases.await(() -> TestDatabases.answers(context));
		});
	}

	@Test
	void whenConnectionsAreResetThenTheDatabaseRecoversAtOnce() {
		runner().run((context) -> {
			template(context).execute("select 1");
			proxy().reset();
			TestDatabases.await(() -> TestDatabases.answers(context));
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenOnlyNewConnectionsAreRefusedThenTheDatabaseStaysUpAndItsConnectionWorks(boolean traffic) {
		runner("app.dbs.orders.pool.max-size=1").run((context) -> {
			Integer pid = template(context).queryForObject("select pg_backend_pid()", Integer.class);
			proxy().refuseNew();
			// all but the connection of the pool, so that of the monitor
			execute("orders", "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + this.database
					+ "' and pid <> " + pid);
			// without traffic, an idle connection proves that the database works
			Awaitility.await()
				.pollInterval(Duration.ofMillis(20))
				.during(Duration.ofSeconds(4))
				.until(() -> (!traffic || TestDatabases.answers(context))
						&& TestDatabases.state(context) == DatabaseState.UP);
			assertThat(template(context).queryForObject("select pg_backend_pid()", Integer.class)).isEqualTo(pid);
			assertThat(this.events.states("orders")).containsExactly("STARTING > UP");
		});
	}

	@Test
	void whenThePoolIsExhaustedThenTheMessageContainsTheFigures() {
		runner("app.dbs.orders.pool.max-size=2", "app.dbs.orders.pool.acquire-timeout=2s").run((context) -> {
			DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
			try (Connection first = dataSource.getConnection(); Connection second = dataSource.getConnection()) {
				assertThat(first).isNotSameAs(second);
				assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(dataSource::getConnection)
					.withMessage(
							"Timed out after 2000 ms waiting for a connection from the pool of database 'orders': active 2, idle 0, waiting 0, maximum 2. Set 'app.dbs.orders.pool.leak-threshold' to see which threads hold the connections.");
			}
			assertThat(TestDatabases.answers(context)).isTrue();
		});
	}

	@Test
	void whenThePoolIsExhaustedThenTheMessageContainsTheHoldersIfTracked() {
		runner("app.dbs.orders.pool.max-size=1", "app.dbs.orders.pool.acquire-timeout=300ms",
				"app.dbs.orders.pool.leak-threshold=10s")
			.run((context) -> {
				DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
				dataSource.getConnection().close();
				try (Connection held = dataSource.getConnection()) {
					assertThat(held.isValid(1)).isTrue();
					Throwable failure = catchThrowable(dataSource::getConnection);
					assertThat(failure).isInstanceOf(PoolExhaustedException.class);
					assertThat(failure.getMessage()).matches(Pattern.quote(
							"Timed out after 300 ms waiting for a connection from the pool of database 'orders': active 1, idle 0, waiting 0, maximum 1. Held by "
									+ Thread.currentThread().getName() + " (for PT0.")
							+ "\\d+S\\)\\.");
				}
			});
	}

	@Test
	void whenTheApplicationIsClosedWhileAnOptionalDatabaseHangsThenItClosesInTime(CapturedOutput output) {
		proxy().beSilent();
		runner("app.dbs.orders.required=false").run((context) -> {
			assertThat(context).hasNotFailed();
			Database orders = TestDatabases.orders(context);
			assertThat(orders.getState()).isIn(DatabaseState.STARTING, DatabaseState.DOWN);
			context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
			assertThat(orders.getState()).isEqualTo(DatabaseState.CLOSED);
		});
		TestDatabases.awaitNoThreads("appdbs");
		assertThat(output).doesNotContain("is abandoned");
	}

	@Test
	void whenTheApplicationIsClosedWhileItsDatabaseGoesDownThenItClosesInTime(CapturedOutput output) {
		runner().run((context) -> {
			template(context).execute("select 1");
			proxy().beSilent();
			context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
		});
		TestDatabases.awaitNoThreads("appdbs");
		assertThat(output).doesNotContain("is abandoned");
	}

	@Test
	void whenTheApplicationIsClosedWhileItStartsThenTheStartEndsInTime(CapturedOutput output) throws Exception {
		proxy().beSilent();
		CompletableFuture<GenericApplicationContext> created = new CompletableFuture<>();
		CompletableFuture<Throwable> failed = new CompletableFuture<>();
		Thread starter = new Thread(
				() -> runner().withInitializer((context) -> created.complete((GenericApplicationContext) context))
					.run((context) -> failed.complete(context.getStartupFailure())),
				"starter");
		starter.start();
		GenericApplicationContext context = created.get(30, TimeUnit.SECONDS);
		TestDatabases.await(() -> TestDatabases.threads("appdbs").contains("appdbs-orders"));
		TestDatabases.await(() -> starter.getState() == Thread.State.WAITING);
		context.close();
		assertThat(failed.get(60, TimeUnit.SECONDS)).isNotNull();
		TestDatabases.awaitNoThreads("appdbs");
		assertThat(output).doesNotContain("is abandoned");
	}

	@Test
	void whenTwoApplicationsStartOnANewServerThenTheDatabaseIsCreatedAndMigratedOnce() throws Exception {
		execute("orders", "DROP DATABASE " + this.database);
		this.migrations.write("orders/V1__create.sql",
				"create table item (name varchar(20)); insert into item select 'one' from pg_sleep(0.3);");
		List<CompletableFuture<Integer>> applications = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			CompletableFuture<Integer> application = new CompletableFuture<>();
			applications.add(application);
			new Thread(() -> {
				try {
					runner("app.dbs.orders.create-database=true").run((context) -> {
						assertThat(context).hasNotFailed();
						application.complete(template(context)
							.queryForObject("select count(*) from flyway_schema_history", Integer.class));
					});
				}
				catch (Throwable ex) {
					application.completeExceptionally(ex);
				}
			}).start();
		}
		for (CompletableFuture<Integer> application : applications) {
			assertThat(application.get(30, TimeUnit.SECONDS)).isOne();
		}
	}

	@Test
	void whenPoolsCanExceedTheLimitOfTheServerThenThereIsOneWarning(CapturedOutput output) {
		runner("app.dbs.orders.pool.max-size=700", "app.dbs.orders.pool.min-size=1",
				"app.dbs.audit.url=postgresql://" + proxy().address() + "/" + this.database,
				"app.dbs.audit.username=postgres", "app.dbs.audit.pool.max-size=500", "app.dbs.audit.pool.min-size=1")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getAll()
			.lines()
			.filter((line) -> line.contains("Databases orders, audit share the PostgreSQL server"))).singleElement()
			.asString()
			.contains("can open 700 + 500 + 2 connections");
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("io.appdbs");
	}

	private static JdbcTemplate template(ApplicationContext context) {
		return context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
	}

	private static DatabaseOutage outage(ApplicationContext context) {
		Throwable failure = catchThrowable(() -> context.getBean("ordersDataSource", DataSource.class).getConnection());
		assertThat(failure).isInstanceOf(DatabaseDownException.class);
		return ((DatabaseDownException) failure).getOutage();
	}

	/**
	 * Returns whether a pool opens a connection, or waits to retry.
	 */
	private static boolean isConnecting() {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.flatMap(Stream::of)
			.anyMatch((frame) -> frame.getClassName().endsWith("HikariPool$PoolEntryCreator"));
	}

	private boolean exists(String table) {
		try (Connection connection = connect(this.database);
				ResultSet tables = connection.getMetaData().getTables(null, null, table, null)) {
			return tables.next();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void execute(String database, String sql) throws SQLException {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static Connection connect(String database) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://" + server() + "/" + database + "?user=postgres");
	}

	private String analyze(String... properties) {
		String[] text = new String[1];
		runner(properties).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = FailureText.analyze(context.getStartupFailure());
			text[0] = analysis.getDescription() + "\n\n" + analysis.getAction();
		});
		return text[0];
	}

	@Override
	public ApplicationContextRunner runner(String... properties) {
		return super.runner("app.dbs.orders.url=postgresql://" + proxy().address() + "/" + this.database)
			.withClassLoader(this.migrations.classLoader())
			.withBean("events", Events.class, () -> this.events)
			.withPropertyValues(properties);
	}

	/**
	 * Records transitions.
	 */
	static final class Events implements ApplicationListener<DatabaseStateChangedEvent> {

		private final List<DatabaseStateChangedEvent> events = new CopyOnWriteArrayList<>();

		@Override
		public void onApplicationEvent(DatabaseStateChangedEvent event) {
			this.events.add(event);
		}

		List<String> states(String database) {
			return this.events.stream()
				.filter((event) -> event.getDatabase().getName().equals(database))
				.map((event) -> event.getFrom() + " > " + event.getTo())
				.toList();
		}

	}

}
