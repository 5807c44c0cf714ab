package io.appdbs.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.TcpProxy;
import io.micrometer.core.instrument.MeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the archiving of PostgreSQL in an application that configures nothing about
 * backups, with a login without privileges.
 */
class ArchiverApplicationTests {

	@TempDir
	private static Path folder;

	private static EmbeddedPostgres server;

	private static Path broken;

	@BeforeAll
	static void startServer() throws Exception {
		broken = folder.resolve("broken");
		server = EmbeddedPostgres.builder().setServerConfig("archive_mode", "on").start();
		execute("CREATE ROLE app LOGIN", "ALTER SYSTEM SET archive_command = 'test ! -e %s'".formatted(broken),
				"SELECT pg_reload_conf()");
	}

	@AfterAll
	static void stopServer() throws IOException {
		if (server != null) {
			server.close();
		}
	}

	@Test
	void archivingIsObservedWithoutConfiguration() throws Exception {
		try (ActuatorApplication application = run()) {
			write();
			await().until(() -> check(application).at("database.backup.archive.last") != null);
			Response working = check(application);
			assertThat(working.at("database.backup.state")).isNull();
			assertThat(working.at("database.backup.archive.failing")).isEqualTo(false);
			assertThat((List<?>) working.at("database.backup.findings")).isEmpty();
			assertThat(health(application).at("status")).isEqualTo("UP");
			try (LoggedLines log = new LoggedLines()) {
				Files.createFile(broken);
				write();
				await().until(() -> check(application).at("database.backup.archive.failing").equals(true));
				assertFailing(application);
				check(application);
				assertThat(log.messages()).singleElement()
					.asString()
					.startsWith(
							"Backups of database 'orders' do not reach the present: archiving fails, and the server has not archived its log since ");
				log.clear();
				Files.delete(broken);
				await().atMost(Duration.ofSeconds(90))
					.until(() -> check(application).at("database.backup.archive.failing").equals(false));
				assertThat(log.messages()).singleElement().asString().startsWith("No longer found: Backups of");
			}
			assertThat(health(application).at("status")).isEqualTo("UP");
		}
		finally {
			Files.deleteIfExists(broken);
		}
	}

	private static void assertFailing(ActuatorApplication application) {
		assertThat(application.get("/databases/orders").at("backup.findings[0].kind")).isEqualTo("archive-failing");
		assertThat(health(application).status()).isEqualTo(200);
		assertThat(health(application).at("status")).isEqualTo("DEGRADED");
		assertThat(application.get("/health").at("status")).isEqualTo("UP");
		assertThat(application.get("/health/readiness").at("status")).isEqualTo("UP");
		MeterRegistry registry = application.context().getBean(MeterRegistry.class);
		assertThat(registry.get("appdbs.backup.archive.age").tag("db", "orders").timeGauge().value(TimeUnit.SECONDS))
			.isPositive();
		assertThat(registry.get("appdbs.backup.findings").tags("db", "orders", "kind", "archive").gauge().value())
			.isOne();
		assertThat(registry.find("appdbs.backup.age").gauge()).isNull();
		assertThat(registry.find("appdbs.backup.verified.age").gauge()).isNull();
	}

	@Test
	void aLagIsReported() throws Exception {
		try (ActuatorApplication application = run("app.dbs.orders.backup.max-archive-lag=1ms",
				"app.dbs.orders.backup.check-interval=1s")) {
			await().until(() -> {
				execute("SELECT pg_logical_emit_message(false, 'x', 'x')");
				return "archive-late".equals(application.get("/databases/orders").at("backup.findings[0].kind"));
			});
			assertThat(application.get("/databases/orders").at("backup.archive.lag")).isNotNull();
			assertThat(health(application).at("status")).isEqualTo("DEGRADED");
		}
	}

	@Test
	void whileTheServerIsUnreachableWhatIsKnownStays() throws Exception {
		try (TcpProxy proxy = new TcpProxy("localhost:" + server.getPort())) {
			try (ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET,
					ActuatorSecurity.Servlet.class,
					"app.dbs.orders.url=postgresql://app@%s/postgres".formatted(proxy.address()),
					"management.endpoint.databases.access=unrestricted", "app.dbs.orders.health.interval=200ms",
					"app.dbs.orders.health.timeout=200ms")) {
				write();
				await().until(() -> check(application).at("database.backup.archive.last") != null);
				Object last = check(application).at("database.backup.archive.last");
				proxy.swallow();
				// the probe may not have noticed it
				assertThat(check(application).at("database.backup.archive.last")).isEqualTo(last);
				await().until(() -> application.get("/databases/orders").at("state").equals("DOWN"));
				assertThat(check(application).at("database.backup.archive.last")).isEqualTo(last);
				proxy.resume();
				await().until(() -> application.get("/databases/orders").at("state").equals("UP"));
				write();
				await().until(() -> !last.equals(check(application).at("database.backup.archive.last")));
			}
		}
	}

	private static void write() throws SQLException {
		execute("SELECT pg_logical_emit_message(false, 'x', 'x')", "SELECT pg_switch_wal()");
	}

	private static void execute(String... statements) throws SQLException {
		try (Connection connection = server.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private static Response check(ActuatorApplication application) {
		return application.post("/databases/orders", "{\"operation\":\"check-backup\"}");
	}

	private static Response health(ActuatorApplication application) {
		return application.get("/health/dbs/orders");
	}

	private static ActuatorApplication run(String... properties) {
		List<String> all = new ArrayList<>(List.of(
				"app.dbs.orders.url=postgresql://app@localhost:%d/postgres".formatted(server.getPort()),
				"management.endpoint.databases.access=unrestricted", "management.endpoint.health.show-details=always",
				"management.endpoint.health.probes.enabled=true"));
		all.addAll(List.of(properties));
		return ActuatorApplication.run(WebApplicationType.SERVLET, ActuatorSecurity.Servlet.class,
				all.toArray(String[]::new));
	}

}
