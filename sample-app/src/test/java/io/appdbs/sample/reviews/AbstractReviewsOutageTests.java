package io.appdbs.sample.reviews;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import org.awaitility.Awaitility;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * Base class of tests for the shop whose orders and reviews are on servers of the user.
 * That of the reviews is down at first. All tests share the shop and the server.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
		"management.endpoint.databases.access=unrestricted", "ORDERS_URL=embedded:postgresql?template=migrated" })
public abstract class AbstractReviewsOutageTests {

	protected static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final String DIRECTORY = Path.of("target", "reviews-" + UUID.randomUUID()).toString();

	private static Server server;

	@Autowired
	private Databases databases;

	@LocalServerPort
	private int port;

	/**
	 * Reserves a port that no server listens on before a test starts one.
	 */
	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) throws SQLException {
		if (server == null) {
			server = create("0").start();
			server.stop();
		}
		registry.add("REVIEWS_URL", () -> "jdbc:h2:tcp://localhost:" + server.getPort() + "/./reviews");
	}

	private static Server create(String port) throws SQLException {
		return Server.createTcpServer("-tcpPort", port, "-tcpDaemon", "-ifNotExists", "-baseDir", DIRECTORY);
	}

	protected void startServer() throws SQLException {
		server = create(String.valueOf(server.getPort())).start();
		awaitState(DatabaseState.UP);
	}

	protected void stopServer() {
		server.stop();
		awaitState(DatabaseState.DOWN);
	}

	@AfterEach
	void stopRunningServer() {
		if (server.isRunning(false)) {
			stopServer();
		}
	}

	private void awaitState(DatabaseState state) {
		Awaitility.await().atMost(TIMEOUT).until(() -> this.databases.get("reviews").getState() == state);
	}

	protected RestTestClient createClient() {
		return RestTestClient.bindToServer().baseUrl(getAddress()).build();
	}

	protected String getAddress() {
		return "http://localhost:" + this.port;
	}

}
