package io.appdbs.lifecycle.history;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutageLog}.
 */
class OutageLogTests {

	private long now = 42;

	private final OutageLog log = new OutageLog(Duration.ofMinutes(5), () -> this.now);

	@Test
	void aReasonIsLoggedOnceAndRepeatedAfterFiveMinutes() {
		assertThat(this.log.isDue("refused")).isTrue();
		assertThat(count(Duration.ofMinutes(5).minusMillis(500), "refused")).isZero();
		assertThat(count(Duration.ofMinutes(5), "refused")).isEqualTo(1);
		assertThat(count(Duration.ofMinutes(10), "refused")).isEqualTo(2);
	}

	@Test
	void anotherReasonIsLoggedAtOnce() {
		assertThat(this.log.isDue("refused")).isTrue();
		assertThat(this.log.isDue("not admitted")).isTrue();
		assertThat(this.log.isDue("not admitted")).isFalse();
	}

	@Test
	void reasonsThatAlternateAreLoggedOnceAMinute() {
		assertThat(count(Duration.ofMinutes(10), "refused", "silent")).isBetween(10L, 12L);
	}

	@Test
	void whenEachFailureHasADifferentMessageThenTheLogIsNotFlooded() {
		String[] reasons = IntStream.range(0, 1200).mapToObj(Integer::toString).toArray(String[]::new);
		assertThat(count(Duration.ofMinutes(10), reasons)).isBetween(10L, 18L);
	}

	@Test
	void theNextOutageIsLoggedAgain() {
		assertThat(this.log.isDue("refused")).isTrue();
		this.log.end();
		assertThat(this.log.isDue("refused")).isTrue();
	}

	@Test
	void theIntervalOfRemindersGrows() {
		OutageLog start = new OutageLog(Duration.ofSeconds(5), () -> this.now);
		assertThat(start.isDue("refused")).isTrue();
		assertThat(count(start, Duration.ofSeconds(80), "refused")).isEqualTo(4);
		assertThat(count(start, Duration.ofMinutes(60), "refused")).isBetween(12L, 15L);
	}

	private long count(Duration duration, String... reasons) {
		return count(this.log, duration, reasons);
	}

	/**
	 * Fail twice a second.
	 */
	private long count(OutageLog log, Duration duration, String... reasons) {
		return IntStream.range(0, (int) duration.toMillis() / 500).filter((i) -> {
			this.now += Duration.ofMillis(500).toNanos();
			return log.isDue(reasons[i % reasons.length]);
		}).count();
	}

}
