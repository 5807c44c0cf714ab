package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.rls.PostgresServer;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the verification of row-level security while the application runs.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RlsScheduledVerificationTests {

	private static final String NEVER = "app.dbs.orders.rls.verify-interval=0";

	private static final String SCHEMA = """
			CREATE ROLE app LOGIN;
			CREATE TABLE note (owner text);
			INSERT INTO note VALUES ('alice'), ('bob');
			ALTER TABLE note ENABLE ROW LEVEL SECURITY;
			CREATE POLICY own ON note
				USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			GRANT SELECT ON note TO app;
			""";

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", SCHEMA);

	private final Logger logger = (Logger) LoggerFactory.getLogger(RlsVerification.class);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicBoolean done = new AtomicBoolean();

	@AfterEach
	void reset() throws SQLException {
		this.logger.setLevel(null);
		this.done.set(true);
		this.threads.shutdownNow();
		server.execute("ALTER ROLE app NOBYPASSRLS; ALTER TABLE note ENABLE ROW LEVEL SECURITY");
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "false" })
	void whenTheRoleCanBypassPoliciesThenTheDatabaseIsDownUntilItCannot(String required, CapturedOutput output) {
		Queue<DatabaseStateChangedEvent> events = new ConcurrentLinkedQueue<>();
		runner("app.dbs.orders.rls.verify-interval=1s", "app.dbs.orders.required=" + required)
			.withInitializer((context) -> context
				.addApplicationListener((ApplicationListener<DatabaseStateChangedEvent>) events::add))
			.run((context) -> {
				awaitState(context, DatabaseState.UP);
				List<Future<Integer>> readers = read(context, 8);
				server.execute("ALTER ROLE app BYPASSRLS");
				awaitState(context, DatabaseState.DOWN);
				Awaitility.await()
					.during(Duration.ofMillis(500))
					.until(() -> snapshot(context).state() == DatabaseState.DOWN);
				this.done.set(true);
				assertThat(await(readers)).allSatisfy((reads) -> assertThat(reads).isPositive());
				String reason = "Row-level security of database 'orders' (PostgreSQL at %s) does not hold:\n\n    [role-bypassrls] role app has BYPASSRLS, so no policy binds it."
					.formatted(server.address() + "/orders");
				DatabaseOutage outage = snapshot(context).outage();
				assertThat(outage).isNotNull();
				assertThat(outage.reason()).isEqualTo(reason);
				assertThat(outage.nextAttempt()).isNotNull();
				assertThatExceptionOfType(DatabaseDownException.class)
					.isThrownBy(() -> dataSource(context).getConnection())
					.withMessageContaining("role app has BYPASSRLS");
				assertThat(details(context)).extractingByKey("findings").asString().contains("id=role-bypassrls");
				assertThat(output).contains("Database 'orders' is DOWN: " + reason
						+ "\n\nApply the following fixes, preferably in a migration:\n\n    ALTER ROLE app NOBYPASSRLS;");
				server.execute("ALTER ROLE app NOBYPASSRLS");
				awaitState(context, DatabaseState.UP);
				assertThat(owners(context)).containsExactly("alice");
				assertThat(details(context)).containsEntry("findings", List.of());
				Awaitility.await()
					.untilAsserted(() -> assertThat(events).extracting(DatabaseStateChangedEvent::getTo)
						.containsSubsequence(DatabaseState.DOWN, DatabaseState.UP));
				assertThat(events).filteredOn((event) -> event.getTo() == DatabaseState.DOWN)
					.singleElement()
					.satisfies((event) -> assertThat(event.getReason()).isEqualTo(reason));
			});
	}

	@Test
	void whenTheDatabaseIsRejectedThenProbesDoNotBringItUp() {
		runner(NEVER).run((context) -> {
			server.execute("ALTER TABLE note DISABLE ROW LEVEL SECURITY");
			verify(context);
			long probes = probes(context);
			Awaitility.await().until(() -> probes(context) > probes + 5);
			assertThat(snapshot(context).state()).isEqualTo(DatabaseState.DOWN);
			context.getBean(DatabaseLifecycle.class).getOperations("orders").probe();
			assertThat(snapshot(context).state()).isEqualTo(DatabaseState.DOWN);
			server.execute("ALTER TABLE note ENABLE ROW LEVEL SECURITY");
			verify(context);
			awaitState(context, DatabaseState.UP);
			assertThat(owners(context)).containsExactly("alice");
		});
	}

	@Test
	void whenTheDatabaseIsRejectedThenConnectionsThatAreInUseAreEnded() {
		runner(NEVER).run((context) -> RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
			try (Connection connection = dataSource(context).getConnection()) {
				connection.setAutoCommit(false);
				assertThat(owners(connection)).containsExactly("alice");
				server.execute("ALTER ROLE app BYPASSRLS");
				verify(context);
				Awaitility.await()
					.untilAsserted(
							() -> assertThatExceptionOfType(SQLException.class).isThrownBy(() -> owners(connection)));
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}));
	}

	@Test
	void whenVerificationsFailAndPassInTurnThenNoUserReadsWhileTheDatabaseIsRejected() {
		runner(NEVER, "app.dbs.orders.pool.max-size=6").run((context) -> {
			AtomicInteger reads = new AtomicInteger();
			// odd while the database is rejected
			AtomicInteger phase = new AtomicInteger();
			List<Future<Object>> readers = submit(12, () -> {
				while (!this.done.get()) {
					int before = phase.get();
					List<String> owners = readOrEmpty(context);
					if (before % 2 == 1 && phase.get() == before) {
						assertThat(owners).isEmpty();
					}
					reads.addAndGet(owners.size());
				}
				return null;
			});
			for (int i = 0; i < 8; i++) {
				int former = reads.get();
				Awaitility.await().until(() -> reads.get() > former);
				server.execute("ALTER ROLE app BYPASSRLS");
				// one that was running may have read the catalog before
				Awaitility.await().until(() -> {
					verify(context);
					return snapshot(context).state() == DatabaseState.DOWN;
				});
				phase.incrementAndGet();
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20 * i));
				phase.incrementAndGet();
				server.execute("ALTER ROLE app NOBYPASSRLS");
				verify(context);
				awaitState(context, DatabaseState.UP);
				assertThat(owners(context)).containsExactly("alice");
			}
			this.done.set(true);
			await(readers);
		});
	}

	private static List<String> readOrEmpty(ApplicationContext context) {
		try {
			return owners(context);
		}
		catch (DataAccessException ex) {
			// the database is down, or the connection was aborted
			return List.of();
		}
	}

	@Test
	void theEndpointVerifiesAndListsFindings() {
		runner(NEVER).run((context) -> {
			server.execute("ALTER ROLE app BYPASSRLS");
			DatabasesEndpoint endpoint = new DatabasesEndpoint(context.getBean(DatabaseLifecycle.class),
					(database) -> null, context, List.of(), Show.ALWAYS);
			DatabaseDescriptor database = endpoint.operate("orders", "verify", null, null, null).database();
			assertThat(database.state()).isEqualTo(DatabaseState.DOWN);
			PreparationReport report = database.preparations().get(0);
			assertThat(report.name()).isEqualTo("row-level-security");
			assertThat(report.details()).containsEntry("tables", 1L)
				.containsEntry("findings",
						List.of(Map.of("id", "role-bypassrls", "severity", "ERROR", "object", "role app", "reason",
								"has BYPASSRLS, so no policy binds it", "fix", "ALTER ROLE app NOBYPASSRLS;")));
			server.execute("ALTER ROLE app NOBYPASSRLS");
			report = endpoint.operate("orders", "verify", null, null, null).database().preparations().get(0);
			assertThat(report.details()).containsEntry("findings", List.of());
			awaitState(context, DatabaseState.UP);
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			rls.enabled=false | 'app.dbs.orders.rls.enabled' is false.
			rls.verify=off | 'app.dbs.orders.rls.verify' is 'off'.
			url=postgresql://localhost:1/orders | it has not connected yet; each connection attempt verifies it.
			""")
	void whenThereIsNothingToVerifyThenTheOperationSaysSo(String property, String reason) {
		runner("app.dbs.orders.required=false", "app.dbs.orders.privileges.verify=off", "app.dbs.orders." + property)
			.run((context) -> assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> verify(context))
				.withMessage("Database 'orders' cannot be verified: " + reason));
	}

	@Test
	void whenFindingsAreOnlyWarnedOfThenWhatIsNewAndWhatIsGoneIsLogged(CapturedOutput output) {
		this.logger.setLevel(Level.INFO);
		runner(NEVER, "app.dbs.orders.rls.verify=warn").run((context) -> {
			server.execute("ALTER ROLE app BYPASSRLS");
			verify(context);
			verify(context);
			assertThat(snapshot(context).state()).isEqualTo(DatabaseState.UP);
			String found = "Row-level security of database 'orders': [role-bypassrls] role app has BYPASSRLS, so no policy binds it.";
			assertThat(output.toString().split(Pattern.quote(found), -1)).hasSize(2);
			server.execute("ALTER ROLE app NOBYPASSRLS");
			verify(context);
			verify(context);
			String gone = "Row-level security of database 'orders': no longer found: [role-bypassrls] role app has BYPASSRLS, so no policy binds it.";
			assertThat(output.toString().split(Pattern.quote(gone), -1)).hasSize(2);
		});
	}

	@Test
	void whenTheServerDoesNotAnswerInTimeThenTheDatabaseStaysUpAndIsProbed(CapturedOutput output) {
		runner("app.dbs.orders.rls.verify-interval=1s").run((context) -> {
			try (Connection blocker = lockNotes()) {
				Awaitility.await().until(() -> output.toString().contains("could not be verified"));
				long probes = probes(context);
				assertThatExceptionOfType(IllegalDatabaseOperationException.class).isThrownBy(() -> verify(context))
					.withMessageStartingWith("Database 'orders' was not verified: ")
					.withMessageContaining("lock timeout");
				assertThat(probes(context)).isGreaterThan(probes + 5);
				assertThat(snapshot(context).state()).isEqualTo(DatabaseState.UP);
			}
			verify(context);
			assertThat(output.toString().split("could not be verified", -1)).hasSize(2);
			assertThat(output)
				.contains("Database 'orders' could not be verified and stays UP, the verification is retried: ");
		});
	}

	@Test
	void whenAVerificationIsRunningThenFurtherRequestsShareTheNextOne() {
		runner(NEVER).run((context) -> {
			try (Connection blocker = lockNotes()) {
				List<Future<Object>> requests = submit(5, () -> {
					verify(context);
					return null;
				});
				Awaitility.await().until(() -> waiting() == 1);
				Awaitility.await().during(Duration.ofMillis(300)).until(() -> waiting() == 1);
				blocker.rollback();
				await(requests);
			}
		});
	}

	@Test
	void whenTheApplicationIsClosedDuringAVerificationThenItDoesNotWait(CapturedOutput output) {
		Queue<DatabaseState> states = new ConcurrentLinkedQueue<>();
		AtomicInteger millis = new AtomicInteger();
		runner(NEVER)
			.withInitializer((context) -> context.addApplicationListener(
					(ApplicationListener<DatabaseStateChangedEvent>) (event) -> states.add(event.getTo())))
			.run((context) -> {
				try (Connection blocker = lockNotes()) {
					this.threads.submit(() -> verify(context));
					Awaitility.await().until(() -> waiting() == 1);
					long begin = System.nanoTime();
					context.close();
					millis.set((int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
					Awaitility.await().until(() -> waiting() == 0);
				}
			});
		assertThat(millis).hasValueLessThan(2000);
		assertThat(states).last().isEqualTo(DatabaseState.CLOSED);
		assertThat(output).doesNotContain("could not be verified", "is DOWN");
	}

	@Test
	void whenTheDatabaseComesBackFromAnOutageThenItIsVerified() throws Exception {
		try (RestartablePostgres restartable = RestartablePostgres.create()) {
			restartable.execute("postgres", SCHEMA);
			runner("app.dbs.orders.url=postgresql://" + restartable.address() + "/postgres").run((context) -> {
				restartable.execute("postgres", "ALTER ROLE app BYPASSRLS");
				restartable.stop();
				awaitState(context, DatabaseState.DOWN);
				restartable.restart();
				awaitOutage(context, "role app has BYPASSRLS");
				restartable.stop();
				awaitOutage(context, "refused");
				restartable.restart();
				awaitOutage(context, "role app has BYPASSRLS");
				restartable.execute("postgres", "ALTER ROLE app NOBYPASSRLS");
				verify(context);
				awaitState(context, DatabaseState.UP);
				assertThat(owners(context)).containsExactly("alice");
			});
		}
	}

	/**
	 * Read as a user until the database is down and then some more. What is begun then
	 * must not see the rows of others.
	 * @return how often each thread has read
	 */
	private List<Future<Integer>> read(ApplicationContext context, int count) throws InterruptedException {
		CountDownLatch started = new CountDownLatch(count);
		List<Future<Integer>> readers = submit(count, () -> {
			int reads = 0;
			while (!this.done.get()) {
				boolean up = snapshot(context).state() == DatabaseState.UP;
				try {
					List<String> owners = owners(context);
					reads++;
					started.countDown();
					if (!up) {
						assertThat(owners).containsExactly("alice");
					}
				}
				catch (DataAccessException ex) {
					// it is down
				}
			}
			return reads;
		});
		assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
		return readers;
	}

	/**
	 * Start tasks, each on its own thread.
	 */
	private <T> List<Future<T>> submit(int count, Callable<T> task) {
		return Stream.generate(() -> task).limit(count).map(this.threads::submit).toList();
	}

	private static <T> List<T> await(List<Future<T>> tasks) throws Exception {
		List<T> results = new ArrayList<>();
		for (Future<T> task : tasks) {
			results.add(task.get());
		}
		return results;
	}

	private static void awaitOutage(ApplicationContext context, String reason) {
		Awaitility.await()
			.untilAsserted(() -> assertThat(snapshot(context).outage()).isNotNull()
				.satisfies((outage) -> assertThat(outage.reason()).contains(reason)));
	}

	private static List<String> owners(ApplicationContext context) {
		return RlsContextHolder.supplyAs(RlsContext.of("alice"),
				() -> context.getBean(JdbcTemplate.class).queryForList("SELECT owner FROM note", String.class));
	}

	private static List<String> owners(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT string_agg(owner, ',') FROM note")) {
			rows.next();
			return List.of(rows.getString(1).split(","));
		}
	}

	private static void verify(ApplicationContext context) {
		context.getBean(DatabaseLifecycle.class).getOperations("orders").verify();
	}

	private static void awaitState(ApplicationContext context, DatabaseState state) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> snapshot(context).state() == state);
	}

	private static DatabaseSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders").getSnapshot();
	}

	private static Map<String, Object> details(ApplicationContext context) {
		return snapshot(context).preparation("row-level-security").details();
	}

	private static long probes(ApplicationContext context) {
		return context.getBean(DatabaseLifecycle.class).getStatistics("orders").getProbes();
	}

	private static DataSource dataSource(ApplicationContext context) {
		return context.getBean("ordersDataSource", DataSource.class);
	}

	private static Connection lockNotes() throws SQLException {
		Connection connection = server.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("LOCK TABLE note IN ACCESS EXCLUSIVE MODE");
		}
		return connection;
	}

	/**
	 * Return how many connections of the application wait for a lock.
	 */
	private static int waiting() throws SQLException {
		try (Connection connection = server.connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(
						"SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND wait_event_type = 'Lock'")) {
			rows.next();
			return rows.getInt(1);
		}
	}

	private static ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + server.address() + "/orders",
					"app.dbs.orders.username=app", "app.dbs.orders.rls.enabled=true",
					"app.dbs.orders.health.interval=200ms", "app.dbs.orders.health.timeout=200ms")
			.withPropertyValues(properties);
	}

}
