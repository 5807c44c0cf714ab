package io.appdbs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseSnapshot}.
 */
class DatabaseSnapshotTests {

	@Test
	void aPreparationIsFoundByItsName() {
		PreparationReport migration = report("migration");
		DatabaseSnapshot snapshot = new DatabaseSnapshot("orders", true,
				new DatabaseServer("postgresql", null, List.of(), null, null), DatabaseState.UP, Instant.EPOCH, null,
				false, null, null, null, null, null, List.of(report("required-tables"), migration), false, null, null);
		assertThat(snapshot.preparation("migration")).isSameAs(migration);
		assertThat(snapshot.preparation("row-level-security")).isNull();
	}

	private static PreparationReport report(String name) {
		return new PreparationReport(name, Duration.ZERO, Map.of());
	}

}
