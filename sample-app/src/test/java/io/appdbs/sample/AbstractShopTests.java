package io.appdbs.sample;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a running shop, independent of how it was started.
 */
abstract class AbstractShopTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final ParameterizedTypeReference<Map<String, Object>> OBJECT = new ParameterizedTypeReference<>() {
	};

	private RestTestClient client;

	abstract int port();

	@BeforeEach
	void createClient() {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port()).build();
	}

	@Test
	void theFirstPageSuggestsRequests() {
		get("/").expectBody(String.class)
			.value((page) -> assertThat(page).contains("curl -i", "/products", "ORDERS_URL", "REVIEWS_URL"));
	}

	@Test
	void theFirstLinkLeadsToThePageOfAllDatabases() {
		get("/").expectBody(String.class)
			.value((page) -> assertThat(page.substring(page.indexOf("<a ")))
				.startsWith("<a href=\"actuator/databases\">"));
		this.client.get()
			.uri("/actuator/databases")
			.accept(MediaType.TEXT_HTML, MediaType.ALL)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((page) -> assertThat(page).startsWith("<!doctype html>").contains(">orders</a>", ">reviews</a>"));
	}

	@Test
	void thereAreFiveDatabasesAndAReplica() {
		RestTestClient.BodyContentSpec body = get("/databases").expectBody();
		body.jsonPath("$[*].name").value((names) -> assertThat(names).asString().contains("catalog", "orders"));
		body.jsonPath("$.length()").isEqualTo(6);
		body.jsonPath("$[?(@.name == 'orders-replica-1')].engine").isEqualTo("postgresql");
		expectDatabase(body, "catalog", "mongodb");
		expectDatabase(body, "orders", "postgresql");
		expectDatabase(body, "inventory", "postgresql");
		expectDatabase(body, "wishes", "postgresql");
		expectDatabase(body, "reviews", "h2");
	}

	@Test
	void everyDatabaseIsMeasured() {
		get("/actuator/prometheus").expectBody(String.class)
			.value((meters) -> assertThat(meters).contains("appdbs_state{db=\"orders\",state=\"up\"} 1.0",
					"hikaricp_connections_max{db=\"inventory\",pool=\"inventory\"} 8.0",
					"mongodb_driver_pool_size{cluster_id=", "db=\"catalog\"",
					"appdbs_queries_slow_seconds_count{db=\"reviews\"}"));
	}

	private void expectDatabase(RestTestClient.BodyContentSpec body, String name, String engine) {
		String database = "$[?(@.name == '" + name + "')]";
		body.jsonPath(database + ".engine").isEqualTo(engine);
		body.jsonPath(database + ".state").isEqualTo("UP");
		body.jsonPath(database + ".since").exists();
	}

	@Test
	void thereAreInitialProductsAndStock() {
		get("/products/moka-pot").expectBody()
			.json("{'id': 'moka-pot', 'name': 'Moka pot for three cups', 'priceInCents': 3490}".replace('\'', '"'));
		assertThat(stock("coffee-beans")).isPositive();
	}

	@Test
	void productsAreListedByCategoryAndByViews() {
		get("/products?category=utensils").expectBody()
			.json("[{'id': 'espresso-cup'}, {'id': 'moka-pot'}]".replace('\'', '"'));
		get("/products/coffee-beans");
		get("/products/popular").expectBody()
			.jsonPath("$[*].views")
			.value((views) -> assertThat((List<?>) views).isNotEmpty());
	}

	@Test
	void theCatalogHasMigrationsAndIndexes() {
		RestTestClient.BodyContentSpec body = get("/actuator/databases/catalog").expectBody();
		body.jsonPath("$.preparations[?(@.name == 'migration')].details.version").isEqualTo("2");
		body.jsonPath("$.preparations[?(@.name == 'indexes')].details.same").isEqualTo(2);
	}

	@Test
	void anAddedProductCanBeRead() {
		String product = newProduct(10, 1);
		get("/products").expectBody().jsonPath("$[?(@.id == '" + product + "')].priceInCents").isEqualTo(10);
		expectProblem(post("/products", Map.of("id", product, "name", "Again", "priceInCents", 1)), HttpStatus.CONFLICT,
				"There is a product '" + product + "' already.");
	}

	@Test
	void anOrderTakesStockAndKeepsThePrice() {
		String first = newProduct(250, 5);
		String second = newProduct(1000, 5);
		RestTestClient.ResponseSpec response = order(reference(), Map.of(first, 2, second, 1));
		response.expectStatus().isCreated();
		String location = String.valueOf(response.returnResult(Void.class).getResponseHeaders().getLocation());
		RestTestClient.BodyContentSpec body = get(location).expectBody();
		body.jsonPath("$.totalInCents").isEqualTo(1500);
		body.jsonPath("$.lines[?(@.productId == '" + first + "')].quantity").isEqualTo(2);
		body.jsonPath("$.lines[?(@.productId == '" + second + "')].priceInCents").isEqualTo(1000);
		assertThat(stock(first)).isEqualTo(3);
		assertThat(stock(second)).isEqualTo(4);
	}

	@Test
	void whenOneProductIsShortThenNoStockIsTaken() {
		String plenty = newProduct(1, 5, "a");
		String few = newProduct(1, 1, "b");
		String reference = reference();
		expectProblem(order(reference, Map.of(plenty, 2, few, 2)), HttpStatus.CONFLICT,
				"Of the product '" + few + "', 1 are in stock and 2 were ordered.");
		assertThat(stock(plenty)).isEqualTo(5);
		assertThat(stock(few)).isEqualTo(1);
		assertThat(countOrders(reference)).isZero();
	}

	@Test
	void whenTheOrderIsRejectedThenTheStockIsRestored() {
		String product = newProduct(1, 5);
		String reference = reference();
		order(reference, Map.of(product, 1)).expectStatus().isCreated();
		expectProblem(order(reference, Map.of(product, 2)), HttpStatus.CONFLICT,
				"There is an order with the reference '" + reference + "' already.");
		assertThat(stock(product)).isEqualTo(4);
		assertThat(countOrders(reference)).isOne();
	}

	@Test
	void aWrittenReviewCanBeRead() {
		String product = newProduct(1, 1);
		String reviews = "/products/" + product + "/reviews";
		get(reviews).expectBody().json("[]");
		post(reviews, Map.of("stars", 4, "text", "Good.")).expectStatus().isCreated();
		post(reviews, Map.of("stars", 5, "text", "Better.")).expectStatus().isCreated();
		get(reviews).expectBody()
			.json("[{'stars': 5, 'text': 'Better.'}, {'stars': 4, 'text': 'Good.'}]".replace('\'', '"'));
	}

	@Test
	void customersSeeOnlyTheirOwnWishes() {
		RestTestClient alice = as("alice");
		RestTestClient bob = as("bob");
		post(alice, "/wishes", Map.of("productId", "moka-pot")).expectStatus().isCreated();
		post(bob, "/wishes", Map.of("productId", "espresso-cup")).expectStatus().isCreated();
		expectWishes(alice, "moka-pot");
		expectWishes(bob, "espresso-cup");
		bob.delete().uri("/wishes/moka-pot").exchange().expectStatus().isNoContent();
		expectWishes(alice, "moka-pot");
		alice.delete().uri("/wishes/moka-pot").exchange().expectStatus().isNoContent();
		alice.get().uri("/wishes").exchange().expectBody().json("[]");
		expectProblem(post(alice, "/wishes", Map.of("productId", "teapot")), HttpStatus.NOT_FOUND,
				"There is no product 'teapot'.");
	}

	@Test
	void theSameStatementReturnsOtherRowsToOtherUsers() {
		RestTestClient alice = as("alice");
		RestTestClient bob = as("bob");
		post(alice, "/wishes", Map.of("productId", "moka-pot")).expectStatus().isCreated();
		post(bob, "/wishes", Map.of("productId", "espresso-cup")).expectStatus().isCreated();
		RestTestClient.BodyContentSpec body = get("/demo/rows").expectBody();
		body.jsonPath("$.alice[*].productId").isEqualTo("moka-pot");
		body.jsonPath("$.bob[*].productId").isEqualTo("espresso-cup");
		body.jsonPath("$['without a user']")
			.isEqualTo("Database 'wishes' has row-level security, but there is no user. "
					+ "Run the code as a user, for example with RlsContextHolder.runAs, or with RlsContext.system if there is no user.");
		alice.delete().uri("/wishes/moka-pot").exchange().expectStatus().isNoContent();
		bob.delete().uri("/wishes/espresso-cup").exchange().expectStatus().isNoContent();
	}

	@Test
	void aConflictIsRetried() {
		String product = newProduct(1, 5);
		this.client.post()
			.uri("/demo/conflict/" + product)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("{'attempts': 2, 'quantity': 5}".replace('\'', '"'), JsonCompareMode.STRICT);
	}

	@Test
	void readOnlyTransactionsRunOnTheReplica() {
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> get("/demo/replica").expectBody()
				.jsonPath("$.readOnlyTransaction")
				.value((server) -> assertThat(server).asString().startsWith("replica at port ")));
		RestTestClient.BodyContentSpec body = get("/demo/replica").expectBody();
		body.jsonPath("$.replicas[*].name").isEqualTo("orders-replica-1");
		body.jsonPath("$.replicas[*].state").isEqualTo("UP");
		body.jsonPath("$.replicas[*].lag").exists();
	}

	@Test
	void aReplacedLoginIsUsedWithoutAFailedBorrow() {
		Map<String, Object> before = login();
		Map<String, Object> rotation = this.client.post()
			.uri("/demo/rotation")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(OBJECT)
			.returnResult()
			.getResponseBody();
		assertThat(rotation).containsEntry("from", before.get("user")).doesNotContainValue(null);
		Awaitility.await().atMost(TIMEOUT).until(() -> rotation.get("to").equals(login().get("user")));
		assertThat(login()).containsEntry("rotations", (Integer) before.get("rotations") + 1);
		get("/actuator/databases/reviews").expectBody()
			.jsonPath("$.statistics.borrowFailures")
			.value((failures) -> assertThat(((Map<?, ?>) failures).values()).isNotEmpty()
				.allSatisfy((count) -> assertThat(count).isEqualTo(0)));
	}

	private Map<String, Object> login() {
		return get("/demo/rotation").expectBody(OBJECT).returnResult().getResponseBody();
	}

	@Test
	void withoutLoginThereAreNoWishes() {
		this.client.get().uri("/wishes").exchange().expectStatus().isUnauthorized();
		post("/wishes", Map.of("productId", "moka-pot")).expectStatus().isUnauthorized();
		this.client.mutate()
			.defaultHeaders((headers) -> headers.setBasicAuth("alice", "wrong"))
			.build()
			.get()
			.uri("/wishes")
			.exchange()
			.expectStatus()
			.isUnauthorized();
	}

	private RestTestClient as(String user) {
		return this.client.mutate().defaultHeaders((headers) -> headers.setBasicAuth(user, user)).build();
	}

	private static void expectWishes(RestTestClient client, String product) {
		client.get()
			.uri("/wishes")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("[{'productId': '%s'}]".formatted(product).replace('\'', '"'), JsonCompareMode.STRICT);
	}

	@Test
	void anUnknownProductIsNotFound() {
		expectProblem(this.client.get().uri("/products/teapot").exchange(), HttpStatus.NOT_FOUND,
				"There is no product 'teapot'.");
		expectProblem(order(reference(), Map.of("teapot", 1)), HttpStatus.NOT_FOUND, "There is no product 'teapot'.");
	}

	@Test
	void anUnknownOrderIsNotFound() {
		expectProblem(this.client.get().uri("/orders/123456").exchange(), HttpStatus.NOT_FOUND,
				"There is no order 123456.");
	}

	@Test
	void aQuantityOfZeroIsABadRequest() {
		expectProblem(order(reference(), Map.of("moka-pot", 0)), HttpStatus.BAD_REQUEST, "Invalid request content.")
			.jsonPath("$.errors['items[0].quantity']")
			.isEqualTo("must be greater than 0");
	}

	@Test
	void aPriceOfZeroIsABadRequest() {
		expectProblem(post("/products", Map.of("id", "Teapot", "name", "Teapot", "priceInCents", 0)),
				HttpStatus.BAD_REQUEST, "Invalid request content.")
			.jsonPath("$.errors")
			.isEqualTo(Map.of("id", "must consist of a-z, 0-9 and hyphens", "priceInCents", "must be greater than 0"));
	}

	private String newProduct(int price, int quantity) {
		return newProduct(price, quantity, "p");
	}

	private String newProduct(int price, int quantity, String prefix) {
		String id = prefix + "-" + UUID.randomUUID();
		post("/products", Map.of("id", id, "name", "Product", "priceInCents", price)).expectStatus().isCreated();
		this.client.put()
			.uri("/stock/{id}", id)
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("quantity", quantity))
			.exchange()
			.expectStatus()
			.isOk();
		return id;
	}

	private RestTestClient.ResponseSpec order(String reference, Map<String, Integer> quantities) {
		return post("/orders",
				Map.of("reference", reference, "items",
						quantities.entrySet()
							.stream()
							.map((entry) -> Map.of("productId", entry.getKey(), "quantity", entry.getValue()))
							.toList()));
	}

	private RestTestClient.ResponseSpec post(String uri, Map<String, ?> body) {
		return post(this.client, uri, body);
	}

	private static RestTestClient.ResponseSpec post(RestTestClient client, String uri, Map<String, ?> body) {
		return client.post().uri(uri).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	private RestTestClient.BodyContentSpec expectProblem(RestTestClient.ResponseSpec response, HttpStatus status,
			String detail) {
		RestTestClient.BodyContentSpec body = response.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody();
		body.jsonPath("$.status").isEqualTo(status.value());
		body.jsonPath("$.detail").isEqualTo(detail);
		return body;
	}

	private int stock(String product) {
		return list("/stock").filter((level) -> level.get("productId").equals(product))
			.mapToInt((level) -> (Integer) level.get("quantity"))
			.findFirst()
			.orElseThrow();
	}

	private long countOrders(String reference) {
		return list("/orders").filter((order) -> order.get("reference").equals(reference)).count();
	}

	private Stream<Map<String, Object>> list(String uri) {
		return get(uri).expectBody(new ParameterizedTypeReference<List<Map<String, Object>>>() {
		}).returnResult().getResponseBody().stream();
	}

	private RestTestClient.ResponseSpec get(String uri) {
		return this.client.get().uri(uri).exchange().expectStatus().isOk();
	}

	private static String reference() {
		return UUID.randomUUID().toString();
	}

}
