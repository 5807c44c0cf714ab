package io.appdbs.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.embedded.EmbeddedServers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a developer reads when a database cannot be opened.
 */
class DatabaseStartFailureTests {

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
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		assertThat(analyze("postgresql://127.0.0.1:" + port + "/orders")).isEqualTo(
				"""
						Database 'orders' (PostgreSQL at 127.0.0.1:%1$d/orders) could not be opened: the connection was refused, no server listens there. The driver says: Connection refused

						Start the server, or correct host and port in 'app.dbs.orders.url'."""
					.formatted(port));
	}

	@Test
	void whenTheHostIsUnknownThenItSaysSo() {
		assertThat(analyze("postgresql://no-such-host.invalid/orders"))
			.startsWith("Database 'orders' (PostgreSQL at no-such-host.invalid:5432/orders) could not be opened: "
					+ "the host name cannot be resolved. The driver says: no-such-host.invalid")
			.endsWith("Correct the host in 'app.dbs.orders.url', or make its name resolvable.");
	}

	@Test
	void whenTheLoginIsRefusedThenCredentialsAreToBeCorrected() {
		assertThat(analyze("postgresql://without_login:s3cr3t@" + postgres + "/orders")).isEqualTo(
				"""
						Database 'orders' (PostgreSQL at %s/orders) could not be opened: the login was refused, username or password is wrong. The driver says: FATAL: role "without_login" is not permitted to log in

						Correct the credentials of the database, next to or in 'app.dbs.orders.url'."""
					.formatted(postgres));
	}

	@Test
	void whenTheDatabaseIsMissingThenItIsToBeCreated() {
		assertThat(analyze("postgresql://postgres@" + postgres + "/missing")).isEqualTo(
				"""
						Database 'orders' (PostgreSQL at %s/missing) could not be opened: the server has no such database, or this login may not use it. The driver says: FATAL: database "missing" does not exist

						Create the database and grant the login access, or correct the name in 'app.dbs.orders.url'."""
					.formatted(postgres));
		assertThat(analyze("mariadb://root@" + mariaDb + "/missing"))
			.contains("could not be opened: the server has no such database, or this login may not use it.");
	}

	@Test
	void whenTheMongoServerIsNotThereThenItIsSaidToo() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		assertThat(analyze("mongodb://127.0.0.1:" + port + "/orders?serverSelectionTimeoutMS=200"))
			.startsWith("Database 'orders' (MongoDB at 127.0.0.1:" + port + "/orders) could not be opened: "
					+ "the connection was refused, no server listens there. The driver says: Timed out")
			.endsWith("Start the server, or correct host and port in 'app.dbs.orders.url'.");
	}

	@Test
	void whenTheMongoHostIsUnknownThenItIsSaidToo() {
		assertThat(analyze("mongodb://no-such-host.invalid/orders?serverSelectionTimeoutMS=2000"))
			.contains("could not be opened: the host name cannot be resolved.");
	}

	@Test
	void whenTheServerAcceptsAndNeverAnswersThenTheStartEnds() throws IOException {
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
	void whenTheStartIsInterruptedThenItEnds() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			AtomicReference<String> text = new AtomicReference<>();
			Thread start = new Thread(
					() -> text.set(analyze("postgresql://127.0.0.1:" + silent.getLocalPort() + "/orders")));
			start.start();
			Awaitility.await().until(() -> isWaitingForDatabase(start));
			start.interrupt();
			start.join();
			assertThat(text.get()).isEqualTo("""
					Database 'orders' was not waited for: the start was interrupted.

					Start the application again.""");
		}
	}

	private static boolean isWaitingForDatabase(Thread thread) {
		return thread.getState() == Thread.State.WAITING && Stream.of(thread.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().endsWith("ManagedDatabase"));
	}

	private static void closeAll(ServerSocket socket) {
		while (!socket.isClosed()) {
			try {
				socket.accept().close();
			}
			catch (IOException ex) {
				// the test is over
			}
		}
	}

	private String analyze(String url, String... properties) {
		String[] text = new String[1];
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.startup.timeout=50ms")
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasStackTraceContaining(DatabaseStartException.class.getName());
				FailureAnalysis analysis = new DatabaseStartFailureAnalyzer().analyze(context.getStartupFailure());
				text[0] = analysis.getDescription() + "\n\n" + analysis.getAction();
			});
		return text[0];
	}

	private static String address(String url) {
		String address = url.substring(url.indexOf('@') + 1);
		return address.substring(0, address.indexOf('/'));
	}

}
