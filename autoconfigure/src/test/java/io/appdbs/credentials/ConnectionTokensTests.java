package io.appdbs.credentials;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.jdbc.PoolConnectException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.TcpProxy;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for credentials that are valid only for connecting.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionTokensTests extends AbstractCredentialsTests {

	private final TokenService tokens = new TokenService();

	@Test
	void whenTheProviderReturnsAnotherTokenWithEachCallThenOpenConnectionsStay() {
		this.tokens.life = Duration.ofMillis(600);
		tokenRunner("app.dbs.orders.credentials.retire-after=100ms").run((context) -> {
			try (Connection held = dataSource(context).getConnection()) {
				int backend = backend(held);
				int former = this.tokens.issued.get();
				Awaitility.await().until(() -> this.tokens.issued.get() >= former + 4);
				assertThat(backend(held)).isEqualTo(backend);
				assertThat(backend(context)).isNotEqualTo(backend);
			}
			assertThat(usage(context).rotations()).isZero();
			assertThat(usage(context).failure()).isNull();
			assertThat(usage(context).expiresAt()).isAfter(Instant.now().minusSeconds(1));
		});
	}

	@Test
	void whileATokenIsValidNoOtherOneIsRequested() {
		tokenRunner().run((context) -> {
			for (int i = 0; i < 10; i++) {
				evict(context);
				assertThat(currentUser(context)).isEqualTo("anna");
			}
			assertThat(this.tokens.issued).hasValue(1);
		});
	}

	@Test
	void whenTheTokenIsRefusedForManyCallersThenOneNewTokenIsRequested() {
		tokenRunner("app.dbs.orders.pool.max-size=50", "app.dbs.orders.pool.min-size=0").run((context) -> {
			this.tokens.revoke();
			this.tokens.latency = Duration.ofMillis(300);
			evict(context);
			CountDownLatch all = new CountDownLatch(50);
			List<Future<String>> users = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				users.add(threads().submit(() -> {
					try (Connection connection = dataSource(context).getConnection()) {
						all.countDown();
						all.await();
						return currentUser(connection);
					}
				}));
			}
			for (Future<String> user : users) {
				assertThat(user.get()).isEqualTo("anna");
			}
			assertThat(this.tokens.issued).hasValue(2);
			assertThat(context.getBean(Databases.class).get("orders").getState()).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenTheTokenServiceFailsThenTheCurrentTokenIsUsedUntilItExpires(CapturedOutput output) {
		this.tokens.life = Duration.ofSeconds(4);
		tokenRunner("app.dbs.orders.pool.acquire-timeout=1s", "app.dbs.orders.health.interval=1h").run((context) -> {
			try (Connection held = dataSource(context).getConnection()) {
				int backend = backend(held);
				Instant end = usage(context).expiresAt();
				this.tokens.failing = true;
				Awaitility.await().until(() -> usage(context).failure() != null);
				evict(context);
				assertThat(currentUser(context)).isEqualTo("anna");
				Awaitility.await().until(() -> Instant.now().isAfter(end));
				evict(context);
				Awaitility.await()
					.untilAsserted(() -> assertThatExceptionOfType(PoolConnectException.class)
						.isThrownBy(() -> currentUser(context))
						.withMessageMatching(
								"Timed out after 1000 ms because the pool of database 'orders' could not open a connection \\(active 1, idle 0, waiting \\d+, maximum 4\\): there are no credentials: its credentials provider failed with a java\\.lang\\.IllegalStateException"));
				int failed = this.tokens.failed.get();
				assertThat(failed).isLessThan(10);
				assertThat(backend(held)).isEqualTo(backend);
				assertThat(context.getBean(Databases.class).get("orders").getState()).isEqualTo(DatabaseState.UP);
				this.tokens.failing = false;
				Awaitility.await().until(() -> usage(context).failure() == null);
				// the pool retries at growing intervals
				Awaitility.await()
					.ignoreExceptionsInstanceOf(PoolConnectException.class)
					.untilAsserted(() -> assertThat(currentUser(context)).isEqualTo("anna"));
				assertThat(output).containsOnlyOnce("Database 'orders' keeps its credentials, which expire at " + end
						+ ": its credentials provider failed with a java.lang.IllegalStateException.");
			}
		});
		assertThat(output).doesNotContain("s3cr3t");
	}

	@Test
	void whenEveryTokenIsRefusedThenLoginsAndTokensAreFew() {
		tokenRunner("app.dbs.orders.required=false", "app.dbs.orders.health.interval=100ms",
				"app.dbs.orders.health.timeout=100ms")
			.run((context) -> {
				this.tokens.wrong = true;
				this.tokens.revoke();
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				int former = this.tokens.issued.get();
				execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'anna'");
				Awaitility.await().until(() -> lifecycle.get("orders").getState() == DatabaseState.DOWN);
				Awaitility.await()
					.during(Duration.ofSeconds(2))
					.until(() -> lifecycle.get("orders").getState() == DatabaseState.DOWN);
				assertThat(this.tokens.issued.get() - former).isBetween(1, 4);
				assertThat(lifecycle.get("orders").getSnapshot().outage().reason()).isEqualTo(
						"the login was refused, username or password is wrong. The driver says: FATAL: password authentication failed for user \"anna\"");
				this.tokens.wrong = false;
				lifecycle.getOperations("orders").rotate();
				Awaitility.await().until(() -> lifecycle.get("orders").getState() == DatabaseState.UP);
				assertThat(currentUser(context)).isEqualTo("anna");
			});
	}

	@Test
	void whenTheTokenIsForAnotherUserThenTheConnectionsAreReplaced() {
		tokenRunner().run((context) -> {
			this.tokens.user = "bert";
			context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
			assertThat(currentUser(context)).isEqualTo("bert");
			Awaitility.await().until(() -> connections("anna") == 0);
			assertThat(usage(context).rotations()).isOne();
		});
	}

	@Test
	void aTokenThatIsExpiredWhenItIsReceivedIsUsedWithAWarning(CapturedOutput output) {
		this.tokens.life = Duration.ofMinutes(-5);
		tokenRunner().run((context) -> {
			assertThat(currentUser(context)).isEqualTo("anna");
			assertThat(this.tokens.issued).hasValue(1);
			assertThat(output).containsOnlyOnce(
					"The credentials provider of database 'orders' returned credentials that expired at %s; the clocks may differ"
						.formatted(usage(context).expiresAt()));
		});
	}

	@Test
	void connectionsOfALeaseAreReplacedBeforeItExpires() {
		this.tokens.lease = true;
		this.tokens.life = Duration.ofSeconds(2);
		tokenRunner("app.dbs.orders.credentials.refresh-interval=1h").run((context) -> {
			try (Connection held = dataSource(context).getConnection()) {
				Instant end = usage(context).expiresAt();
				Awaitility.await().until(() -> usage(context).rotations() == 1);
				assertThat(Instant.now()).isBefore(end);
				Awaitility.await()
					.untilAsserted(
							() -> assertThatExceptionOfType(SQLException.class).isThrownBy(() -> currentUser(held)));
				assertThat(Instant.now()).isBefore(end);
			}
		});
	}

	@Test
	void theProviderReceivesHostAndPortOfTheDatabaseAndItsReplicas() throws Exception {
		try (TcpProxy proxy = new TcpProxy(serverUrl().replaceAll(".*//|/.*", ""))) {
			String replica = serverUrl().replaceFirst("//[^/]+", "//" + proxy.address());
			tokenRunner("app.dbs.orders.replicas[0].url=" + replica).run((context) -> {
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				Awaitility.await().until(() -> lifecycle.get("orders-replica-1").getState() == DatabaseState.UP);
				assertThat(this.tokens.requests).containsExactlyInAnyOrder(
						"orders " + serverUrl().replaceAll(".*//|/.*", ""), "orders " + proxy.address());
			});
		}
	}

	@Test
	void whenTheTokenServiceFailsAtTheStartThenTheReasonIsShown() {
		this.tokens.failing = true;
		tokenRunner("app.dbs.orders.startup.timeout=1s").run((context) -> assertThat(context).getFailure()
			.isInstanceOf(DatabaseStartException.class)
			.message()
			.matches(
					"Database 'orders' could not be opened \\(\\d attempts in \\d s\\): its credentials provider failed with a java\\.lang\\.IllegalStateException\\."));
	}

	@Test
	void migrationsConnectWithTheToken(@TempDir Path folder) throws Exception {
		execute("GRANT CREATE ON SCHEMA public TO anna");
		Files.writeString(folder.resolve("V1__note.sql"), "CREATE TABLE tokens (id INT)");
		tokenRunner("app.dbs.orders.flyway.locations=filesystem:" + folder, "app.dbs.orders.flyway.table=token_history",
				"app.dbs.orders.flyway.baseline-on-migrate=true", "app.dbs.orders.flyway.baseline-version=0")
			.run((context) -> {
				assertThat(this.tokens.issued).hasValue(1);
				assertThat(query("SELECT tableowner FROM pg_tables WHERE tablename = 'tokens'")).isEqualTo("anna");
			});
	}

	@Test
	void theTokenIsNotPartOfAnyText() {
		tokenRunner().run((context) -> {
			assertThat(DatabaseCredentials.forConnecting("anna", "s3cr3t-token", Instant.now()))
				.hasToString("DatabaseCredentials[]");
			assertThat(context.getBean(Databases.class).get("orders").getSnapshot().toString())
				.doesNotContain("s3cr3t");
			assertThat(dataSource(context).unwrap(HikariDataSource.class).toString()).doesNotContain("s3cr3t");
			assertThat(dataSource(context).unwrap(HikariDataSource.class).getPassword()).isNull();
		});
	}

	private ApplicationContextRunner tokenRunner(String... properties) {
		return runner(this.tokens, properties);
	}

	private static void evict(ApplicationContext context) throws SQLException {
		dataSource(context).unwrap(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
	}

	private static int backend(ApplicationContext context) throws SQLException {
		try (Connection connection = dataSource(context).getConnection()) {
			return backend(connection);
		}
	}

	private static int backend(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT pg_backend_pid()")) {
			result.next();
			return result.getInt(1);
		}
	}

	/**
	 * Issues tokens. The server accepts the newest one, and only for connecting.
	 */
	private static final class TokenService implements DatabaseCredentialsProvider {

		private final AtomicInteger issued = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		private final Set<String> requests = ConcurrentHashMap.newKeySet();

		private volatile String user = "anna";

		private volatile Duration life = Duration.ofMinutes(15);

		private volatile Duration latency = Duration.ZERO;

		private volatile boolean failing;

		private volatile boolean wrong;

		private volatile boolean lease;

		@Override
		public @Nullable DatabaseCredentials getCredentials(String database) {
			throw new AssertionError("not asked for host and port");
		}

		@Override
		public DatabaseCredentials getCredentials(String database, String host, int port) throws Exception {
			this.requests.add("%s %s:%d".formatted(database, host, port));
			Thread.sleep(this.latency.toMillis());
			if (this.failing) {
				this.failed.incrementAndGet();
				throw new IllegalStateException("s3cr3t");
			}
			Instant end = Instant.now().plus(this.life);
			String token = "s3cr3t-token-" + this.issued.incrementAndGet();
			if (!this.wrong) {
				setPassword(this.user, token);
			}
			return this.lease ? DatabaseCredentials.until(this.user, token, end)
					: DatabaseCredentials.forConnecting(this.user, token, end);
		}

		/**
		 * Makes the server reject all issued tokens.
		 */
		void revoke() throws SQLException {
			setPassword("anna", "s3cr3t-revoked");
		}

	}

}
