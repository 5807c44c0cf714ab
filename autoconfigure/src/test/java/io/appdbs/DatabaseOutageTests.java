package io.appdbs;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseOutage}.
 */
class DatabaseOutageTests {

	@ParameterizedTest
	@ValueSource(strings = { "Connection attempt timed out", "Connection attempt timed out." })
	void aReasonEndsWithOneFullStop(String message) {
		assertThat(new DatabaseOutage("orders", "no answer. The driver says: " + message, Instant.EPOCH,
				Instant.EPOCH.plusSeconds(1)))
			.hasToString("Database 'orders' is down since 1970-01-01T00:00:00Z: no answer. The driver says: Connection"
					+ " attempt timed out. Next attempt at 1970-01-01T00:00:01Z.");
	}

}
