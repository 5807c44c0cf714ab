package io.appdbs.actuate;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.sql.DataSource;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for health and the endpoint while real servers go down and recover, over HTTP.
 */
class DatabaseHealthTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@AutoClose("shutdownNow")
	private static final MongoServer mongo = new MongoServer(new MemoryBackend());

	private static JdbcTemplate administrator;

	private static String postgres;

	private static String mariaDb;

	private static String mongoAddress;

	@AutoClose
	private TcpProxy proxy;

	@BeforeAll
	static void startServers() {
		postgres = address(servers.getUrl("embedded:postgresql", "orders"));
		mariaDb = address(servers.getUrl("embedded:mariadb", "orders"));
		InetSocketAddress address = mongo.bind();
		mongoAddress = "127.0.0.1:" + address.getPort();
		administrator = new JdbcTemplate(
				new DriverManagerDataSource("jdbc:postgresql://" + postgres + "/orders?user=postgres"));
		administrator.execute("CREATE ROLE app LOGIN");
		administrator.execute("CREATE ROLE probed LOGIN");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mongodb" })
	void whenARequiredDatabaseGoesDownAndRecoversThenHealthAndEndpointReportIt(String scheme) throws IOException {
		try (ActuatorApplication application = runBehindProxy(scheme, WebApplicationType.SERVLET)) {
			assertThat(application.get("/health").status()).isEqualTo(200);
			this.proxy.refuse();
			// on a busy machine, the attempt before can have been too slow
			Awaitility.await()
				.until(() -> String.valueOf(application.get("/health/dbs/orders").at("details.cause"))
					.startsWith("the connection was refused, no server listens there. The driver says: "));
			assertThat(application.get("/health").status()).isEqualTo(503);
			Response health = application.get("/health/dbs/orders");
			assertThat(health.status()).isEqualTo(503);
			assertThat(health.at("status")).isEqualTo("DOWN");
			assertThat(health.at("details.nextAttempt").toString()).endsWith("Z");
			assertThat(application.get("/health/readiness").status()).isEqualTo(503);
			assertThat(application.get("/health/liveness").status()).isEqualTo(200);
			assertThat(application.get("/databases/orders").at("state")).isEqualTo("DOWN");
			assertThat(application.get("/databases").at("counts.down")).isEqualTo(1);
			this.proxy.resume();
			Awaitility.await().until(() -> application.get("/health").status() == 200);
			assertThat(application.get("/health/readiness").status()).isEqualTo(200);
			assertThat(application.get("/health/dbs/orders").at("details.cause")).isNull();
			assertThat(application.get("/databases/orders").at("state")).isEqualTo("UP");
		}
	}

	@Test
	void whenAnOptionalDatabaseGoesDownThenItIsDegradedAndTheApplicationStaysUp() throws IOException {
		try (ActuatorApplication application = runBehindProxy("postgresql", WebApplicationType.REACTIVE,
				"app.dbs.orders.required=false", "app.dbs.audit.url=jdbc:h2:mem:database-health")) {
			this.proxy.refuse();
			Awaitility.await().until(() -> application.get("/databases/orders").at("state").equals("DOWN"));
			Response health = application.get("/health");
			assertThat(health.status()).isEqualTo(200);
			assertThat(health.at("status")).isEqualTo("UP");
			assertThat(health.at("components.dbs.status")).isEqualTo("UP");
			assertThat(health.at("components.dbs.components.orders.status")).isEqualTo("DEGRADED");
			assertThat(health.at("components.dbs.components.audit.status")).isEqualTo("UP");
			assertThat(health.at("components.db")).isNull();
			assertThat(application.get("/health/dbs/orders").status()).isEqualTo(200);
			assertThat(application.get("/health/readiness").status()).isEqualTo(200);
		}
	}

	@Test
	void aRequiredDatabaseCanBeExcludedFromReadiness() throws IOException {
		try (ActuatorApplication application = runBehindProxy("postgresql", WebApplicationType.SERVLET,
				"app.dbs.orders.health.readiness=false", "app.dbs.audit.url=jdbc:h2:mem:not-ready")) {
			this.proxy.refuse();
			Awaitility.await().until(() -> application.get("/health/dbs").status() == 503);
			assertThat(application.get("/health/dbs/orders").at("status")).isEqualTo("DOWN");
			assertThat(application.get("/health").status()).isEqualTo(503);
			Response readiness = application.get("/health/readiness");
			assertThat(readiness.status()).isEqualTo(200);
			assertThat(readiness.at("components.dbs.components.audit.status")).isEqualTo("UP");
			assertThat(readiness.at("components.dbs.components.orders")).isNull();
		}
	}

	@Test
	void aServerThatDoesNotAnswerIsReported() throws IOException {
		try (ActuatorApplication application = runBehindProxy("postgresql", WebApplicationType.SERVLET)) {
			this.proxy.beSilent();
			Awaitility.await().until(() -> application.get("/health").status() == 503);
			assertThat(application.get("/health/dbs/orders").at("details.cause").toString())
				.startsWith("the host did not answer in time");
		}
	}

	@Test
	void aRefusedLoginIsReported() throws Exception {
		try (ActuatorApplication application = runBehindProxy("postgresql", WebApplicationType.SERVLET,
				"app.dbs.orders.username=app")) {
			administrator.execute("ALTER ROLE app NOLOGIN");
			administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
			Awaitility.await().until(() -> application.get("/health").status() == 503);
			assertThat(application.get("/health/dbs/orders").at("details.cause").toString())
				.isEqualTo("the login was refused, username or password is wrong. The driver says: "
						+ "FATAL: role \"app\" is not permitted to log in");
			administrator.execute("ALTER ROLE app LOGIN");
			Awaitility.await().until(() -> application.get("/health").status() == 200);
		}
	}

	@Test
	void whenThePoolIsExhaustedThenItIsReportedAndTheDatabaseIsUp() throws Exception {
		try (ActuatorApplication application = runBehindProxy("postgresql", WebApplicationType.SERVLET,
				"app.dbs.orders.pool.max-size=1")) {
			DataSource dataSource = application.context().getBean("ordersDataSource", DataSource.class);
			CompletableFuture<Connection> waiting;
			try (Connection held = dataSource.getConnection()) {
				waiting = SeparateThread.supply(() -> DataSourceUtils.getConnection(dataSource));
				Awaitility.await()
					.until(() -> Boolean.TRUE
						.equals(application.get("/health/dbs/orders").at("details.pool.exhausted")));
				Response health = application.get("/health/dbs/orders");
				assertThat(health.status()).isEqualTo(200);
				assertThat(health.at("status")).isEqualTo("UP");
				assertThat(health.at("details.pool"))
					.isEqualTo(Map.of("active", 1, "idle", 0, "waiting", 1, "maximum", 1, "exhausted", true));
				assertThat(health.at("details.cause")).isNull();
				assertThat(held.isValid(1)).isTrue();
			}
			waiting.get().close();
			assertThat(application.get("/health/dbs/orders").at("details.pool.exhausted")).isEqualTo(false);
		}
	}

	@Test
	void theMigratedVersionIsReported(@TempDir Path folder) {
		new MigrationFolder(folder).write("orders/V7__create.sql", "create table item (id int);");
		try (ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET,
				ActuatorSecurity.Servlet.class, "app.dbs.orders.url=jdbc:h2:mem:database-health-migrated",
				"app.dbs.orders.flyway.locations=filesystem:" + folder,
				"management.endpoint.health.show-details=always")) {
			assertThat(application.get("/health/dbs/orders").at("details.migrationVersion")).isEqualTo("7");
			assertThat(application.get("/databases/orders").at("preparations[0].name")).isEqualTo("migration");
		}
	}

	@Test
	void probesAndOutagesDoNotLeakConnections() throws Exception {
		try (ActuatorApplication application = runBehindProxy("postgresql", WebApplicationType.SERVLET,
				"app.dbs.orders.username=probed", "app.dbs.orders.pool.max-size=2",
				"app.dbs.orders.health.interval=2ms", "app.dbs.orders.health.timeout=2ms")) {
			for (int i = 1; i <= 6; i++) {
				int probes = 300 * i;
				Awaitility.await()
					.atMost(Duration.ofMinutes(2))
					.until(() -> (Integer) application.get("/databases/orders").at("statistics.probes") >= probes);
				this.proxy.reset();
			}
			Awaitility.await().until(() -> application.get("/health/dbs/orders").status() == 200);
			// the monitor's and the pool's, which misses broken ones when it is asked for
			// them
			Awaitility.await().until(() -> connections("probed"), (count) -> count <= 3);
		}
		Awaitility.await().until(() -> connections("probed"), (count) -> count == 0);
	}

	private static int connections(String role) {
		return administrator.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE usename = ?", Integer.class,
				role);
	}

	private ActuatorApplication runBehindProxy(String scheme, WebApplicationType type, String... properties)
			throws IOException {
		String server = switch (scheme) {
			case "postgresql" -> postgres;
			case "mariadb" -> mariaDb;
			default -> mongoAddress;
		};
		this.proxy = new TcpProxy(server);
		Stream<String> common = Stream.of("app.dbs.orders.url=" + scheme + "://" + this.proxy.address() + "/orders",
				"management.endpoint.health.show-details=always", "management.endpoint.databases.show-values=always");
		Stream<String> login = switch (scheme) {
			case "postgresql" -> Stream.of("app.dbs-defaults.username=postgres");
			case "mariadb" -> Stream.of("app.dbs-defaults.username=root");
			default -> Stream.empty();
		};
		return ActuatorApplication.run(type,
				(type == WebApplicationType.REACTIVE) ? ActuatorSecurity.Reactive.class
						: ActuatorSecurity.Servlet.class,
				Stream.concat(Stream.concat(common, login), Stream.of(properties)).toArray(String[]::new));
	}

	private static String address(String url) {
		String address = url.substring(url.indexOf('@') + 1);
		return address.substring(0, address.indexOf('/'));
	}

}
