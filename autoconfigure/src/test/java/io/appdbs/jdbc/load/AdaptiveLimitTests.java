package io.appdbs.jdbc.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.ConcurrentTasks;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AdaptiveLimit}, with connections that need no server.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class AdaptiveLimitTests {

	private final Connection connection = Mockito.mock(Connection.class);

	private final AtomicBoolean closed = new AtomicBoolean();

	AdaptiveLimitTests() throws SQLException {
		BDDMockito.willAnswer((call) -> {
			this.closed.set(true);
			return null;
		}).given(this.connection).close();
		BDDMockito.given(this.connection.isClosed()).willAnswer((call) -> this.closed.get());
	}

	@Test
	void beginsWithTenOrTheMaximum() {
		assertThat(limit(8).getLimit()).isEqualTo(8);
		assertThat(limit(40).getLimit()).isEqualTo(10);
	}

	@Test
	void aCallerThatTimesOutLearnsTheLimit() throws SQLException {
		AdaptiveLimit limit = limit(8);
		for (int i = 0; i < 8; i++) {
			borrow(limit);
		}
		assertThatExceptionOfType(LimitReachedException.class)
			.isThrownBy(() -> limit.borrow(System.nanoTime(), Duration.ofMillis(20), () -> this.connection))
			.withMessage("8 connections of database 'orders' may be in use");
		assertThat(limit).hasToString("Limit of database 'orders': 8 of 8 inside, 0 waiting");
	}

	@Test
	void aConnectionOccupiesItsPlaceUntilItIsClosed() throws SQLException {
		AdaptiveLimit limit = limit(8);
		Connection borrowed = borrow(limit);
		assertThat(limit.getBorrowers()).isOne();
		borrowed.close();
		borrowed.close();
		assertThat(limit.getBorrowers()).isZero();
		assertThat(borrowed.isClosed()).isTrue();
	}

	@Test
	void aConnectionThatIsAbortedFreesItsPlaceOnce() throws SQLException {
		AdaptiveLimit limit = limit(8);
		Connection borrowed = borrow(limit);
		Connection other = borrow(limit);
		borrowed.abort(Runnable::run);
		borrowed.close();
		assertThat(limit.getBorrowers()).isOne();
		other.close();
		assertThat(limit.getBorrowers()).isZero();
	}

	@Test
	void aConnectionThatCannotBeClosedFreesItsPlace() throws SQLException {
		SQLException failure = new SQLException("broken");
		BDDMockito.willThrow(failure).given(this.connection).close();
		AdaptiveLimit limit = limit(8);
		Connection borrowed = borrow(limit);
		assertThatExceptionOfType(SQLException.class).isThrownBy(borrowed::close).isSameAs(failure);
		assertThat(limit.getBorrowers()).isZero();
	}

	@Test
	void aConnectionThatIsClosedInAnotherWayFreesItsPlace() throws SQLException {
		AdaptiveLimit limit = limit(8);
		borrow(limit);
		limit.releaseClosed();
		assertThat(limit.getBorrowers()).isOne();
		this.closed.set(true);
		limit.releaseClosed();
		limit.releaseClosed();
		assertThat(limit.getBorrowers()).isZero();
	}

	@Test
	void aPoolThatFailsFreesThePlace() {
		AdaptiveLimit limit = limit(8);
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> limit.borrow(System.nanoTime(), Duration.ofSeconds(1), () -> {
				throw new SQLException("no connection");
			}));
		assertThatExceptionOfType(StackOverflowError.class)
			.isThrownBy(() -> limit.borrow(System.nanoTime(), Duration.ofSeconds(1), () -> {
				throw new StackOverflowError();
			}));
		assertThat(limit.getBorrowers()).isZero();
	}

	@Test
	void anInterruptedCallerKeepsItsInterrupt() throws Exception {
		AdaptiveLimit limit = limit(8);
		for (int i = 0; i < 8; i++) {
			borrow(limit);
		}
		AtomicBoolean interrupted = new AtomicBoolean();
		Thread thread = new Thread(() -> {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> borrow(limit))
				.withMessage("Interrupted while waiting for a connection of database 'orders'");
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		thread.start();
		Awaitility.await().until(() -> limit.getWaiting() == 1);
		thread.interrupt();
		thread.join();
		assertThat(interrupted).isTrue();
		assertThat(limit.getWaiting()).isZero();
	}

	@Test
	void whoIsDismissedGetsNoConnection() throws Exception {
		AdaptiveLimit limit = limit(8);
		for (int i = 0; i < 8; i++) {
			borrow(limit);
		}
		ConcurrentTasks.run(2, (index) -> {
			if (index == 0) {
				assertThat(limit.borrow(System.nanoTime(), Duration.ofMinutes(1), () -> this.connection)).isNull();
			}
			else {
				Awaitility.await().until(() -> limit.getWaiting() == 1);
				limit.dismiss();
			}
			return null;
		});
		assertThat(limit.getBorrowers()).isEqualTo(8);
	}

	@Test
	void theLimitFollowsTheMaximumOfThePool() {
		AdaptiveLimit limit = limit(40);
		limit.setMaximum(4);
		assertThat(limit.getLimit()).isEqualTo(4);
		limit.setMaximum(1);
		assertThat(limit.getLimit()).isOne();
		limit.setMaximum(100);
		assertThat(limit.getLimit()).isEqualTo(2);
	}

	@Test
	void theLimitIsNeverLessThanTheMinimumSize() {
		AdaptiveLimit limit = new AdaptiveLimit(definition("pool.min-size", "6"), 40);
		limit.setMaximum(1);
		limit.setMaximum(40);
		assertThat(limit.getLimit()).isEqualTo(6);
	}

	@Test
	void unwrapsWhatThePoolUnwraps() throws SQLException {
		Statement target = Mockito.mock(Statement.class);
		BDDMockito.given(this.connection.isWrapperFor(Statement.class)).willReturn(true);
		BDDMockito.given(this.connection.unwrap(Statement.class)).willReturn(target);
		Connection borrowed = borrow(limit(8));
		assertThat(borrowed.isWrapperFor(Connection.class)).isTrue();
		assertThat(borrowed.isWrapperFor(Statement.class)).isTrue();
		assertThat(borrowed.isWrapperFor(String.class)).isFalse();
		assertThat(borrowed.unwrap(Connection.class)).isSameAs(borrowed);
		assertThat(borrowed.unwrap(Statement.class)).isSameAs(target);
	}

	@Test
	void aConnectionThatIsHeldForLongIsReportedOnceAndNotLearnedFrom(CapturedOutput output) throws SQLException {
		AdaptiveLimit limit = new AdaptiveLimit(definition("pool.leak-threshold", "1ns", "pool.acquire-timeout", "1s"),
				8);
		for (int i = 0; i < 3; i++) {
			Connection borrowed = borrow(limit);
			borrowed.createStatement();
			borrowed.close();
		}
		assertThat(output).containsOnlyOnce("a connection was held for")
			.containsPattern(
					"Database 'orders': a connection was held for \\d+ ms, longer than 'app.dbs.orders.pool.leak-threshold'. With 'app.dbs.orders.pool.adaptive', the time for which connections are held sets the limit, and includes what the application does between statements. Move calls of other services out of transactions. Further cases are not logged.");
	}

	/**
	 * Pools fail, callers are interrupted, time out and abort while the bounds change.
	 */
	@Test
	void noPlaceIsLostUnderFaults() throws Exception {
		AdaptiveLimit limit = limit(16);
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger peak = new AtomicInteger();
		ConcurrentTasks.run(64, (index) -> {
			for (int i = 0; i < 500; i++) {
				use(limit, inside, peak);
			}
			return null;
		});
		assertThat(peak.get()).isBetween(2, 16);
		assertThat(limit.getBorrowers()).isZero();
		assertThat(limit.getWaiting()).isZero();
	}

	private void use(AdaptiveLimit limit, AtomicInteger inside, AtomicInteger peak) {
		int fault = ThreadLocalRandom.current().nextInt(12);
		if (fault == 0) {
			Thread.currentThread().interrupt();
		}
		else if (fault == 1) {
			limit.setMaximum(ThreadLocalRandom.current().nextInt(8, 17));
		}
		else if (fault == 2) {
			limit.dismiss();
		}
		try {
			Connection borrowed = limit.borrow(System.nanoTime(), Duration.ofMillis(5), () -> {
				if (fault == 3) {
					throw new SQLException("no connection");
				}
				peak.accumulateAndGet(inside.incrementAndGet(), Math::max);
				Thread.yield();
				inside.decrementAndGet();
				return Mockito.mock(Connection.class);
			});
			if (borrowed != null) {
				borrowed.createStatement();
				if (fault == 4) {
					borrowed.abort(Runnable::run);
				}
				borrowed.close();
			}
		}
		catch (SQLException ex) {
			// a time-out, an interrupt, or a fault of the pool
		}
		finally {
			Thread.interrupted();
		}
	}

	private Connection borrow(AdaptiveLimit limit) throws SQLException {
		@Nullable Connection borrowed = limit.borrow(System.nanoTime(), Duration.ofMinutes(1), () -> this.connection);
		assertThat(borrowed).isNotNull();
		return borrowed;
	}

	private static AdaptiveLimit limit(int maximum) {
		return new AdaptiveLimit(definition(), maximum);
	}

	private static DatabaseDefinition definition(String... settings) {
		return Definitions.of("orders", "postgresql://localhost/orders", settings);
	}

}
