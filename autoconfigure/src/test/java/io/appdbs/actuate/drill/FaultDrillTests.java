package io.appdbs.actuate.drill;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import io.appdbs.actuate.drill.DrillReport.Health;
import io.appdbs.actuate.drill.DrillReport.Result;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.server.PrometheusServer;
import io.appdbs.testsupport.server.PrometheusServer.Alert;
import io.appdbs.testsupport.server.RequiresPrometheus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Injects faults into a running application that Prometheus observes with
 * {@code docs/alerts.yml}, and writes {@code docs/drill.md}.
 */
@RequiresPrometheus
@EnabledIfSystemProperty(named = "appdbs.drill", matches = ".+", disabledReason = "it takes a quarter of an hour")
class FaultDrillTests {

	private static final Duration PATIENCE = Duration.ofMinutes(15);

	@TempDir
	private Path folder;

	private final List<Connection> leaked = new ArrayList<>();

	private DrillServers servers;

	private ActuatorApplication application;

	private PrometheusServer prometheus;

	private DrillLog log;

	@Test
	void everyFaultIsLoggedReportedByHealthAndFiresItsAlert() throws Exception {
		try (DrillServers servers = new DrillServers(this.folder);
				ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET,
						DrillApplication.class, servers.properties())) {
			this.servers = servers;
			this.application = application;
			this.log = DrillLog.attach();
			String port = application.context().getEnvironment().getRequiredProperty("local.server.port");
			URI meters = URI.create("http://localhost:%s/actuator/prometheus".formatted(port));
			try (Users users = new Users(port,
					DrillServers.NAMES.stream().filter((name) -> !name.contains("-")).toList());
					PrometheusServer prometheus = PrometheusServer.start(meters, Path.of("../docs/alerts.yml"))) {
				this.prometheus = prometheus;
				Awaitility.await()
					.atMost(PATIENCE)
					.until(() -> prometheus.query("appdbs_state{state=\"up\"} == 1").size() >= 9);
				injectAll();
			}
			finally {
				DrillApplication.CONFLICT.set(() -> {
				});
			}
		}
	}

	private void injectAll() throws Exception {
		List<Result> results = new ArrayList<>();
		Set<String> selected = Set.of(System.getProperty("appdbs.drill").split(","));
		for (Fault fault : faults()) {
			if (selected.contains("all") || selected.contains(fault.database())) {
				results.add(inject(fault));
			}
		}
		for (Result result : List.copyOf(results)) {
			if (result.fault().lasting()) {
				awaitAlert(result.fault(), true);
				results.set(results.indexOf(result), result.firedAt(findFiring(result.fault(), result.start())));
				recover(result.fault());
			}
		}
		DrillReport report = new DrillReport(results, this.log, Runbook.read());
		report.write(selected.contains("all") ? Path.of("../docs/drill.md") : Path.of("target/drill.md"));
		assertThat(report.problems()).isEmpty();
	}

	private Result inject(Fault fault) throws Exception {
		System.out.println(Instant.now() + " inject: " + fault.title());
		Awaitility.await().atMost(PATIENCE).until(() -> find(fault) == null);
		int first = this.log.size();
		Instant start = Instant.now();
		fault.inject().run();
		Alert alert = awaitAlert(fault, !fault.lasting());
		Instant fired = fault.lasting() ? null : findFiring(fault, start);
		Health health = readHealth(fault);
		if (!fault.lasting()) {
			recover(fault);
		}
		return new Result(fault, first, this.log.size(), start, alert, fired, health);
	}

	private Health readHealth(Fault fault) {
		List<String> others = this.prometheus.alerts()
			.stream()
			.filter((alert) -> fault.database().equals(alert.labels().get("db")) && alert.isFiring())
			.map(Alert::name)
			.filter((name) -> !name.equals(fault.alert()))
			.distinct()
			.toList();
		Response health = this.application.get("/health");
		return new Health(this.application.get("/health/dbs/" + fault.database()).body(), health.status(),
				(String) health.at("status"), this.application.get("/health/readiness").status(), others);
	}

	private Alert awaitAlert(Fault fault, boolean firing) {
		return Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(500))
			.until(() -> find(fault), (alert) -> alert != null && (alert.isFiring() || !firing));
	}

	/**
	 * Returns when an alert began to fire, as recorded by Prometheus.
	 */
	private Instant findFiring(Fault fault, Instant start) {
		String firing = "ALERTS{alertname=\"%s\",db=\"%s\",alertstate=\"firing\"}".formatted(fault.alert(),
				fault.database());
		long seconds = Duration.between(start, Instant.now()).toSeconds() + 1;
		String first = "min_over_time(timestamp(%s)[%ds:1s])".formatted(firing, seconds);
		double time = Awaitility.await()
			.until(() -> this.prometheus.query(first), (found) -> !found.isEmpty())
			.get(0)
			.value();
		return Instant.ofEpochMilli(Math.round(time * 1000));
	}

	private Alert find(Fault fault) {
		return this.prometheus.alerts()
			.stream()
			.filter((alert) -> alert.name().equals(fault.alert()) && fault.database().equals(alert.labels().get("db")))
			.findFirst()
			.orElse(null);
	}

	private void recover(Fault fault) throws Exception {
		fault.heal().run();
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.application.get("/health/dbs/" + fault.database()).at("status").equals("UP"));
	}

	private List<Fault> faults() {
		return List.of(new Fault("slow server: each answer is delayed by 600 ms", "reports", "AppDBsDatabaseSlow", true,
				() -> proxy("reports").delay(Duration.ofMillis(600)), () -> proxy("reports").delay(Duration.ZERO)),
				new Fault("every transaction conflicts with another session", "payments", "AppDBsTransactionsFail",
						true, this::conflict, () -> DrillApplication.CONFLICT.set(() -> {
						})),
				down("server of an optional database stopped", "audit", "AppDBsOptionalDatabaseDown", true),
				down("replica stopped", "stock-replica-1", "AppDBsReplicaDown", true),
				down("server of a required database stopped", "orders", "AppDBsRequiredDatabaseDown", false),
				new Fault("server of a required database silent", "orders", "AppDBsRequiredDatabaseDown", false,
						() -> proxy("orders").beSilent(), () -> proxy("orders").resume()),
				new Fault("all connections of a pool leaked", "inventory", "AppDBsPoolExhausted", false, this::leak,
						this::closeLeaked),
				new Fault("rotation to a login that the server does not have", "billing", "AppDBsCredentialsFailing",
						false, () -> this.servers.login("billing_2"), this::createLogin),
				down("MongoDB stopped", "catalog", "AppDBsRequiredDatabaseDown", false),
				new Fault("migration fails on a database that is available after the start only", "reviews",
						"AppDBsMigrationFailed", false, () -> proxy("reviews").resume(), this::correctMigration));
	}

	private Fault down(String title, String database, String alert, boolean lasting) {
		return new Fault(title, database, alert, lasting, () -> proxy(database).refuse(),
				() -> proxy(database).resume());
	}

	private TcpProxy proxy(String name) {
		return this.servers.proxy(name);
	}

	private void conflict() {
		DrillApplication.CONFLICT
			.set(() -> this.servers.administrator("payments").update("update account set balance = balance + 1"));
	}

	private void leak() throws Exception {
		DataSource inventory = this.application.context().getBean("inventoryDataSource", DataSource.class);
		while (this.leaked.size() < 2) {
			this.leaked.add(Awaitility.await().ignoreExceptions().until(inventory::getConnection, (got) -> true));
		}
	}

	private void closeLeaked() throws Exception {
		for (Connection connection : this.leaked) {
			connection.close();
		}
	}

	private void createLogin() {
		this.servers.administrator("billing").execute("create role billing_2 login");
		this.application.post("/databases/billing", "{\"operation\": \"rotate\"}");
	}

	private void correctMigration() throws IOException {
		this.servers.migration("create table review (id int)");
		this.application.post("/databases/reviews", "{\"operation\": \"probe\"}");
	}

}
