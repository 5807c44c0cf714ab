package io.appdbs.sample.reviews;

import java.sql.SQLException;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the shop while the server of its reviews is down and up.
 */
class ReviewsOutageTests extends AbstractReviewsOutageTests {

	private static final String REVIEWS = "/products/moka-pot/reviews";

	@Test
	void theShopWorksWithoutReviewsUntilTheirServerIsUp() throws SQLException {
		RestTestClient client = createClient();
		expectUnavailable(client);
		expectHealth(client, "DEGRADED", "DOWN");
		client.get().uri("/products/moka-pot").exchange().expectStatus().isOk();
		startServer();
		expectHealth(client, "UP", "UP");
		client.post()
			.uri(REVIEWS)
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("stars", 5, "text", "Good."))
			.exchange()
			.expectStatus()
			.isCreated();
		stopServer();
		expectUnavailable(client);
		client.get().uri("/stock").exchange().expectStatus().isOk();
		startServer();
		expectOk(client, REVIEWS).jsonPath("$[0].text").isEqualTo("Good.");
	}

	@Test
	void aSuspendedDatabaseIsNotDown() {
		RestTestClient client = createClient();
		operate(client, Map.of("operation", "suspend", "mode", "fail"));
		try {
			client.get()
				.uri("/stock")
				.exchange()
				.expectStatus()
				.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
				.expectBody()
				.jsonPath("$.detail")
				.isEqualTo("The database 'inventory' is suspended. Try again later.");
			RestTestClient.BodyContentSpec body = expectOk(client, "/databases");
			body.jsonPath("$[?(@.name == 'inventory')].state").isEqualTo("UP");
			body.jsonPath("$[?(@.name == 'inventory')].suspended").isEqualTo(true);
		}
		finally {
			operate(client, Map.of("operation", "resume"));
		}
	}

	private static void operate(RestTestClient client, Map<String, String> operation) {
		client.post()
			.uri("/actuator/databases/inventory")
			.contentType(MediaType.APPLICATION_JSON)
			.body(operation)
			.exchange()
			.expectStatus()
			.isOk();
	}

	@Test
	void theLoginOnAServerOfTheUserIsNotReplaced() throws SQLException {
		startServer();
		RestTestClient client = createClient();
		expectOk(client, "/demo/rotation").jsonPath("$.user").isEqualTo("SHOP_A");
		client.post()
			.uri("/demo/rotation")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.CONFLICT)
			.expectBody()
			.jsonPath("$.detail")
			.value((detail) -> assertThat(detail).asString()
				.startsWith("'reviews' is on the server of REVIEWS_URL. Create another login there, "
						+ "and write it to the files 'username' and 'password' in "));
	}

	@Test
	void theServerOfTheUserHasNoReplicaUnlessItIsConfigured() {
		RestTestClient.BodyContentSpec body = expectOk(createClient(), "/demo/replica");
		body.jsonPath("$.readOnlyTransaction")
			.value((server) -> assertThat(server).asString().startsWith("primary at port "));
		body.jsonPath("$.replicas").isEmpty();
		body.jsonPath("$.message")
			.isEqualTo("'orders' has no replica. To see one with your own servers, set "
					+ "APP_DBS_ORDERS_REPLICAS_0_URL to the URL of a server that follows the one of ORDERS_URL.");
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
