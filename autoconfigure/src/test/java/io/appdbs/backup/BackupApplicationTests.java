package io.appdbs.backup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.TestDatabases;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for backups at the endpoint, in health and as meters of an application.
 */
class BackupApplicationTests {

	private static final String URL = "app.dbs.orders.url=jdbc:h2:mem:backups";

	@TempDir
	private Path folder;

	@Test
	void aFreshBackupIsReported() throws Exception {
		Instant finished = Instant.now().minus(3, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
		Path file = write(
				"""
						{"finished":"%s","type":"full","ok":true,"verified":{"at":"%s","ok":true,"of":"orders.dump","duration":"PT5.2S"}}
						"""
					.formatted(finished, finished));
		try (ActuatorApplication application = run(ActuatorSecurity.Servlet.class, "app.dbs.orders.backup.report=file",
				"app.dbs.orders.backup.file=" + file, "app.dbs.orders.backup.max-age=26h")) {
			await().until(() -> status(application) != null);
			Response response = application.get("/databases/orders");
			assertThat(response.at("backup.state")).isEqualTo("KNOWN");
			assertThat(response.at("backup.last.type")).isEqualTo("full");
			assertThat(response.at("backup.last.finished")).isEqualTo(finished.toString());
			assertThat(response.at("backup.last.age").toString()).startsWith("PT3M");
			assertThat(response.at("backup.lastFull")).isEqualTo(finished.toString());
			assertThat(response.at("backup.archive")).isNull();
			assertThat(response.at("backup.verified.of")).isEqualTo("orders.dump");
			assertThat(response.at("backup.verified.duration")).isEqualTo("PT5.2S");
			assertThat((List<?>) response.at("backup.findings")).isEmpty();
			assertThat(application.get("/health/dbs/orders").at("status")).isEqualTo("UP");
			assertThat(age(application, "appdbs.backup.age", "type", "any")).isBetween(180.0, 240.0);
			assertThat(age(application, "appdbs.backup.age", "type", "full")).isBetween(180.0, 240.0);
			assertThat(age(application, "appdbs.backup.verified.age")).isBetween(180.0, 240.0);
			assertThat(meter(application, "appdbs.backup.findings", "kind", "backup")).isZero();
			assertThat(registry(application).find("appdbs.backup.archive.age").gauge()).isNull();
			assertThat(application.get("/databases/orders").body()).doesNotContain(this.folder.toString());
		}
	}

	@Test
	void aLateBackupDegradesHealthButNotReadiness() throws Exception {
		Path file = write("{\"finished\":\"2026-01-01T00:00:00Z\",\"type\":\"incr\",\"ok\":true}");
		try (ActuatorApplication application = run(ActuatorSecurity.Servlet.class, "app.dbs.orders.backup.report=file",
				"app.dbs.orders.backup.file=" + file, "app.dbs.orders.backup.max-age=26h")) {
			await().until(() -> status(application) != null);
			String late = "Backups of database 'orders' are late: the last one (incr) ended at 2026-01-01T00:00:00Z, and 'app.dbs.orders.backup.max-age' is '26h'.";
			assertThat(application.get("/databases/orders").at("backup.findings[0].kind")).isEqualTo("late");
			assertThat(application.get("/databases/orders").at("backup.findings[0].message")).isEqualTo(late);
			Response health = application.get("/health/dbs/orders");
			assertThat(health.status()).isEqualTo(200);
			assertThat(health.at("status")).isEqualTo("DEGRADED");
			assertThat(health.at("details.backup.state")).isEqualTo("KNOWN");
			assertThat(health.at("details.backup.last.type")).isEqualTo("incr");
			assertThat(health.at("details.backup.findings[0]")).isEqualTo(late);
			assertThat(application.get("/health").status()).isEqualTo(200);
			assertThat(application.get("/health").at("status")).isEqualTo("UP");
			assertThat(application.get("/health/readiness").at("status")).isEqualTo("UP");
			assertThat(age(application, "appdbs.backup.age", "type", "full")).isNaN();
			assertThat(age(application, "appdbs.backup.verified.age")).isNaN();
			assertThat(meter(application, "appdbs.backup.findings", "kind", "backup")).isOne();
			assertThat(meter(application, "appdbs.backup.findings", "kind", "restore")).isZero();
			write("{\"finished\":\"2026-01-02T00:00:00Z\",\"type\":\"incr\",\"ok\":true}");
			try (LoggedLines log = new LoggedLines()) {
				for (int i = 0; i < 3; i++) {
					assertThat(check(application).status()).isEqualTo(200);
				}
				assertThat(log.messages()).hasSize(2).first().asString().contains("ended at 2026-01-02T00:00:00Z");
			}
		}
		assertThat(TestDatabases.threads("appdbs-backup")).isEmpty();
	}

	@Test
	void theOperationChecksNow() throws Exception {
		Path file = this.folder.resolve("orders.json");
		try (ActuatorApplication application = run(ActuatorSecurity.Servlet.class, "app.dbs.orders.backup.report=file",
				"app.dbs.orders.backup.file=" + file)) {
			assertThat(check(application).at("database.backup.state")).isEqualTo("UNKNOWN");
			assertThat(age(application, "appdbs.backup.age", "type", "any")).isNaN();
			write("{\"finished\":\"2026-01-01T00:00:00Z\",\"type\":\"incr\",\"ok\":true}");
			Response response = check(application);
			assertThat(response.at("database.backup.state")).isEqualTo("KNOWN");
			assertThat((List<?>) response.at("database.backup.findings")).isEmpty();
			assertThat(application.audited()).last()
				.satisfies((event) -> assertThat(event.getData()).containsEntry("operation", "check-backup"));
		}
	}

	@Test
	void withoutBackupsToObserveThereIsNothingToCheck() {
		try (ActuatorApplication application = run(ActuatorSecurity.Servlet.class)) {
			Response response = check(application);
			assertThat(response.status()).isEqualTo(400);
			assertThat(response.body()).contains(
					"Backups of database 'orders' are not observed: 'app.dbs.orders.backup.report' is not set, and its server does not archive its log.");
			assertThat(application.get("/databases/orders").at("backup")).isNull();
			assertThat(registry(application).find("appdbs.backup.findings").gauge()).isNull();
			assertThat(TestDatabases.threads("appdbs-backup")).isEmpty();
		}
	}

	@Test
	void aBeanMayUseTheDatabaseThatItReportsAbout() {
		try (ActuatorApplication application = run(Reporting.class, "app.dbs.orders.backup.report=bean")) {
			await().until(() -> status(application) != null);
			assertThat(status(application)).satisfies((status) -> {
				assertThat(status.state()).isEqualTo(State.KNOWN);
				assertThat(status.last()).isEqualTo(new Backup("one", Instant.EPOCH));
			});
			assertThat(application.context().getBean(AtomicInteger.class)).hasValue(1);
		}
	}

	@Test
	void aBeanThatIsMissingIsAnError() {
		assertThatException()
			.isThrownBy(() -> run(ActuatorSecurity.Servlet.class, "app.dbs.orders.backup.report=bean").close())
			.havingRootCause()
			.isInstanceOf(InvalidDatabaseConfigurationException.class)
			.withMessage(
					"Database 'orders': 'app.dbs.orders.backup.report' is 'bean', but there is no bean of type io.appdbs.backup.BackupReporter with the qualifier 'orders'.")
			.satisfies((failure) -> assertThat(((InvalidDatabaseConfigurationException) failure).getAction()).isEqualTo(
					"Define it with @Qualifier(\"orders\"), or set 'app.dbs.orders.backup.report' to 'pgbackrest' or 'file'."));
	}

	@Test
	void aBeanThatIsNeverAskedIsAnError() {
		assertThatException().isThrownBy(() -> run(Reporting.class).close())
			.havingRootCause()
			.isInstanceOf(InvalidDatabaseConfigurationException.class)
			.withMessage(
					"Database 'orders': the bean 'backupReporter' reports its backups, but 'app.dbs.orders.backup.report' is not set.")
			.satisfies((failure) -> assertThat(((InvalidDatabaseConfigurationException) failure).getAction())
				.isEqualTo("Set 'app.dbs.orders.backup.report' to 'bean', or remove the bean."));
		assertThatException()
			.isThrownBy(() -> run(Reporting.class, "app.dbs.orders.backup.report=file",
					"app.dbs.orders.backup.file=/missing")
				.close())
			.havingRootCause()
			.withMessage(
					"Database 'orders': the bean 'backupReporter' reports its backups, but 'app.dbs.orders.backup.report' is 'file'.");
	}

	private Path write(String json) throws Exception {
		return Files.writeString(this.folder.resolve("orders.json"), json);
	}

	private static ActuatorApplication run(Class<?> security, String... properties) {
		List<String> all = new ArrayList<>(List.of(URL, "management.endpoint.databases.access=unrestricted",
				"management.endpoint.health.show-details=always", "management.endpoint.health.probes.enabled=true"));
		all.addAll(List.of(properties));
		return ActuatorApplication.run(WebApplicationType.SERVLET, security, all.toArray(String[]::new));
	}

	private static Response check(ActuatorApplication application) {
		return application.post("/databases/orders", "{\"operation\":\"check-backup\"}");
	}

	private static @Nullable BackupStatus status(ActuatorApplication application) {
		return TestDatabases.orders(application.context()).getSnapshot().backup();
	}

	private static MeterRegistry registry(ActuatorApplication application) {
		return application.context().getBean(MeterRegistry.class);
	}

	private static double age(ActuatorApplication application, String name, String... tags) {
		return registry(application).get(name).tags(tags).tag("db", "orders").timeGauge().value(TimeUnit.SECONDS);
	}

	private static double meter(ActuatorApplication application, String name, String... tags) {
		return registry(application).get(name).tags(tags).tag("db", "orders").gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ActuatorSecurity.Servlet.class)
	static class Reporting {

		@Bean
		AtomicInteger calls() {
			return new AtomicInteger();
		}

		@Bean
		@Qualifier("orders")
		BackupReporter backupReporter(@Qualifier("orders") JdbcClient client, AtomicInteger calls) {
			return () -> {
				calls.incrementAndGet();
				return BackupReport
					.of(new Backup(client.sql("select 'one'").query(String.class).single(), Instant.EPOCH));
			};
		}

	}

}
