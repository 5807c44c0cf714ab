package io.appdbs.jdbc.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.appdbs.PoolAdvice;
import io.appdbs.PoolUsage;
import io.appdbs.jdbc.Definitions;
import io.appdbs.testsupport.ConcurrentTasks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolLoad} and the advice that follows from it, with a clock that the
 * test moves.
 */
class PoolLoadTests {

	private static final int UNLIMITED = Integer.MAX_VALUE;

	private long now = System.nanoTime();

	private @Nullable PoolUsage usage = new PoolUsage(0, 10, 0, 10);

	private int room = UNLIMITED;

	private PoolLoad load = create();

	private PoolLoad create(String... settings) {
		return new PoolLoad(Definitions.of("orders", "postgresql://localhost/orders", settings), () -> this.usage,
				() -> this.now);
	}

	@Test
	void thereIsNoAdviceInTheFirstMinute() {
		begin(8, 10);
		for (int i = 0; i < 119; i++) {
			sample();
		}
		assertThat(this.load.getAdvice()).isNull();
	}

	@Test
	void aPoolThatFitsKeepsItsMaximum() {
		begin(8, 10);
		borrow(1000, Duration.ofNanos(100));
		minutes(1);
		assertAdvice(10,
				"at most 8 of 10 connections were in use at a time in the last hour, and 0 % of the borrows of the busiest minute waited");
	}

	@Test
	void aPoolForWhichCallersWaitIsTooSmall() {
		begin(new PoolUsage(17, 0, 0, 17));
		minutes(3);
		borrow(880, Duration.ofNanos(100));
		borrow(120, Duration.ofMillis(310));
		minutes(1);
		use(1, 17);
		minutes(30);
		assertAdvice(25,
				"12 % of the borrows of the busiest minute waited, 310 ms on average; 17 connections were in use on average");
	}

	@Test
	void callersThatWaitNeedConnectionsAsWell() {
		begin(new PoolUsage(10, 0, 38, 10));
		borrow(10, Duration.ofMillis(400));
		minutes(1);
		assertAdvice(61,
				"100 % of the borrows of the busiest minute waited, 400 ms on average; 10 connections were in use on average");
	}

	@Test
	void burstsNeedMoreThanTheMeanSays() {
		begin(new PoolUsage(10, 0, 0, 10));
		borrow(90, Duration.ofNanos(100));
		borrow(10, Duration.ofMillis(20));
		this.usage = new PoolUsage(1, 9, 0, 10);
		minutes(1);
		assertAdvice(13,
				"10 % of the borrows of the busiest minute waited, 20 ms on average; 1 connection was in use on average");
	}

	@Test
	void whoTimesOutCountsAlthoughFewWaited() {
		begin(new PoolUsage(10, 0, 1, 10));
		borrow(1000, Duration.ofNanos(100));
		this.load.timedOut(TimeUnit.SECONDS.toNanos(30));
		minutes(1);
		assertAdvice(18,
				"less than 1 % of the borrows of the busiest minute waited, 30000 ms on average; 10 connections were in use on average; 1 caller timed out in the last hour");
	}

	@Test
	void theAdviceForgetsWhatIsOlderThanAnHour() {
		begin(new PoolUsage(10, 0, 0, 10));
		borrow(10, Duration.ofMillis(10));
		minutes(1);
		use(4, 10);
		minutes(59);
		assertThat(this.load.getAdvice().recommended()).isGreaterThan(10);
		minutes(1);
		assertAdvice(10,
				"at most 4 of 10 connections were in use at a time in the last hour, and 0 % of the borrows of the busiest minute waited");
	}

	@Test
	void slowBorrowsOfAPoolThatIsNotFullAreNoWaits() {
		begin(5, 10);
		borrow(100, Duration.ofSeconds(1));
		this.load.timedOut(TimeUnit.SECONDS.toNanos(30));
		minutes(1);
		assertAdvice(10,
				"at most 5 of 10 connections were in use at a time in the last hour, and 0 % of the borrows of the busiest minute waited");
	}

	@Test
	void aPoolOfWhichLittleIsUsedIsTooLargeAfterADay() {
		begin(4, 40);
		minutes(24 * 60 - 1);
		assertThat(this.load.getAdvice().recommended()).isEqualTo(40);
		minutes(1);
		assertAdvice(9, "at most 4 of 40 connections were in use at a time in the 24 hours since the pool was opened");
		minutes(6 * 24 * 60);
		assertAdvice(9, "at most 4 of 40 connections were in use at a time in the last 7 days");
	}

	@Test
	void aPeakIsRememberedForSevenDays() {
		begin(20, 40);
		use(4, 40);
		minutes(7 * 24 * 60);
		assertThat(this.load.getAdvice().recommended()).isEqualTo(40);
		minutes(60);
		assertThat(this.load.getAdvice().recommended()).isEqualTo(9);
	}

	@Test
	void anUnusedPoolNeedsOneConnection() {
		begin(0, 10);
		minutes(24 * 60);
		assertAdvice(1, "at most 0 of 10 connections were in use at a time in the 24 hours since the pool was opened");
	}

	@Test
	void theAdviceIsNotLessThanTheSettingsAllow() {
		this.load = create("pool.min-size", "5");
		begin(1, 10);
		minutes(24 * 60);
		assertThat(this.load.getAdvice().recommended()).isEqualTo(5);
		this.load = create("pool.adaptive", "true");
		begin(1, 10);
		minutes(24 * 60);
		assertThat(this.load.getAdvice().recommended()).isEqualTo(8);
	}

	@Test
	void theAdviceIsNotMoreThanTheServerLeaves() {
		this.room = 14;
		begin(new PoolUsage(10, 0, 38, 10));
		borrow(10, Duration.ofMillis(400));
		minutes(1);
		assertAdvice(14,
				"100 % of the borrows of the busiest minute waited, 400 ms on average; 10 connections were in use on average; the server leaves 14 connections to this pool");
		this.room = -5;
		minutes(1);
		assertThat(this.load.getAdvice().recommended()).isOne();
	}

	@Test
	void anotherMaximumIsMeasuredAnew() {
		begin(new PoolUsage(10, 0, 38, 10));
		borrow(10, Duration.ofMillis(400));
		minutes(1);
		use(20, 60);
		sample();
		assertThat(this.load.getAdvice()).isNull();
		minutes(1);
		assertAdvice(60,
				"at most 20 of 60 connections were in use at a time in the last hour, and 0 % of the borrows of the busiest minute waited");
	}

	@Test
	void aMinuteInWhichTheMachineWasAsleepDoesNotCount() {
		begin(10, 10);
		for (int i = 0; i < 60; i++) {
			sample();
		}
		this.now += TimeUnit.HOURS.toNanos(8);
		sample();
		assertThat(this.load.getAdvice()).isNull();
		minutes(1);
		assertThat(this.load.getAdvice()).isNotNull();
	}

	@Test
	void aPoolThatIsNotOpenIsNotMeasured() {
		this.usage = null;
		this.load.borrowed(TimeUnit.SECONDS.toNanos(1));
		minutes(2);
		assertThat(this.load.getAdvice()).isNull();
	}

	@Test
	void countsConcurrentBorrows() throws Exception {
		begin(new PoolUsage(10, 0, 0, 10));
		ConcurrentTasks.run(16, (index) -> {
			borrow(1000, Duration.ofNanos(100));
			borrow(1000, Duration.ofMillis(7));
			return null;
		});
		minutes(1);
		assertThat(this.load.getAdvice().reason())
			.startsWith("50 % of the borrows of the busiest minute waited, 7 ms on average;");
	}

	@ParameterizedTest
	@CsvSource({ "0, 1", "0.1, 2", "1, 4", "5, 10", "17, 25", "48, 61" })
	void fivePercentWait(double load, int connections) {
		assertThat(ErlangC.connections(load, 0.05)).isEqualTo(connections);
	}

	private void assertAdvice(int recommended, String reason) {
		assertThat(this.load.getAdvice()).isEqualTo(new PoolAdvice(recommended, reason));
	}

	/**
	 * Looks at the pool for the first time, which begins a minute.
	 */
	private void begin(PoolUsage usage) {
		this.usage = usage;
		sample();
	}

	private void begin(int active, int maximum) {
		begin(new PoolUsage(active, maximum - active, 0, maximum));
	}

	private void use(int active, int maximum) {
		this.usage = new PoolUsage(active, maximum - active, 0, maximum);
	}

	private void borrow(int times, Duration duration) {
		for (int i = 0; i < times; i++) {
			this.load.borrowed(duration.toNanos());
		}
	}

	private void minutes(int number) {
		for (int i = 0; i < number * 120; i++) {
			sample();
		}
	}

	private void sample() {
		this.load.sample(() -> this.room);
		this.now += TimeUnit.MILLISECONDS.toNanos(500);
	}

}
