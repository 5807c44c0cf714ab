package io.appdbs.engine;

import java.time.Duration;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import org.springframework.util.backoff.BackOffExecution;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JitteredBackOff}.
 */
class JitteredBackOffTests {

	private final JitteredBackOff backOff = new JitteredBackOff(Duration.ofMillis(300), Duration.ofMillis(3000));

	@Test
	void theFirstDelayIsAtMostTheGivenOne() {
		for (int i = 0; i < 100; i++) {
			assertThat(this.backOff.start().nextBackOff()).isBetween(200L, 300L);
		}
	}

	@Test
	void delaysGrowToTheUpperHalfOfTheLongestOne() {
		BackOffExecution execution = this.backOff.start();
		LongStream.range(0, 5).forEach((i) -> assertThat(execution.nextBackOff()).isBetween(200L, 3000L));
		LongStream.range(0, 100).forEach((i) -> assertThat(execution.nextBackOff()).isBetween(1500L, 3000L));
	}

}
