package io.appdbs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.appdbs.Database;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseServer;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.Health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link DatabaseHealthIndicator}.
 */
class DatabaseHealthIndicatorTests {

	private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

	private static final DatabaseServer SERVER = new DatabaseServer("postgresql", "PostgreSQL 18.6",
			List.of("db.internal:5432"), "orders", null);

	private static final PoolUsage POOL = new PoolUsage(1, 2, 0, 3);

	@ParameterizedTest
	@CsvSource({ "UP, true, UP", "UP, false, UP", "DOWN, true, DOWN", "DOWN, false, DEGRADED",
			"STARTING, true, OUT_OF_SERVICE", "STARTING, false, DEGRADED", "CLOSED, true, OUT_OF_SERVICE",
			"CLOSED, false, DEGRADED" })
	void theStatusDependsOnTheStateAndWhetherTheDatabaseIsRequired(DatabaseState state, boolean required,
			String status) {
		assertThat(health(state, required, outage(state), false).getStatus().getCode()).isEqualTo(status);
	}

	@Test
	void theStateOfADatabaseThatIsDownIsReportedCompletely() {
		assertThat(health(DatabaseState.DOWN, true, outage(DatabaseState.DOWN), true).getDetails())
			.isEqualTo(Map.ofEntries(Map.entry("engine", "postgresql"), Map.entry("version", "PostgreSQL 18.6"),
					Map.entry("required", true), Map.entry("since", SINCE), Map.entry("cause", "it is away"),
					Map.entry("nextAttempt", SINCE.plusSeconds(1)), Map.entry("suspended", true),
					Map.entry("responseTime", Duration.ofMillis(2)), Map.entry("pool", POOL),
					Map.entry("migrationVersion", "5")));
	}

	@Test
	void aDatabaseThatIsSuspendedIsUp() {
		Health health = health(DatabaseState.UP, true,
				new DatabaseOutage("orders", "it is suspended", SINCE.plusSeconds(9), null), true);
		assertThat(health.getStatus().getCode()).isEqualTo("UP");
		assertThat(health.getDetails()).containsEntry("suspended", true).doesNotContainKeys("cause", "nextAttempt");
	}

	@Test
	void whenTheServerCannotReachANodeThenTheDatabaseIsDegraded() {
		Node gone = new Node("10.0.0.3:5432", "worker", true, false);
		Health health = health(List.of(new Node("10.0.0.2:5432", "worker", true, true), gone), DatabaseState.UP);
		assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED");
		assertThat(health.getDetails()).containsEntry("unreachableNodes", List.of("10.0.0.3:5432"));
		assertThat(health(List.of(gone), DatabaseState.DOWN).getStatus().getCode()).isEqualTo("DOWN");
		Health unknown = health(List.of(gone.withReachable(null), gone.withReachable(true)), DatabaseState.UP);
		assertThat(unknown.getStatus().getCode()).isEqualTo("UP");
		assertThat(unknown.getDetails()).doesNotContainKey("unreachableNodes");
	}

	private static Health health(List<Node> nodes, DatabaseState state) {
		DatabaseServer server = new DatabaseServer("postgresql", "PostgreSQL 18.6", List.of("db.internal:5432"),
				"orders", new DatabaseCluster("Citus 13.2-1", nodes));
		Database database = mock();
		given(database.getSnapshot()).willReturn(new DatabaseSnapshot("orders", true, server, state, SINCE,
				outage(state), false, null, null, null, null, null, List.of(), false, null, null));
		return new DatabaseHealthIndicator(database).health();
	}

	@Test
	void indexesOfMongoDatabasesAreCounted() {
		Map<String, Object> report = Map.of("checkedAt", SINCE, "same", 5, "missing",
				List.of(Map.of("index", "product.sku", "unique", true), Map.of("index", "product.price")), "failed",
				List.of(Map.of("index", "product.ean", "unique", true)), "notChecked", List.of("stock: a view"));
		assertThat(health(new PreparationReport("indexes", Duration.ofSeconds(1), report)).getDetails())
			.extractingByKey("indexes")
			.hasToString("{same=5, missing=2, failed=1, missingUnique=[product.sku, product.ean], notChecked=1}");
		assertThat(health(new PreparationReport("indexes", Duration.ofSeconds(1), Map.of("same", 7))).getDetails())
			.extractingByKey("indexes")
			.hasToString("{same=7}");
	}

	private static DatabaseOutage outage(DatabaseState state) {
		return (state != DatabaseState.UP) ? new DatabaseOutage("orders", "it is away", SINCE, SINCE.plusSeconds(1))
				: null;
	}

	@Test
	void onlyProblemsWithValidatorsAreReported() {
		assertThat(validators(Map.of("same", 5, "leftOut", Map.of("a", "it is a view")))).isNull();
		assertThat(validators(Map.of("same", 5, "missing", List.of("maker"), "different",
				List.of(Map.of("collection", "product", "is", "{}", "shouldBe", "{}")), "violations",
				Map.of("product", 3L), "notChecked", Map.of("stock", "timed out after 5000 ms"))))
			.isEqualTo(Map.of("missing", List.of("maker"), "different", List.of("product"), "violations",
					Map.of("product", 3L), "notChecked", Map.of("stock", "timed out after 5000 ms")));
	}

	private static Object validators(Map<String, Object> report) {
		return health(DatabaseState.UP, true, null, false,
				new PreparationReport("validators", Duration.ofSeconds(1), report))
			.getDetails()
			.get("validators");
	}

	private static Health health(DatabaseState state, boolean required, DatabaseOutage outage, boolean suspended) {
		return health(state, required, outage, suspended,
				new PreparationReport("migration", Duration.ofSeconds(1), Map.of("version", "5")));
	}

	private static Health health(PreparationReport report) {
		return health(DatabaseState.UP, true, null, false, report);
	}

	private static Health health(DatabaseState state, boolean required, DatabaseOutage outage, boolean suspended,
			PreparationReport report) {
		Database database = mock();
		given(database.getSnapshot()).willReturn(
				new DatabaseSnapshot("orders", required, SERVER, state, SINCE, outage, false, Duration.ofMillis(2),
						Duration.ofSeconds(1), POOL, null, null, List.of(report), suspended, null, null));
		return new DatabaseHealthIndicator(database).health();
	}

}
