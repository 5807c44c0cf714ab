package io.appdbs.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseState;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.jdbc.pool.CredentialsReplacedException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.TcpProxy;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for replacing the credentials of a database while it is used.
 */
class CredentialsRotationTests extends AbstractCredentialsTests {

	private static final String REPLACED = "Database 'orders': the connection was closed because its credentials were replaced and it was used for longer than 'app.dbs.orders.credentials.retire-after' after that. Set the key to more than the longest use of a connection.";

	private final AtomicReference<DatabaseCredentials> current = new AtomicReference<>(credentials("anna", 0));

	@Test
	void theDatabaseIsOpenedWithTheCredentialsOfTheProvider() {
		runner((name) -> this.current.get()).run((context) -> {
			assertThat(currentUser(context)).isEqualTo("anna");
			assertThat(usage(context).rotations()).isZero();
			assertThat(usage(context).failure()).isNull();
		});
	}

	@Test
	void whenTheProviderReturnsNewerCredentialsThenNewConnectionsUseThemAndIdleOnesAreReplaced() {
		runner((name) -> this.current.get()).run((context) -> {
			assertThat(currentUser(context)).isEqualTo("anna");
			this.current.set(credentials("bert", 0));
			Awaitility.await().until(() -> usage(context).rotations() == 1);
			assertThat(currentUser(context)).isEqualTo("bert");
			Awaitility.await().until(() -> connections("anna") == 0);
			assertThat(connections("bert")).isPositive();
		});
	}

	@Test
	void aConnectionInUseRemainsUsableUntilItIsReturned() {
		runner((name) -> this.current.get()).run((context) -> {
			try (Connection held = dataSource(context).getConnection()) {
				this.current.set(credentials("bert", 0));
				context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
				assertThat(currentUser(context)).isEqualTo("bert");
				assertThat(currentUser(held)).isEqualTo("anna");
				Awaitility.await().until(() -> connections("anna") == 1);
			}
			Awaitility.await().until(() -> connections("anna") == 0);
		});
	}

	@Test
	void aConnectionThatIsHeldTooLongIsClosed() {
		runner((name) -> this.current.get(), "app.dbs.orders.credentials.retire-after=300ms").run((context) -> {
			try (Connection held = dataSource(context).getConnection()) {
				this.current.set(credentials("bert", 0));
				context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
				Awaitility.await().until(() -> connections("anna") == 0);
				assertThatExceptionOfType(CredentialsReplacedException.class).isThrownBy(() -> currentUser(held))
					.withMessage(REPLACED);
			}
			assertThat(currentUser(context)).isEqualTo("bert");
		});
	}

	@Test
	void anAbortedStatementReportsThatTheCredentialsWereReplaced() {
		runner((name) -> this.current.get(), "app.dbs.orders.credentials.retire-after=300ms",
				"app.dbs.orders.pool.on-session-change=keep")
			.run((context) -> {
				DataSource dataSource = dataSource(context);
				try (Connection held = dataSource.getConnection();
						PreparedStatement statement = held.prepareStatement("SELECT pg_sleep(60)")) {
					Future<ResultSet> result = threads().submit(() -> statement.executeQuery());
					this.current.set(credentials("bert", 0));
					context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
					assertThatExceptionOfType(ExecutionException.class).isThrownBy(result::get)
						.withCauseInstanceOf(CredentialsReplacedException.class)
						.havingCause()
						.withMessage(REPLACED)
						.havingCause()
						.isInstanceOf(PSQLException.class);
				}
				// the server has not noticed
				execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'anna'");
				try (Connection ended = dataSource.getConnection(); Statement statement = ended.createStatement()) {
					assertThatExceptionOfType(SQLException.class)
						.isThrownBy(() -> statement.execute("SELECT pg_terminate_backend(pg_backend_pid())"))
						.isNotInstanceOf(CredentialsReplacedException.class);
				}
			});
	}

	@Test
	void whenThePasswordHasExpiredThenTheNextConnectionRequestsTheNewerOne() {
		runner((name) -> this.current.get(), "app.dbs.orders.credentials.refresh-interval=1h",
				"app.dbs.orders.pool.min-size=0", "app.dbs.orders.pool.max-size=1")
			.run((context) -> {
				setPassword("anna", "s3cr3t-anna-1");
				this.current.set(credentials("anna", 1));
				// the connection that was opened to test the pool
				dataSource(context).unwrap(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
				assertThat(currentUser(context)).isEqualTo("anna");
				assertThat(usage(context).rotations()).isOne();
			});
	}

	@Test
	void migrationsConnectWithTheCredentialsInUse(@TempDir Path folder) throws Exception {
		execute("GRANT CREATE ON SCHEMA public TO anna");
		Files.writeString(folder.resolve("V1__note.sql"), "CREATE TABLE migrated (id INT)");
		runner((name) -> this.current.get(), "app.dbs.orders.flyway.locations=filesystem:" + folder).run((context) -> {
			setPassword("anna", "s3cr3t-anna-1");
			this.current.set(credentials("anna", 1));
			context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
			assertThat(context.getBean(Flyway.class).info().applied()).hasSize(1);
		});
	}

	@Test
	void whenNewerCredentialsAreRefusedThenTheCurrentOnesStayInUse() {
		runner((name) -> this.current.get()).run((context) -> {
			this.current.set(credentials("anna", 1));
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			Awaitility.await().until(() -> usage(context).failure() != null);
			assertThat(usage(context).failure()).isEqualTo(
					"newer credentials do not work: the login was refused, username or password is wrong. The driver says: FATAL: password authentication failed for user \"anna\"");
			assertThat(currentUser(context)).isEqualTo("anna");
			setPassword("anna", "s3cr3t-anna-1");
			// a rotation that has begun before fails, and another one joins it
			Awaitility.await().ignoreExceptionsInstanceOf(IllegalDatabaseOperationException.class).until(() -> {
				lifecycle.getOperations("orders").rotate();
				return true;
			});
			assertThat(usage(context).failure()).isNull();
			Awaitility.await().until(() -> usage(context).rotations() == 1);
			assertThat(currentUser(context)).isEqualTo("anna");
		});
	}

	@Test
	void replicasWithoutPasswordUseTheCredentialsOfTheirDatabase() throws IOException {
		// the same server at another address; it is no replica, so it serves no reads
		try (TcpProxy proxy = new TcpProxy(serverUrl().replaceAll(".*//|/.*", ""))) {
			String replica = serverUrl().replaceFirst("//[^/]+", "//" + proxy.address());
			runner((name) -> name.equals("orders") ? this.current.get() : null,
					"app.dbs.orders.replicas[0].url=" + replica,
					"app.dbs.orders.replicas[1].url=" + replica.replace("127.0.0.1", "127.0.0.2"),
					"app.dbs.orders.replicas[1].username=bert", "app.dbs.orders.replicas[1].password=s3cr3t-bert-0")
				.run((context) -> {
					DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
					Awaitility.await().until(() -> lifecycle.get("orders-replica-1").getState() == DatabaseState.UP);
					setPassword("anna", "s3cr3t-anna-1");
					this.current.set(credentials("anna", 1));
					Awaitility.await()
						.untilAsserted(() -> assertThat(
								lifecycle.get("orders-replica-1").getSnapshot().credentials().rotations())
							.isOne());
					assertThat(lifecycle.get("orders-replica-2").getSnapshot().credentials()).isNull();
					Awaitility.await()
						.untilAsserted(() -> assertThat(lifecycle.get("orders-replica-1").getSnapshot().replica())
							.isEqualTo(new DatabaseReplica("orders", null, "follows no other server")));
				});
		}
	}

}
