package io.appdbs.actuate.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.Database;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.PartitionSettings;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PreparationMeters}.
 */
class PreparationMetersTests {

	private final DatabaseDefinition definition = mock(Answers.RETURNS_DEEP_STUBS);

	private final DatabaseSnapshot snapshot = mock();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@BeforeEach
	void everythingIsEnabled() {
		PartitionSettings partitions = mock();
		given(this.definition.settings().partitions()).willReturn(List.of(partitions));
		given(this.definition.settings().rls().isVerified()).willReturn(true);
		given(this.definition.engine().getKind()).willReturn(DatabaseKind.MONGODB);
		given(this.definition.settings().mongo().indexes().mode()).willReturn(MongoIndexSettings.Mode.VERIFY);
		given(this.definition.settings().mongo().validators().mode()).willReturn(MongoValidatorSettings.Mode.VERIFY);
		Database database = mock();
		given(database.getSnapshot()).willReturn(this.snapshot);
		PreparationMeters.bind(this.registry, database, this.definition, Tags.of("db", "orders"), new ArrayList<>());
	}

	private void report(String name, Map<String, Object> details) {
		given(this.snapshot.preparation(name)).willReturn(new PreparationReport(name, Duration.ZERO, details));
	}

	private double value(String name, String... tags) {
		return this.registry.get(name).tags(tags).gauge().value();
	}

	@Test
	void withoutReportsNothingIsKnown() {
		assertThat(this.registry.getMeters()).hasSize(13)
			.allMatch((meter) -> Double.isNaN(meter.measure().iterator().next().getValue()));
	}

	@Test
	void partitionsFailWhileTheirReportHasAProblem() {
		report("partitions", Map.of("until", Instant.now().plusSeconds(60)));
		assertThat(value("appdbs.partitions.failing")).isZero();
		assertThat(value("appdbs.partitions.ahead")).isCloseTo(60, within(30.0));
		report("partitions", Map.of("problem", "The table is locked."));
		assertThat(value("appdbs.partitions.failing")).isOne();
		assertThat(value("appdbs.partitions.ahead")).isNaN();
	}

	@Test
	void findingsAboutRowLevelSecurityAreCountedBySeverity() {
		report("row-level-security", Map.of("findings",
				List.of(Map.of("severity", "ERROR"), Map.of("severity", "INFO"), Map.of("severity", "ERROR"))));
		assertThat(value("appdbs.rls.findings", "severity", "error")).isEqualTo(2);
		assertThat(value("appdbs.rls.findings", "severity", "warn")).isZero();
		assertThat(value("appdbs.rls.findings", "severity", "info")).isOne();
	}

	@Test
	void collectionsAreCountedByKindOfProblem() {
		report("validators", Map.of("missing", List.of("order"), "violations", Map.of("order", 17, "item", 1)));
		assertThat(value("appdbs.mongo.validator.drift", "kind", "missing")).isOne();
		assertThat(value("appdbs.mongo.validator.drift", "kind", "different")).isZero();
		assertThat(value("appdbs.mongo.validator.drift", "kind", "violations")).isEqualTo(2);
	}

}
