package io.appdbs.sample.reviews;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import org.awaitility.Awaitility;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * Tests for the shop while the server of its reviews is down and up.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class ReviewsOutageTests {

	private static final String REVIEWS = "/products/moka-pot/reviews";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@TempDir
	private static Path directory;

	private static int serverPort;

	private static Server server;

	@Autowired
	private Databases databases;

	@LocalServerPort
	private int port;

	/**
	 * Reserves a port that no server listens on before the test starts one.
	 */
	@BeforeAll
	static void reservePort() throws SQLException {
		serverPort = 0;
		startServer();
		serverPort = server.getPort();
		stopServer();
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("app.dbs.reviews.url", () -> "jdbc:h2:tcp://localhost:" + serverPort + "/./reviews");
	}

	private static void startServer() throws SQLException {
		server = Server
			.createTcpServer("-tcpPort", String.valueOf(serverPort), "-ifNotExists", "-baseDir", directory.toString())
			.start();
	}

	@AfterAll
	static void stopServer() {
		server.stop();
	}

	@Test
	void theShopWorksWithoutReviewsUntilTheirServerIsUp() throws SQLException {
		RestTestClient client = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
		expectUnavailable(client);
		expectHealth(client, "DEGRADED", "DOWN");
		client.get().uri("/products/moka-pot").exchange().expectStatus().isOk();
		startServer();
		awaitState(DatabaseState.UP);
		expectHealth(client, "UP", "UP");
		client.post()
			.uri(REVIEWS)
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("stars", 5, "text", "Good."))
			.exchange()
			.expectStatus()
			.isCreated();
		stopServer();
		awaitState(DatabaseState.DOWN);
		expectUnavailable(client);
		client.get().uri("/stock").exchange().expectStatus().isOk();
		startServer();
		awaitState(DatabaseState.UP);
		expectOk(client, REVIEWS).jsonPath("$[0].text").isEqualTo("Good.");
	}

	private static void expectHealth(RestTestClient client, String status, String state) {
		expectOk(client, "/actuator/health").jsonPath("$.status").isEqualTo("UP");
		expectOk(client, "/actuator/health/readiness").jsonPath("$.status").isEqualTo("UP");
		expectOk(client, "/actuator/health/dbs/reviews").jsonPath("$.status").isEqualTo(status);
		expectOk(client, "/actuator/databases/reviews").jsonPath("$.state").isEqualTo(state);
	}

	private static RestTestClient.BodyContentSpec expectOk(RestTestClient client, String uri) {
		return client.get().uri(uri).exchange().expectStatus().isOk().expectBody();
	}

	private void awaitState(DatabaseState state) {
		Awaitility.await().atMost(TIMEOUT).until(() -> this.databases.get("reviews").getState() == state);
	}

	private static void expectUnavailable(RestTestClient client) {
		client.get()
			.uri(REVIEWS)
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("The database 'reviews' is down. Try again later.");
		RestTestClient.BodyContentSpec body = expectOk(client, "/databases");
		body.jsonPath("$[?(@.name == 'reviews')].state").isEqualTo("DOWN");
		body.jsonPath("$[?(@.name == 'reviews')].failure").exists();
	}

}
