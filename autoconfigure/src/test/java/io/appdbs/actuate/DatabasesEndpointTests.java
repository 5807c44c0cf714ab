package io.appdbs.actuate;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.management.MBeanException;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.sql.DataSource;

import io.appdbs.Databases;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import io.appdbs.testsupport.SeparateThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the endpoint {@code databases}, over HTTP and JMX.
 */
class DatabasesEndpointTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static final String WRITABLE = "management.endpoint.databases.access=unrestricted";

	private static final String SHOWN = "management.endpoint.databases.show-values=always";

	private static final String HIDDEN = "******";

	private static String url;

	/** The bodies of requests and the messages that reject them. */
	private static final String INVALID = """
			{} | Unknown operation 'null'. Known: probe, suspend, resume, set-maximum-pool-size, rotate, verify, verify-audit, maintain, cancel-maintenance, print-grants, check-backup, clear-caches, migrate, remove.
			{"operation":"restart"} | Unknown operation 'restart'. Known: probe, suspend, resume, set-maximum-pool-size, rotate, verify, verify-audit, maintain, cancel-maintenance, print-grants, check-backup, clear-caches, migrate, remove.
			{"operation":"suspend","mode":"queue"} | Unknown mode 'queue'. Known: wait, fail.
			{"operation":"suspend","maximum":3} | Operation 'suspend' has no parameter 'maximum'. Known: mode, drainTimeout.
			{"operation":"probe","mode":"fail"} | Operation 'probe' has no parameter 'mode'. Known: none.
			{"operation":"suspend","drainTimeout":"-1s"} | 'drainTimeout' cannot be '-1s': it must be a duration between 0s and 5m, such as 10s.
			{"operation":"suspend","drainTimeout":"6m"} | 'drainTimeout' cannot be '6m': it must be a duration between 0s and 5m, such as 10s.
			{"operation":"suspend","drainTimeout":"soon"} | 'drainTimeout' cannot be 'soon': it must be a duration between 0s and 5m, such as 10s.
			{"operation":"suspend","drainTimeout":"PT99999999999999H"} | 'drainTimeout' cannot be 'PT99999999999999H': it must be a duration between 0s and 5m, such as 10s.
			{"operation":"resume"} | Database 'orders' is not suspended.
			{"operation":"rotate"} | The credentials of database 'orders' do not change: it has neither 'app.dbs.orders.credentials.password-file' nor a DatabaseCredentialsProvider bean.
			{"operation":"set-maximum-pool-size"} | 'maximum' cannot be 'null': it must be a number of connections.
			{"operation":"set-maximum-pool-size","maximum":"many"} | 'maximum' cannot be 'many': it must be a number of connections.
			{"operation":"set-maximum-pool-size","maximum":0} | The pool of database 'orders' cannot have a maximum of 0: it must be at least 1.
			{"operation":"print-grants"} | The grants of database 'orders' cannot be written: 'app.dbs.orders.privileges.needed' is not set. Write the privileges that the application needs there, by table, such as 'orders' with 'SELECT, INSERT'.
			{"operation":"print-grants","mode":"fail"} | Operation 'print-grants' has no parameter 'mode'. Known: none.
			{"operation":"clear-caches","table":"product"} | Operation 'clear-caches' has no parameter 'table'. Known: none.
			{"operation":"clear-caches"} | Database 'orders' has no caches: 'app.dbs.orders.cache.spec' is not set.
			{"operation":"set-maximum-pool-size","maximum":1} | The pool of database 'orders' cannot have a maximum of 1: 'app.dbs.orders.pool.min-size' is 2.""";

	@BeforeAll
	static void startServer() {
		url = servers.getUrl("embedded:postgresql", "orders");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void allAndSingleDatabasesAreRead(WebApplicationType type) {
		try (ActuatorApplication application = run(type, SHOWN)) {
			Awaitility.await().until(() -> application.get("/databases/orders").at("responseTime") != null);
			Response all = application.get("/databases");
			assertThat(all.status()).isEqualTo(200);
			assertThat(all.at("counts")).isEqualTo(Map.of("total", 3, "up", 2, "down", 1, "failedAtStart", 1));
			assertThat(((Map<?, ?>) all.at("databases")).keySet()).hasToString("[" + known(application) + "]");
			Response orders = application.get("/databases/orders");
			assertThat(orders.status()).isEqualTo(200);
			assertThat(((Map<?, ?>) orders.at("")).keySet().toString()).isEqualTo(
					"[name, required, state, since, suspended, failedAtStart, server, responseTime, startTime, pool, preparations, statistics]");
			assertThat(orders.at("name")).isEqualTo("orders");
			assertThat(orders.at("state")).isEqualTo("UP");
			assertThat(orders.at("since").toString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z");
			assertThat(orders.at("responseTime").toString()).startsWith("PT");
			assertThat(orders.at("server.engine")).isEqualTo("postgresql");
			assertThat(orders.at("server.version").toString()).startsWith("PostgreSQL 18");
			assertThat(orders.at("server.hosts")).isEqualTo(List.of(host()));
			assertThat(orders.at("server.database")).isEqualTo("orders");
			assertThat(orders.at("pool.maximum")).isEqualTo(3);
			assertThat(orders.at("pool.exhausted")).isEqualTo(false);
			assertThat(((Map<?, ?>) orders.at("pool")).keySet())
				.hasToString("[active, idle, waiting, maximum, exhausted]");
			assertThat((Integer) orders.at("statistics.probes")).isPositive();
			assertThat(orders.at("statistics.borrowFailures"))
				.isEqualTo(Map.of("down", 0, "suspended", 0, "exhausted", 0, "connect", 0, "error", 0));
			Response reviews = application.get("/databases/reviews");
			assertThat(reviews.at("state")).isEqualTo("DOWN");
			assertThat(reviews.at("failedAtStart")).isEqualTo(true);
			assertThat(reviews.at("outage.reason").toString()).startsWith("the connection was refused");
			assertThat(reviews.at("outage.nextAttempt")).isNotNull();
			assertThat(all.body()).doesNotContain("postgres@", "username", "password");
			Response unknown = application.get("/databases/order");
			assertThat(unknown.status()).isEqualTo(404);
			assertThat(unknown.body())
				.isEqualTo("{\"message\":\"No database named 'order'. Known: " + known(application) + ".\"}");
		}
	}

	@Test
	void hostsDatabasesAndReasonsAreHiddenByDefault() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET)) {
			assertHidden(application.get("/databases/orders"), application.get("/databases/reviews"));
			assertHidden(application.getAs("operator", "/databases/orders"),
					application.getAs("operator", "/databases/reviews"));
			assertThat(application.get("/databases").body()).doesNotContain(host(), "refused");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void valuesAreShownToUsersWithTheRole(WebApplicationType type) {
		try (ActuatorApplication application = run(type, "management.endpoint.databases.show-values=when-authorized",
				"management.endpoint.databases.roles=OPERATOR")) {
			assertHidden(application.get("/databases/orders"), application.get("/databases/reviews"));
			assertHidden(application.getAs("guest", "/databases/orders"),
					application.getAs("guest", "/databases/reviews"));
			assertThat(application.getAs("operator", "/databases/orders").at("server.hosts"))
				.isEqualTo(List.of(host()));
		}
	}

	private static void assertHidden(Response orders, Response reviews) {
		assertThat(orders.at("server.hosts")).isEqualTo(List.of(HIDDEN));
		assertThat(orders.at("server.database")).isEqualTo(HIDDEN);
		assertThat(reviews.at("outage.reason")).isEqualTo(HIDDEN);
		assertThat(reviews.at("outage.since")).isNotNull();
	}

	@Test
	void whereSpringBootSecuresTheApplicationNothingIsShownToStrangers() {
		try (ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET,
				ActuatorSecurity.Default.class,
				properties(SHOWN, WRITABLE, "management.endpoint.health.show-details=when-authorized"))) {
			assertThat(application.get("/databases").status()).isEqualTo(401);
			assertThat(application.get("/databases/orders").status()).isEqualTo(401);
			Response health = application.get("/health");
			assertThat(health.status()).isEqualTo(200);
			assertThat(health.body()).isEqualTo("{\"groups\":[\"liveness\",\"readiness\"],\"status\":\"UP\"}");
			assertThat(application.get("/health/readiness").body()).isEqualTo("{\"status\":\"UP\"}");
			assertThat(application.get("/health/dbs").body()).isEmpty();
			assertThat(application.get("/health/dbs/orders").body()).isEmpty();
			assertThat(application.getAs("user", "/health/dbs/orders").at("details.engine")).isEqualTo("postgresql");
			assertThat(application.getAs("user", "/databases/orders").at("server.hosts")).isEqualTo(List.of(host()));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void withoutUnrestrictedAccessOperationsAreNotAvailable(WebApplicationType type) {
		try (ActuatorApplication application = run(type)) {
			assertThat(application.post("/databases/orders", "{\"operation\":\"suspend\"}").status()).isEqualTo(405);
			assertThat(application.get("/databases/orders").at("suspended")).isEqualTo(false);
		}
		try (ActuatorApplication application = run(type, "management.endpoint.databases.access=none")) {
			assertThat(application.get("/databases").status()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void operationsTakeEffectAndAreAudited(WebApplicationType type) throws Exception {
		try (ActuatorApplication application = run(type, WRITABLE)) {
			Response probe = application.post("/databases/orders", "{\"operation\":\"probe\"}");
			assertThat(probe.status()).isEqualTo(200);
			assertThat((Integer) probe.at("database.statistics.probes")).isPositive();
			Response maximum = application.postAs("operator", "/databases/orders",
					"{\"operation\":\"set-maximum-pool-size\",\"maximum\":2}");
			assertThat(maximum.status()).isEqualTo(200);
			assertThat(maximum.at("database.pool.maximum")).isEqualTo(2);
			DataSource dataSource = application.context().getBean("ordersDataSource", DataSource.class);
			try (Connection held = dataSource.getConnection()) {
				Response suspend = application.postAs("operator", "/databases/orders",
						"{\"operation\":\"suspend\",\"mode\":\"fail\",\"drainTimeout\":\"100ms\"}");
				assertThat(suspend.status()).isEqualTo(200);
				assertThat(suspend.at("drained")).isEqualTo(false);
				assertThat(suspend.at("database.suspended")).isEqualTo(true);
				assertThat(held.isValid(1)).isTrue();
			}
			assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource::getConnection);
			assertThat(application.get("/health/dbs/orders").at("details.suspended")).isEqualTo(true);
			assertThat(application.get("/databases/orders").at("statistics.borrowFailures.suspended")).isEqualTo(1);
			Response resume = application.postAs("guest", "/databases/orders", "{\"operation\":\"resume\"}");
			assertThat(resume.at("database.suspended")).isEqualTo(false);
			dataSource.getConnection().close();
			assertThat(application.audited()).extracting(AuditEvent::getType)
				.containsOnly("DATABASE_OPERATION_SUCCESS")
				.hasSize(4);
			assertThat(application.audited()).extracting(AuditEvent::getPrincipal)
				.endsWith("operator", "operator", "guest");
			assertThat(application.audited()).extracting(AuditEvent::getData)
				.containsExactly(Map.of("database", "orders", "operation", "probe"),
						Map.of("database", "orders", "operation", "set-maximum-pool-size", "maximum", "2"),
						Map.of("database", "orders", "operation", "suspend", "mode", "fail", "drainTimeout", "100ms",
								"drained", false),
						Map.of("database", "orders", "operation", "resume"));
		}
	}

	@Test
	void whenSuspendedThenCallersWaitUntilItIsResumed() throws Exception {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET, WRITABLE)) {
			Response suspend = application.post("/databases/orders", "{\"operation\":\"suspend\"}");
			assertThat(suspend.at("drained")).isEqualTo(true);
			DataSource dataSource = application.context().getBean("ordersDataSource", DataSource.class);
			CompletableFuture<Integer> borrowed = SeparateThread
				.supply(() -> new JdbcTemplate(dataSource).queryForObject("SELECT 1", Integer.class));
			assertThat(application.get("/health/readiness").status()).isEqualTo(200);
			assertThat(borrowed).isNotDone();
			application.post("/databases/orders", "{\"operation\":\"resume\"}");
			assertThat(borrowed.get()).isOne();
		}
	}

	@Test
	void credentialsAreRotated(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("password"), "s3cr3t-0");
		try (ActuatorApplication application = run(WebApplicationType.SERVLET, WRITABLE,
				"app.dbs.orders.credentials.password-file=" + file, "app.dbs.orders.credentials.refresh-interval=1h")) {
			assertThat(application.get("/databases/orders").at("credentials.rotations")).isEqualTo(0);
			Files.writeString(file, "s3cr3t-1");
			Response rotated = application.post("/databases/orders", "{\"operation\":\"rotate\"}");
			assertThat(rotated.status()).isEqualTo(200);
			assertThat(rotated.at("database.credentials.rotations")).isEqualTo(1);
			Files.delete(file);
			String failure = "the file '%s' of 'app.dbs.orders.credentials.password-file' does not exist."
				.formatted(file);
			assertRefused(application, "{\"operation\":\"rotate\"}",
					"The credentials of database 'orders' were not replaced: " + failure);
			Response orders = application.get("/databases/orders");
			assertThat(((Map<?, ?>) orders.at("credentials")).keySet())
				.hasToString("[since, rotations, failures, failure]");
			assertThat(orders.at("credentials.failure")).isEqualTo(HIDDEN);
			Response health = application.get("/health/dbs/orders");
			assertThat(health.at("status")).isEqualTo("UP");
			assertThat(health.at("details.credentials.failure")).isEqualTo(failure);
			assertThat(rotated.body() + orders.body() + health.body()).doesNotContain("s3cr3t");
			assertThat(application.audited()).extracting(AuditEvent::getType)
				.containsExactly("DATABASE_OPERATION_SUCCESS", "DATABASE_OPERATION_FAILURE");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void invalidRequestsAreRejectedWithAMessageAndChangeNothing(WebApplicationType type) {
		try (ActuatorApplication application = run(type, WRITABLE, "app.dbs.orders.pool.min-size=2")) {
			assertRefused(application, 404, "order", "{\"operation\":\"suspend\"}",
					"No database named 'order'. Known: " + known(application) + ".");
			INVALID.lines()
				.map((line) -> line.split(" \\| ", 2))
				.forEach((row) -> assertRefused(application, row[0], row[1]));
			assertThat(
					application.post("/databases/orders", "{\"operation\":\"set-maximum-pool-size\",\"maximum\":999}")
						.at("message")
						.toString())
				.startsWith(
						"The pool of database 'orders' cannot have a maximum of 999 plus one connection for the probe: the server accepts ");
			assertRefused(application, 400, "catalog", "{\"operation\":\"set-maximum-pool-size\",\"maximum\":5}",
					"The pool of database 'catalog' cannot be resized: MongoDB's driver reads its size once. Set 'app.dbs.catalog.pool.max-size' and restart the application.");
			assertThat(application.get("/databases/orders").at("suspended")).isEqualTo(false);
			assertThat(application.get("/databases/orders").at("pool.maximum")).isEqualTo(3);
			application.post("/databases/orders", "{\"operation\":\"suspend\"}");
			assertThat(application.post("/databases/orders", "{\"operation\":\"suspend\"}").at("message").toString())
				.matches("Database 'orders' has been suspended since .*Z\\. Resume it first\\.");
			assertThat(application.audited()).extracting(AuditEvent::getType)
				.containsOnlyOnce("DATABASE_OPERATION_SUCCESS")
				.contains("DATABASE_OPERATION_FAILURE");
			assertThat(application.audited().get(0).getData()).isEqualTo(Map.of("database", "order", "operation",
					"suspend", "message", "No database named 'order'. Known: " + known(application) + "."));
		}
	}

	@Test
	void theGrantsThatAreNeededAreWritten() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET, WRITABLE,
				"app.dbs.orders.privileges.needed.[public.note]=SELECT")) {
			Response response = application.post("/databases/orders", "{\"operation\":\"print-grants\"}");
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.at("grants")).isEqualTo(List.of("GRANT USAGE ON SCHEMA \"public\" TO \"postgres\";",
					"GRANT SELECT ON TABLE \"public\".\"note\" TO \"postgres\";"));
			assertThat(application.audited()).extracting(AuditEvent::getType)
				.containsExactly("DATABASE_OPERATION_SUCCESS");
		}
	}

	@Test
	void cachesAreListedAndCleared() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET, WRITABLE,
				"app.dbs.orders.cache.spec=expireAfterWrite=5m")) {
			assertThat(application.get("/databases/orders/caches").at("caches")).isEqualTo(List.of());
			Cache cache = application.context().getBean("ordersCacheManager", CacheManager.class).getCache("product");
			cache.put("a", "value");
			cache.get("a");
			cache.get("b");
			assertThat(application.get("/databases/orders/caches").at("caches"))
				.isEqualTo(List.of(Map.of("name", "product", "size", 1, "hits", 1, "misses", 1, "evictions", 0)));
			assertThat(application.post("/databases/orders", "{\"operation\":\"clear-caches\"}").status())
				.isEqualTo(200);
			assertThat(cache.get("a")).isNull();
			assertThat(application.get("/databases/orders/caches?fresh=true").at("message"))
				.isEqualTo("The topic 'caches' has no parameters.");
		}
	}

	private static void assertRefused(ActuatorApplication application, String body, String message) {
		assertRefused(application, 400, "orders", body, message);
	}

	private static void assertRefused(ActuatorApplication application, int status, String name, String body,
			String message) {
		Response response = application.post("/databases/" + name, body);
		assertThat(response.at("message")).isEqualTo(message);
		assertThat(response.status()).isEqualTo(status);
	}

	@Test
	void theEndpointIsAvailableOverJmx() throws Exception {
		try (ActuatorApplication application = run(WebApplicationType.NONE, WRITABLE, SHOWN, "spring.jmx.enabled=true",
				"spring.jmx.default-domain=appdbs-test", "management.endpoints.jmx.exposure.include=databases")) {
			assertThat(invoke("database", "orders").toString()).contains("state=UP", "hosts=[" + host());
			assertThat(invoke("databases").toString()).contains("orders", "catalog", "reviews");
			assertThat(invoke("operate", "orders", "suspend", "fail", null, null, null, null, null, null).toString())
				.contains("drained=true");
			assertThatExceptionOfType(MBeanException.class)
				.isThrownBy(() -> invoke("operate", "orders", "suspend", null, null, null, null, null, null, null))
				.withMessageContaining("Database 'orders' has been suspended since ");
			assertThatExceptionOfType(MBeanException.class).isThrownBy(() -> invoke("database", "order"))
				.withMessage("No database named 'order'. Known: " + known(application) + ".");
			assertThatExceptionOfType(ReflectionException.class)
				.isThrownBy(() -> invoke("operate", "orders", "restart", null, null, null, null, null, null, null))
				.withMessage(
						"Unknown operation 'restart'. Known: probe, suspend, resume, set-maximum-pool-size, rotate, verify, verify-audit, maintain, cancel-maintenance, print-grants, check-backup, clear-caches, migrate, remove.");
			assertThat(application.audited()).hasSize(3).extracting(AuditEvent::getPrincipal).containsOnly("");
		}
	}

	private static Object invoke(String operation, Object... arguments) throws Exception {
		String[] signature = new String[arguments.length];
		Arrays.fill(signature, String.class.getName());
		return ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("appdbs-test:type=Endpoint,name=Databases"), operation, arguments, signature);
	}

	/** In the order of the configuration, which is not that of a command line. */
	private static String known(ActuatorApplication application) {
		return String.join(", ", application.context().getBean(Databases.class).getNames());
	}

	private static String host() {
		String address = url.substring(url.indexOf('@') + 1);
		return address.substring(0, address.indexOf('/'));
	}

	private static ActuatorApplication run(WebApplicationType type, String... properties) {
		Class<?> security = switch (type) {
			case SERVLET -> ActuatorSecurity.Servlet.class;
			case REACTIVE -> ActuatorSecurity.Reactive.class;
			case NONE -> ActuatorSecurity.Default.class;
		};
		return ActuatorApplication.run(type, security,
				properties(Stream
					.concat(Stream.of("management.endpoint.health.show-details=always"), Stream.of(properties))
					.toArray(String[]::new)));
	}

	private static String[] properties(String... further) {
		return Stream
			.concat(Stream.of("app.dbs.orders.url=" + url, "app.dbs.orders.pool.max-size=3",
					"app.dbs-defaults.privileges.verify=off", "app.dbs.orders.health.interval=200ms",
					"app.dbs.orders.health.timeout=200ms", "app.dbs.catalog.url=embedded:mongodb",
					"app.dbs.reviews.url=postgresql://127.0.0.1:1/reviews", "app.dbs.reviews.required=false"),
					Stream.of(further))
			.toArray(String[]::new);
	}

}
