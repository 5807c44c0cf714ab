package io.appdbs.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.jayway.jsonpath.JsonPath;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorSecurity;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contract for the responses of a web application while a database cannot be used.
 */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class UnavailableResponseContractTests {

	private static final String DETAIL = "The service is temporarily unavailable. Try again later.";

	private final HttpClient client = HttpClient.newHttpClient();

	private final WebApplicationType type;

	/** Prefix of Spring Boot's properties. */
	private final String group;

	private final Class<?> ownHandler;

	private final Class<?> security;

	private ConfigurableApplicationContext application;

	private int outputBefore;

	public UnavailableResponseContractTests(WebApplicationType type, String group, Class<?> ownHandler) {
		this.type = type;
		this.group = group;
		this.ownHandler = ownHandler;
		this.security = (type == WebApplicationType.SERVLET) ? ActuatorSecurity.Servlet.class
				: ActuatorSecurity.Reactive.class;
	}

	@BeforeAll
	void startApplication() {
		this.application = run(Application.class);
	}

	@BeforeEach
	void skipOutput(CapturedOutput output) {
		this.outputBefore = output.getAll().length();
	}

	@AfterAll
	void stopApplication() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/template", "/transaction", "/data-source", "/mongo" })
	void whenADatabaseIsDownThenTheResponseIs503(String path) {
		HttpResponse<String> response = get(this.application, path + "?token=secret");
		assertUnavailable(response);
		assertThat(JsonPath.<Integer>read(response.body(), "$.status")).isEqualTo(503);
		assertThat(JsonPath.<String>read(response.body(), "$.error")).isEqualTo("Service Unavailable");
	}

	@Test
	void whenAPoolIsExhaustedThenTheResponseIs503AndOneLineIsLogged(CapturedOutput output) throws SQLException {
		DataSource dataSource = this.application.getBean("stockDataSource", DataSource.class);
		try (Connection connection = dataSource.getConnection()) {
			HttpResponse<String> response = get(this.application, "/exhausted");
			assertThat(connection.isValid(1)).isTrue();
			assertUnavailable(response);
			assertThat(response.headers().allValues("Retry-After")).containsExactly("1");
			// the pool logs its exhaustion separately, once until it is over
			assertThat(problems(output)).filteredOn((line) -> !line.contains("PoolExhaustionLog"))
				.singleElement()
				.asString()
				.endsWith("UnavailableResponse - GET /exhausted is answered with 503: Timed out after 250 ms waiting"
						+ " for a connection from the pool of database 'stock': active 1, idle 0, waiting 0, maximum 1."
						+ " Set 'app.dbs.stock.pool.leak-threshold' to see which threads hold the connections. Further such requests are logged at"
						+ " DEBUG for a minute.");
		}
	}

	@Test
	void otherFailuresAreNotHandled() {
		HttpResponse<String> response = get(this.application, "/other");
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void whenProblemDetailsAreEnabledThenTheResponseIsAProblemDetail() {
		try (ConfigurableApplicationContext context = run(Application.class,
				this.group + ".problemdetails.enabled=true")) {
			HttpResponse<String> response = get(context, "/template");
			assertUnavailable(response);
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(JsonPath.<Object>read(response.body(), "$"))
				.hasToString("{detail=" + DETAIL + ", instance=/template, status=503, title=Service Unavailable}");
		}
	}

	@Test
	void ofManyRequestsOneForEachDatabaseIsLoggedAndErrorsWithMessagesDoNotNameIt(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(Application.class,
				"spring.web.error.include-message=always")) {
			for (String path : List.of("/template", "/mongo", "/transaction", "/template", "/mongo")) {
				HttpResponse<String> response = get(context, path + "?token=secret");
				assertUnavailable(response);
				assertThat(JsonPath.<String>read(response.body(), "$.message")).isEqualTo(DETAIL);
			}
			String line = ".* WARN .*UnavailableResponse - GET %s is answered with 503: Database '%s' is down since .*"
					+ " Further such requests are logged at DEBUG for a minute.";
			assertThat(problems(output)).satisfiesExactly(
					(first) -> assertThat(first).matches(line.formatted("/template", "orders")),
					(second) -> assertThat(second).matches(line.formatted("/mongo", "catalog")));
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnAdvice.class, OwnCatchAll.class })
	void anExceptionHandlerOfTheApplicationComesFirst(Class<?> advice, CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(advice)) {
			assertOwn(get(context, "/template"), output);
		}
	}

	@Test
	void aHandlerBeanOfTheApplicationComesFirst(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(this.ownHandler)) {
			assertOwn(get(context, "/template"), output);
		}
	}

	private void assertOwn(HttpResponse<String> response, CapturedOutput output) {
		assertThat(response.statusCode()).isEqualTo(418);
		assertThat(response.headers().firstValue("Retry-After")).isEmpty();
		assertThat(problems(output)).isEmpty();
	}

	public static void assertUnavailable(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().allValues("Retry-After")).singleElement()
			.satisfies((seconds) -> assertThat(Integer.parseInt(seconds)).isPositive());
		assertThat(response.body()).doesNotContain("orders", "catalog", "stock", "localhost", "refused", "java");
	}

	/**
	 * Returns the log lines since the current test began.
	 */
	private List<String> problems(CapturedOutput output) {
		return output.getAll()
			.substring(this.outputBefore)
			.lines()
			.filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat "))
			.filter((line) -> !line.contains("' is DOWN: "))
			.toList();
	}

	public final HttpResponse<String> get(ConfigurableApplicationContext context, String path) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
		return this.client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
	}

	public final ConfigurableApplicationContext run(Class<?> application, String... properties) {
		String[] arguments = Stream
			.concat(Stream.of("server.port=0", "spring.main.banner-mode=off",
					"spring.autoconfigure.exclude=" + ActuatorApplication.EXCLUDED, "spring.flyway.enabled=false",
					"spring.data.jdbc.repositories.enabled=false", "app.dbs.orders.url=postgresql://localhost:1/orders",
					"app.dbs.orders.required=false", "app.dbs.catalog.url=mongodb://localhost:1/catalog",
					"app.dbs.catalog.required=false", "app.dbs.stock.url=embedded:h2", "app.dbs.stock.pool.max-size=1",
					"app.dbs.stock.pool.acquire-timeout=250ms"), Stream.of(properties))
			.map((property) -> "--" + property)
			.toArray(String[]::new);
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, application,
				this.security)
			.web(this.type)
			.registerShutdownHook(false)
			.run(arguments);
		Databases databases = context.getBean(Databases.class);
		Awaitility.await()
			.until(() -> databases.get("orders").getState() == DatabaseState.DOWN
					&& databases.get("catalog").getState() == DatabaseState.DOWN);
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Requests.class)
	static class Application {

		/**
		 * Separate resources, as closing an application would close those shared with
		 * others.
		 */
		@Bean
		ReactorResourceFactory reactorResourceFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			return factory;
		}

	}

	@RestController
	static class Requests {

		private final JdbcTemplate template;

		private final TransactionTemplate transaction;

		private final DataSource dataSource;

		private final MongoTemplate mongo;

		private final JdbcTemplate stock;

		Requests(@Qualifier("orders") JdbcTemplate template, @Qualifier("orders") TransactionTemplate transaction,
				@Qualifier("orders") DataSource dataSource, @Qualifier("catalog") MongoTemplate mongo,
				@Qualifier("stock") JdbcTemplate stock) {
			this.template = template;
			this.transaction = transaction;
			this.dataSource = dataSource;
			this.mongo = mongo;
			this.stock = stock;
		}

		@GetMapping("/template")
		Integer useTemplate() {
			return this.template.queryForObject("SELECT 1", Integer.class);
		}

		@GetMapping("/transaction")
		Integer useTransaction() {
			return this.transaction.execute((status) -> useTemplate());
		}

		@GetMapping("/data-source")
		String useDataSource() throws SQLException {
			try (Connection connection = this.dataSource.getConnection()) {
				return connection.getSchema();
			}
		}

		@GetMapping("/mongo")
		List<Document> useMongo() {
			return this.mongo.findAll(Document.class, "item");
		}

		@GetMapping("/exhausted")
		Integer useStock() {
			return this.stock.queryForObject("SELECT 1", Integer.class);
		}

		@GetMapping("/other")
		String fail() {
			throw new IllegalStateException("Not about a database");
		}

	}

	@RestControllerAdvice
	static class OwnAdvice {

		@ExceptionHandler
		ResponseEntity<String> handle(DatabaseDownException ex) {
			return ResponseEntity.status(418).body(ex.getDatabase());
		}

	}

	@RestControllerAdvice
	static class OwnCatchAll {

		@ExceptionHandler
		ResponseEntity<String> handle(Exception ex) {
			return ResponseEntity.status(418).body("Failed");
		}

	}

}
