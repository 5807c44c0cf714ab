package io.appdbs.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import io.appdbs.DatabaseState;
import io.appdbs.jdbc.PoolExhaustedException;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the log lines of an outage.
 */
class OutageLogLinesTests extends AbstractProxiedDatabaseTests {

	private static final String REFUSED = "the connection was refused, no server listens there. The driver says: Connection refused";

	private static final String NOT_ADMITTED = "the server does not admit this login to this database from here, or not without TLS. The driver says: FATAL: no pg_hba.conf entry";

	private final LoggedLines log = new LoggedLines();

	@AfterEach
	void closeLog() {
		this.log.close();
	}

	@Test
	void whenTheReasonOfAnOutageChangesThenTheNewReasonIsLogged() {
		proxy().refuse();
		runner("app.dbs.orders.required=false").run((context) -> {
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			rejectLogins();
			proxy().resume();
			Awaitility.await().until(() -> this.log.messages().size() == 2);
			awaitAttempts(context);
			assertThat(this.log.messages()).containsExactly("Database 'orders' is DOWN: " + REFUSED,
					"Database 'orders' is still DOWN: " + NOT_ADMITTED);
			proxy().reject(null);
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			assertThat(this.log.messages()).hasSize(3);
		});
	}

	@Test
	void whenTheServerRefusesConnectionsThenItIsNotCalledSilent() {
		runner("app.dbs.orders.health.abort-after=500ms").run((context) -> {
			proxy().refuse();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			awaitAttempts(context);
			assertThat(this.log.messages()).noneMatch((line) -> line.contains("silent"))
				.allMatch((line) -> line.startsWith("Database 'orders' is "));
			assertThat(this.log.stackTraces()).isEmpty();
		});
	}

	@Test
	void whenTheServerAnswersWithAnErrorThenItIsNotCalledSilent() {
		runner("app.dbs.orders.health.abort-after=500ms").run((context) -> {
			rejectLogins("57P03", "the database system is starting up");
			proxy().reset();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			awaitAttempts(context);
			assertThat(this.log.messages()).noneMatch((line) -> line.contains("silent"));
		});
	}

	@Test
	void whenAnswersAreSlowButInTimeThenNothingIsLogged() {
		runner("app.dbs.orders.health.abort-after=1s").run((context) -> {
			this.log.clear();
			proxy().delay(Duration.ofMillis(300));
			awaitAttempts(context, DatabaseState.UP);
			assertThat(this.log.messages()).isEmpty();
		});
	}

	@Test
	void whenTheServerIsSilentThenItIsLoggedOnce() {
		runner("app.dbs.orders.health.abort-after=1s").run((context) -> {
			this.log.clear();
			proxy().beSilent();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			awaitAttempts(context);
			assertThat(this.log.messages()).containsExactly(
					"Database 'orders' is DOWN: the host did not answer in time. The driver says: The server did not answer within 1000 ms",
					"Database 'orders' has been silent for 1 s: its connections are aborted, and statements that wait for an answer fail");
			assertThat(this.log.stackTraces()).isEmpty();
		});
	}

	@Test
	void whenARequiredDatabaseIsUnreachableAtTheStartThenThatIsLoggedAtOnce() {
		proxy().refuse();
		CompletableFuture.delayedExecutor(6, TimeUnit.SECONDS).execute(proxy()::resume);
		runner().run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.log.messages()).hasSize(3);
			assertThat(this.log.messages().get(0)).isEqualTo(
					"Database 'orders' is still STARTING after 1 attempt in 0 s, 'app.dbs.orders.startup.timeout' is 30 s: "
							+ REFUSED);
			assertThat(this.log.messages().get(1)).matches(
					"Database 'orders' is still STARTING after \\d+ attempts in [3-6] s, 'app.dbs.orders.startup.timeout' is 30 s: "
							+ REFUSED);
			assertThat(this.log.messages().get(2)).startsWith("Database 'orders' is UP after ");
		});
	}

	@Test
	void whenARequiredDatabaseIsSilentAtTheStartThenThatIsLoggedBeforeTheAttemptEnds() {
		proxy().swallow();
		CompletableFuture<Void> logged = SeparateThread.run(() -> {
			Awaitility.await().until(() -> !this.log.messages().isEmpty());
			proxy().reset();
			proxy().resume();
		});
		runner().run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(logged).isCompleted();
			assertThat(this.log.messages().get(0)).isEqualTo(
					"Database 'orders' is still STARTING: the first attempt takes more than 3 s, 'app.dbs.orders.startup.timeout' is 30 s");
		});
	}

	@Test
	void whenThePoolIsExhaustedThenItIsLoggedOnce() {
		runner("app.dbs.orders.pool.acquire-timeout=300ms", "app.dbs.orders.pool.leak-threshold=1m").run((context) -> {
			this.log.clear();
			DataSource dataSource = dataSource(context);
			try (Connection first = dataSource.getConnection(); Connection second = dataSource.getConnection()) {
				assertThat(first).isNotSameAs(second);
				for (int i = 0; i < 3; i++) {
					Throwable failure = catchThrowable(dataSource::getConnection);
					assertThat(failure).isInstanceOf(PoolExhaustedException.class).hasNoCause();
				}
			}
			String thread = Pattern.quote(Thread.currentThread().getName());
			assertThat(this.log.messages()).singleElement(InstanceOfAssertFactories.STRING)
				.matches(Pattern.quote(
						"Timed out after 300 ms waiting for a connection from the pool of database 'orders': active 2, idle 0, waiting 0, maximum 2.")
						+ " Held by %1$s \\(for PT\\S+\\), %1$s \\(for PT\\S+\\)\\. ".formatted(thread) + Pattern
							.quote("Further timeouts are not logged until the pool has not been exhausted for 60 s."));
			assertThat(this.log.stackTraces()).isEmpty();
		});
	}

	private void rejectLogins() {
		rejectLogins("28000", "no pg_hba.conf entry");
	}

	private void rejectLogins(String state, String message) {
		byte[] fields = "SFATAL\0C%s\0M%s\0\0".formatted(state, message).getBytes(StandardCharsets.US_ASCII);
		byte[] answer = ByteBuffer.allocate(fields.length + 5)
			.put((byte) 'E')
			.putInt(fields.length + 4)
			.put(fields)
			.array();
		proxy().reject("\0database\0", answer);
	}

	/**
	 * Waits until the database has been probed several times.
	 */
	private static void awaitAttempts(ApplicationContext context) {
		awaitAttempts(context, DatabaseState.DOWN);
	}

	private static void awaitAttempts(ApplicationContext context, DatabaseState state) {
		long accepted = System.nanoTime();
		Awaitility.await().until(() -> System.nanoTime() - accepted > TimeUnit.SECONDS.toNanos(3));
		assertThat(TestDatabases.state(context)).isEqualTo(state);
	}

}
