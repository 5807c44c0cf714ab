package io.appdbs.actuate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.autoconfigure.DatabaseMetricsAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for health, endpoint, status page and meters of many databases that are added at
 * run time. The system property {@code appdbs.listed-databases} sets their number, a
 * multiple of 100.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RuntimeActuatorTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final int NAMES = Integer.getInteger("appdbs.listed-databases", 300);

	/** The databases, and a configured one on a page of its own. */
	private static final int LAST_PAGE = NAMES / 100;

	private static final int DOWN = 12;

	private static ActuatorApplication application;

	private static Databases databases;

	@BeforeAll
	static void addDatabases() {
		application = ActuatorApplication.run(WebApplicationType.SERVLET, ActuatorSecurity.Servlet.class,
				"management.endpoint.databases.access=unrestricted", "management.endpoint.health.show-details=always",
				"app.dbs.control.url=jdbc:h2:mem:control", "app.dbs-runtime.max-databases=" + NAMES,
				"app.dbs-runtime.max-meters=3");
		databases = application.context().getBean(Databases.class);
		for (int i = 0; i < NAMES; i++) {
			databases.add("tenant-%04d".formatted(i), RuntimeDatabaseSettings
				.ofUrl((i < DOWN) ? "postgresql://127.0.0.1:1/tenant" : "jdbc:h2:mem:tenants;DB_CLOSE_DELAY=-1"));
		}
		TestDatabases
			.await(() -> databases.getCounts().up() == NAMES - DOWN + 1 && databases.getCounts().down() == DOWN);
	}

	@AfterAll
	static void close() {
		application.close();
	}

	@Test
	@Order(1)
	void healthIsNeverDownAndNamesTenOfThoseThatAre() {
		Response health = application.get("/health/dbs/runtimeDatabases");
		assertThat(health.status()).isEqualTo(200);
		assertThat(health.at("status")).isEqualTo("DEGRADED");
		assertThat(health.at("details"))
			.isEqualTo(Map.of("total", NAMES, "up", NAMES - DOWN, "starting", 0, "down", DOWN, "databasesDown",
					Stream.iterate(0, (i) -> i + 1).limit(10).map("tenant-%04d"::formatted).toList()));
		assertThat(application.get("/health").at("components.dbs.status")).isIn("UP", "DEGRADED");
		assertThat(((Map<?, ?>) application.get("/health").at("components.dbs.components")).keySet())
			.hasToString("[control, runtimeDatabases]");
		assertThat(application.get("/health/dbs/tenant-0000").status()).isEqualTo(404);
	}

	@Test
	@Order(2)
	void theEndpointListsPages() {
		Response first = application.get("/databases");
		assertThat(first.at("counts.total")).isEqualTo(NAMES + 1);
		assertThat(first.at("page")).isEqualTo(Map.of("number", 0, "pages", LAST_PAGE + 1, "total", NAMES + 1));
		assertThat(names(first)).hasSize(100).contains("control", "tenant-0000").doesNotContain("tenant-0099");
		assertThat(names(application.get("/databases?page=" + LAST_PAGE)))
			.containsExactly("tenant-%04d".formatted(NAMES - 1));
		assertThat(names(application.get("/databases?state=up&page=" + (LAST_PAGE - 1)))).hasSize(100 - DOWN + 1);
		Response down = application.get("/databases?state=down");
		assertThat(down.at("page")).isNull();
		assertThat(names(down)).hasSize(DOWN).contains("tenant-0000", "tenant-0011");
		assertThat(application.get("/databases/tenant-0234").at("state")).isEqualTo("UP");
	}

	@ParameterizedTest
	@Order(3)
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			page=9999 | There is no page 9999. The last one is {last}.
			page=-1 | 'page' cannot be '-1': it must be a number from 0 on.
			page=last | 'page' cannot be 'last': it must be a number from 0 on.
			state=broken | Unknown state 'broken'. Known: starting, up, down, closed.
			state=down&page=1 | There is no page 1. The last one is 0.""")
	void pagesThatDoNotExistAreRejected(String query, String message) {
		Response response = application.get("/databases?" + query);
		assertThat(response.at("message")).isEqualTo(message.replace("{last}", String.valueOf(LAST_PAGE)));
		assertThat(response.status()).isEqualTo(400);
	}

	@Test
	@Order(4)
	void theStatusPageAsksNoDatabase() {
		ConnectionBudget budget = application.context().getBean(ConnectionBudget.class);
		TestDatabases.await(() -> budget.getUsage().open() == 0);
		long opened = budget.getUsage().opened();
		for (String query : List.of("", "?page=" + LAST_PAGE, "?state=down")) {
			Response page = application.getHtml("/databases" + query);
			assertThat(page.status()).isEqualTo(200);
			assertThat(page.body()).contains("<tbody id=\"db-tenant-");
		}
		assertThat(application.getHtml("/databases?page=1").body())
			.contains("Page 2 of %d, of %d databases".formatted(LAST_PAGE + 1, NAMES + 1));
		assertThat(budget.getUsage().opened()).isEqualTo(opened);
	}

	@Test
	@Order(5)
	void someDatabasesHaveMetersAndAllHaveSums() {
		MeterRegistry registry = application.context().getBean(MeterRegistry.class);
		assertThat(measured(registry)).containsExactly("tenant-0000", "tenant-0001", "tenant-0002");
		assertThat(registry.get("appdbs.runtime.databases").tag("state", "up").gauge().value()).isEqualTo(NAMES - DOWN);
		assertThat(registry.get("appdbs.runtime.databases").tag("state", "down").gauge().value()).isEqualTo(DOWN);
		databases.remove("tenant-0001");
		assertThat(measured(registry)).containsExactly("tenant-0000", "tenant-0002");
		databases.add("tenant-0001", RuntimeDatabaseSettings.ofUrl("postgresql://127.0.0.1:1/tenant"));
		assertThat(measured(registry)).containsExactly("tenant-0000", "tenant-0001", "tenant-0002");
	}

	@ParameterizedTest
	@Order(6)
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					tenant-0100 | "remove","mode":"fail" | 400 | Operation 'remove' has no parameter 'mode'. Known: drainTimeout.
					tenant-0100 | "remove","drainTimeout":"6m" | 400 | 'drainTimeout' cannot be '6m': it must be a duration between 0s and 5m, such as 10s.
					control | "remove" | 400 | Database 'control' cannot be removed: it is configured, and has beans. Only databases that have been added at run time can be removed.
					tenant-0100 | "migrate","maximum":"3" | 400 | Operation 'migrate' has no parameter 'maximum'. Known: none.
					tenant-0100 | "migrate" | 400 | Database 'tenant-0100' cannot be migrated again: it was migrated before it came up.
					control | "migrate" | 400 | Database 'control' cannot be migrated again: it was migrated before it came up.
					tenant-0100 | "add" | 400 | Unknown operation 'add'. Known: probe, suspend, resume, set-maximum-pool-size, rotate, verify, verify-audit, maintain, cancel-maintenance, print-grants, check-backup, clear-caches, migrate, remove.""")
	void wrongOperationsAreRejected(String name, String operation, int status, String message) {
		Response response = application.post("/databases/" + name, "{\"operation\":%s}".formatted(operation));
		assertThat(response.at("message")).isEqualTo(message);
		assertThat(response.status()).isEqualTo(status);
	}

	@Test
	@Order(7)
	void aDatabaseIsMigratedAgainAndRemoved() {
		Response migrated = application.post("/databases/tenant-0000", "{\"operation\":\"migrate\"}");
		assertThat(migrated.at("database.state")).isEqualTo("DOWN");
		Database acme = databases.get("tenant-0100");
		Response removed = application.post("/databases/tenant-0100",
				"{\"operation\":\"remove\",\"drainTimeout\":\"1s\"}");
		assertThat(removed.status()).isEqualTo(200);
		assertThat(removed.body()).isEqualTo("{\"aborted\":0}");
		assertThat(acme.getState()).isEqualTo(DatabaseState.CLOSED);
		Response again = application.post("/databases/tenant-0100", "{\"operation\":\"remove\"}");
		assertThat(again.status()).isEqualTo(404);
		assertThat(again.at("message").toString()).startsWith("No database named 'tenant-0100'. Known: control, ")
			.endsWith(" more.");
	}

	@Test
	void theUseOfTheLimitIsMeasuredAndNothingIsLeftInARegistryThatOutlivesTheApplication() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class, DatabasesAutoConfiguration.class,
					DatabaseMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class, () -> registry)
			.withPropertyValues("app.dbs-runtime.max-connections=1")
			.run((context) -> {
				Databases few = context.getBean(Databases.class);
				Database acme = few.add("acme", RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:acme"));
				Database globex = few.add("globex",
						RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:globex").set("pool.acquire-timeout", "250ms"));
				Database initech = few.add("initech", RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:initech"));
				assertThat(acme.awaitUp(LONG)).isTrue();
				assertThat(globex.awaitUp(LONG)).isTrue();
				assertThat(initech.awaitUp(LONG)).isTrue();
				TestDatabases.await(() -> value(registry, "appdbs.runtime.connections") == 0);
				double opened = value(registry, "appdbs.runtime.connections.opened");
				double returned = value(registry, "appdbs.runtime.connections.returned");
				try (Connection connection = acme.getDataSource().getConnection()) {
					assertThat(value(registry, "appdbs.runtime.connections")).isOne();
					CompletableFuture<Connection> other = SeparateThread.supply(() -> borrow(globex));
					TestDatabases.await(() -> value(registry, "appdbs.runtime.connections.waiting") == 1);
					assertThat(other).failsWithin(LONG);
					TestDatabases.await(() -> value(registry, "appdbs.runtime.connections.rejected") > 0);
					TestDatabases.await(() -> value(registry, "appdbs.runtime.connections.waiting") == 0);
				}
				borrow(initech).close();
				assertThat(value(registry, "appdbs.runtime.connections.max")).isOne();
				// probes can open connections, too
				assertThat(value(registry, "appdbs.runtime.connections.opened")).isGreaterThanOrEqualTo(opened + 2);
				// is counted after the connection has been closed
				TestDatabases.await(() -> value(registry, "appdbs.runtime.connections.returned") > returned);
				assertThat(registry.find("appdbs.state").tag("db", "acme").meters()).isNotEmpty();
				few.remove("acme");
				assertThat(registry.find("appdbs.state").tag("db", "acme").meters()).isEmpty();
			});
		assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.noneMatch((name) -> name.startsWith("appdbs.") || name.startsWith("hikaricp."));
	}

	private static double value(MeterRegistry registry, String name) {
		return registry.get(name).meter().measure().iterator().next().getValue();
	}

	private static Connection borrow(Database database) {
		try {
			return database.getDataSource().getConnection();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> names(Response response) {
		return ((Map<?, ?>) response.at("databases")).keySet().stream().map(String::valueOf).toList();
	}

	private static Set<String> measured(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.flatMap((meter) -> Stream.ofNullable(meter.getId().getTag("db")))
			.filter((name) -> name.startsWith("tenant-"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
