package io.appdbs.lifecycle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the failure analyses of databases that cannot be opened.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseStartFailureTests {

	/** With this limit, a test that retries does not end in time. */
	private static final String NEVER = "app.dbs.orders.startup.timeout=1h";

	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static String postgres;

	private static String mariaDb;

	@BeforeAll
	static void startServers() throws SQLException {
		postgres = address(servers.getUrl("embedded:postgresql", "orders"));
		mariaDb = address(servers.getUrl("embedded:mariadb", "orders"));
		try (Connection connection = DriverManager
			.getConnection("jdbc:postgresql://" + postgres + "/orders?user=postgres");
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE ROLE without_login NOLOGIN");
		}
	}

	@AfterAll
	static void stopServers() {
		servers.close();
	}

	@Test
	void whenNothingListensThenTheConnectionWasRefused() throws IOException {
		int port = findClosedPort();
		assertThat(analyze("postgresql://127.0.0.1:" + port + "/orders")).isEqualTo(
				"""
						Database 'orders' (PostgreSQL at 127.0.0.1:%1$d/orders) could not be opened: the connection was refused, no server listens there. The driver says: Connection refused

						Start the server, or correct host and port in 'app.dbs.orders.url'."""
					.formatted(port));
	}

	@Test
	void whenTheHostIsUnknownThenItIsReported() {
		assertThat(analyze("postgresql://no-such-host.invalid/orders"))
			.startsWith("Database 'orders' (PostgreSQL at no-such-host.invalid:5432/orders) could not be opened: "
					+ "the host name cannot be resolved. The driver says: no-such-host.invalid")
			.endsWith("Correct the host in 'app.dbs.orders.url', or make its name resolvable.");
	}

	@Test
	void whenTheLoginIsRefusedThenTheActionIsToCorrectTheCredentials() {
		assertThat(analyze("postgresql://without_login:s3cr3t@" + postgres + "/orders")).isEqualTo(
				"""
						Database 'orders' (PostgreSQL at %s/orders) could not be opened: the login was refused, username or password is wrong. The driver says: FATAL: role "without_login" is not permitted to log in

						Correct the credentials of the database, next to or in 'app.dbs.orders.url'."""
					.formatted(postgres));
	}

	@Test
	void whenTheServerHasNoTlsThenTheStartFailsAtOnce() {
		assertThat(analyze("postgresql://postgres@" + postgres + "/orders?sslmode=require", NEVER))
			.isEqualTo(tlsFailure("PostgreSQL", postgres, "The server does not support SSL."));
		assertThat(analyze("mariadb://root@" + mariaDb + "/orders?ssl-mode=VERIFY_IDENTITY", NEVER)
			.replaceFirst("conn=\\d+", "conn=1"))
			.isEqualTo(tlsFailure("MariaDB", mariaDb,
					"(conn=1) Trying to connect with ssl, but ssl not enabled in the server"));
		assertThat(analyze("mysql://root@" + mariaDb + "/orders?ssl-mode=REQUIRED", NEVER))
			.isEqualTo(tlsFailure("MySQL", mariaDb, "SSL Connection required, but not provided by server."));
	}

	@Test
	void whenTheServerRequiresTlsThenTheStartFailsAtOnce() throws SQLException {
		try (Connection connection = DriverManager.getConnection("jdbc:mariadb://" + mariaDb + "/orders?user=root");
				Statement statement = connection.createStatement()) {
			statement.execute("SET GLOBAL require_secure_transport = ON");
			try {
				String message = "Connections using insecure transport are prohibited while --require_secure_transport=ON.";
				assertThat(analyze("mariadb://root@" + mariaDb + "/orders", NEVER).replaceFirst("conn=\\d+", "conn=1"))
					.isEqualTo(tlsFailure("MariaDB", mariaDb, "(conn=1) " + message));
				assertThat(analyze("mysql://root@" + mariaDb + "/orders", NEVER))
					.isEqualTo(tlsFailure("MySQL", mariaDb, message));
			}
			finally {
				statement.execute("SET GLOBAL require_secure_transport = OFF");
			}
		}
	}

	@Test
	void whenTheServerDoesNotAdmitTheLoginWithoutTlsThenTheStartFailsAtOnce() throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:postgresql://" + postgres + "/orders?user=postgres");
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE ROLE only_with_tls LOGIN");
			statement.execute(
					"""
							DO $$ BEGIN EXECUTE format(
							'COPY (VALUES (''hostssl all only_with_tls all trust''), (''host all postgres,without_login all trust'')) TO %L',
							current_setting('hba_file')); END $$""");
			statement.execute("SELECT pg_reload_conf()");
		}
		String url = "postgresql://only_with_tls@" + postgres + "/orders";
		Awaitility.await()
			.untilAsserted(() -> assertThat(analyze(url, NEVER)).isEqualTo(
					"""
							Database 'orders' (PostgreSQL at %s/orders) could not be opened: the server does not admit this login to this database from here, or not without TLS. The driver says: FATAL: no pg_hba.conf entry for host "127.0.0.1", user "only_with_tls", database "orders", no encryption

							Turn on TLS in 'app.dbs.orders.url' if the server demands it, or allow the connection in the server's access rules."""
						.formatted(postgres)));
	}

	@Test
	void whenTheServerOfAnOptionalDatabaseHasNoTlsThenTheApplicationStartsAndItIsDownWithThatReason() {
		runner("postgresql://postgres@" + postgres + "/orders?sslmode=require", NEVER, "app.dbs.orders.required=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Database orders = context.getBean(Databases.class).get("orders");
				Awaitility.await().until(() -> orders.getState() == DatabaseState.DOWN);
				assertThatExceptionOfType(DatabaseDownException.class)
					.isThrownBy(context.getBean("ordersDataSource", DataSource.class)::getConnection)
					.satisfies((ex) -> assertThat(ex.getOutage().reason())
						.isEqualTo("client and server did not agree on TLS. "
								+ "The driver says: The server does not support SSL."));
			});
	}

	/**
	 * MongoDB without TLS closes the connection when the client begins with a handshake.
	 */
	@Test
	void whenTheMongoServerClosesTheHandshakeThenTheStartFailsAtOnce() throws Exception {
		try (ServerSocket closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread acceptor = new Thread(() -> closeAll(closing));
			acceptor.start();
			String address = "127.0.0.1:" + closing.getLocalPort() + "/orders";
			assertThat(analyze("mongodb://" + address + "?tls=true&serverSelectionTimeoutMS=500", NEVER))
				.startsWith("Database 'orders' (MongoDB at " + address + ") could not be opened: "
						+ "client and server did not agree on TLS. The driver says: SSL peer shut down incorrectly")
				.endsWith("Correct the TLS parameters in 'app.dbs.orders.url', or the certificates.");
			closing.close();
			acceptor.join();
		}
	}

	private static String tlsFailure(String engine, String address, String message) {
		return """
				Database 'orders' (%s at %s/orders) could not be opened: client and server did not agree on TLS. The driver says: %s

				Correct the TLS parameters in 'app.dbs.orders.url', or the certificates."""
			.formatted(engine, address, message);
	}

	@Test
	void whenTheDatabaseIsMissingThenTheActionIsToCreateIt() {
		assertThat(analyze("postgresql://postgres@" + postgres + "/missing")).isEqualTo(
				"""
						Database 'orders' (PostgreSQL at %s/missing) could not be opened: the server has no such database, or this login may not use it. The driver says: FATAL: database "missing" does not exist

						Create the database and grant the login access, or correct the name in 'app.dbs.orders.url'."""
					.formatted(postgres));
		assertThat(analyze("mariadb://root@" + mariaDb + "/missing"))
			.contains("could not be opened: the server has no such database, or this login may not use it.");
	}

	@Test
	void whenTheMongoServerIsNotRunningThenTheConnectionWasRefused() throws IOException {
		int port = findClosedPort();
		assertThat(analyze("mongodb://127.0.0.1:" + port + "/orders?serverSelectionTimeoutMS=200"))
			.startsWith("Database 'orders' (MongoDB at 127.0.0.1:" + port + "/orders) could not be opened: "
					+ "the connection was refused, no server listens there. The driver says: Timed out")
			.endsWith("Start the server, or correct host and port in 'app.dbs.orders.url'.");
	}

	@Test
	void whenTheMongoHostIsUnknownThenItIsReported() {
		assertThat(analyze("mongodb://no-such-host.invalid/orders?serverSelectionTimeoutMS=2000"))
			.contains("could not be opened: the host name cannot be resolved.");
	}

	@Test
	void whenTheServerAcceptsConnectionsButNeverAnswersThenTheStartFails() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			assertThat(analyze("postgresql://127.0.0.1:" + silent.getLocalPort() + "/orders",
					"app.dbs.orders.pool.connect-timeout=1s"))
				.contains("could not be opened");
		}
	}

	@Test
	void whenTheServerClosesTheConnectionThenTheMessageIsNotNull() throws Exception {
		try (ServerSocket closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread acceptor = new Thread(() -> closeAll(closing));
			acceptor.start();
			assertThat(analyze("postgresql://127.0.0.1:" + closing.getLocalPort() + "/orders"))
				.contains("The driver says: java.io.EOFException");
			closing.close();
			acceptor.join();
		}
	}

	@Test
	void whenTheStartIsInterruptedThenItFails() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			AtomicReference<String> text = new AtomicReference<>();
			Thread start = new Thread(
					() -> text.set(analyze("postgresql://127.0.0.1:" + silent.getLocalPort() + "/orders")));
			start.start();
			Awaitility.await().until(() -> isWaitingForDatabase(start));
			start.interrupt();
			start.join();
			assertThat(text.get()).isEqualTo("""
					The wait for database 'orders' was interrupted.

					Start the application again.""");
		}
	}

	private static int findClosedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static boolean isWaitingForDatabase(Thread thread) {
		return thread.getState() == Thread.State.TIMED_WAITING
				&& Stream.of(thread.getStackTrace()).anyMatch((frame) -> frame.getClassName().endsWith("StartupLatch"));
	}

	private static void closeAll(ServerSocket socket) {
		while (!socket.isClosed()) {
			try {
				Socket client = socket.accept();
				// unread bytes would cause a reset
				client.getInputStream().readNBytes(8);
				client.close();
			}
			catch (IOException ex) {
				// the test is over
			}
		}
	}

	private static String analyze(String url, String... properties) {
		return FailureText.ofStart(runner(url, properties));
	}

	private static ApplicationContextRunner runner(String url, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.startup.timeout=50ms")
			.withPropertyValues(properties);
	}

	private static String address(String url) {
		String address = url.substring(url.indexOf('@') + 1);
		return address.substring(0, address.indexOf('/'));
	}

}
