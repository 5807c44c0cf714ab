package io.appdbs.actuate.meter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.Database;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import io.appdbs.actuate.IndexDrift;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link IndexMeters}.
 */
class IndexMetersTests {

	private final DatabaseSnapshot snapshot = mock();

	private Map<String, Double> measure(@Nullable Map<String, Object> details) {
		given(this.snapshot.preparation("indexes"))
			.willReturn((details != null) ? new PreparationReport("indexes", Duration.ZERO, details) : null);
		Database database = mock();
		given(database.getSnapshot()).willReturn(this.snapshot);
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		IndexMeters.bind(registry, database, Tags.of("db", "catalog"), new ArrayList<>());
		Map<String, Double> values = new LinkedHashMap<>();
		for (String kind : IndexDrift.KINDS) {
			values.put(kind,
					registry.get("appdbs.mongo.index.drift").tags("db", "catalog", "kind", kind).gauge().value());
		}
		return values;
	}

	@Test
	void eachKindIsCounted() {
		assertThat(measure(Map.of("same", 5, "missing", List.of(Map.of(), Map.of()), "extra", List.of(Map.of()))))
			.hasToString("{missing=2.0, different=0.0, extra=1.0, building=0.0, failed=0.0}");
	}

	@Test
	void withoutAReportNothingIsKnown() {
		assertThat(measure(null).values()).allMatch((value) -> value.isNaN());
	}

}
