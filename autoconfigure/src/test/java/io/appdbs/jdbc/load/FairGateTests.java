package io.appdbs.jdbc.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.jdbc.load.FairGate.Outcome;
import io.appdbs.testsupport.ConcurrentTasks;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FairGate}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FairGateTests {

	private static final long LONG = TimeUnit.MINUTES.toNanos(10);

	private final FairGate gate = new FairGate(1);

	@Test
	void admitsInTheOrderOfArrival() throws Exception {
		this.gate.enter(LONG);
		Queue<Integer> order = new ConcurrentLinkedQueue<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			int number = i;
			threads.add(begin(() -> {
				this.gate.enter(LONG);
				order.add(number);
				this.gate.leave();
			}));
			Awaitility.await().until(() -> this.gate.getWaiting() == number + 1);
		}
		this.gate.leave();
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(List.copyOf(order)).isSorted().hasSize(20);
		assertThat(this.gate.getInside()).isZero();
	}

	@Test
	void whoArrivesDoesNotOvertakeWhoWaits() throws Exception {
		this.gate.enter(LONG);
		Thread waiting = begin(() -> this.gate.enter(LONG));
		Awaitility.await().until(() -> this.gate.getWaiting() == 1);
		this.gate.leave();
		// the place was handed over, although the other thread may not run yet
		assertThat(this.gate.enter(0)).isEqualTo(Outcome.TIMED_OUT);
		waiting.join();
		assertThat(this.gate.getInside()).isOne();
	}

	@Test
	void whoTimesOutIsNotInsideAndDoesNotBlockOthers() throws Exception {
		this.gate.enter(LONG);
		CompletableFuture<Outcome> first = enter(TimeUnit.MILLISECONDS.toNanos(50));
		CompletableFuture<Outcome> second = enter(LONG);
		assertThat(first.get()).isEqualTo(Outcome.TIMED_OUT);
		this.gate.leave();
		assertThat(second.get()).isEqualTo(Outcome.ADMITTED);
		assertThat(this.gate.getInside()).isOne();
		assertThat(this.gate.getWaiting()).isZero();
	}

	@Test
	void whoIsInterruptedIsNotInside() throws Exception {
		this.gate.enter(LONG);
		AtomicBoolean interrupted = new AtomicBoolean();
		Thread thread = begin(() -> {
			assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> this.gate.enter(LONG));
			interrupted.set(true);
		});
		Awaitility.await().until(() -> this.gate.getWaiting() == 1);
		thread.interrupt();
		thread.join();
		assertThat(interrupted).isTrue();
		assertThat(this.gate.getWaiting()).isZero();
		this.gate.leave();
		assertThat(this.gate.getInside()).isZero();
	}

	@Test
	void dismissEndsTheWaiting() throws Exception {
		this.gate.enter(LONG);
		CompletableFuture<Outcome> first = enter(LONG);
		CompletableFuture<Outcome> second = enter(LONG);
		Awaitility.await().until(() -> this.gate.getWaiting() == 2);
		this.gate.dismiss();
		assertThat(first.get()).isEqualTo(Outcome.DISMISSED);
		assertThat(second.get()).isEqualTo(Outcome.DISMISSED);
		this.gate.leave();
		assertThat(this.gate.getInside()).isZero();
	}

	@Test
	void aHigherLimitAdmitsAtOnceAndALowerOneWaits() throws Exception {
		this.gate.enter(LONG);
		CompletableFuture<Outcome> second = enter(LONG);
		CompletableFuture<Outcome> third = enter(LONG);
		this.gate.setLimit(3);
		assertThat(second.get()).isEqualTo(Outcome.ADMITTED);
		assertThat(third.get()).isEqualTo(Outcome.ADMITTED);
		this.gate.setLimit(1);
		this.gate.leave();
		this.gate.leave();
		assertThat(this.gate.enter(0)).isEqualTo(Outcome.TIMED_OUT);
		this.gate.leave();
		assertThat(this.gate.enter(0)).isEqualTo(Outcome.ADMITTED);
		assertThat(this.gate).hasToString("1 of 1 inside, 0 waiting");
	}

	/**
	 * Threads time out, are interrupted and dismissed while the limit changes.
	 */
	@Test
	void noPlaceIsLostOrUsedTwice() throws Exception {
		int highest = 8;
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger peak = new AtomicInteger();
		AtomicBoolean end = new AtomicBoolean();
		Queue<Thread> threads = new ConcurrentLinkedQueue<>();
		Thread disturbance = begin(() -> {
			while (!end.get()) {
				this.gate.setLimit(ThreadLocalRandom.current().nextInt(1, highest + 1));
				threads.stream().skip(ThreadLocalRandom.current().nextInt(64)).findFirst().ifPresent(Thread::interrupt);
				if (ThreadLocalRandom.current().nextInt(10) == 0) {
					this.gate.dismiss();
				}
				TimeUnit.MICROSECONDS.sleep(200);
			}
		});
		List<Integer> admitted = ConcurrentTasks.run(64, (index) -> {
			threads.add(Thread.currentThread());
			int times = 0;
			for (int i = 0; i < 2000; i++) {
				try {
					if (this.gate.enter(ThreadLocalRandom.current().nextLong(2_000_000)) == Outcome.ADMITTED) {
						times++;
						peak.accumulateAndGet(inside.incrementAndGet(), Math::max);
						Thread.yield();
						inside.decrementAndGet();
						this.gate.leave();
					}
				}
				catch (InterruptedException ex) {
					// as for a caller that gives up
				}
			}
			threads.remove(Thread.currentThread());
			return times;
		});
		end.set(true);
		disturbance.join();
		assertThat(admitted).allMatch((times) -> times > 0);
		assertThat(peak.get()).isBetween(2, highest);
		assertThat(this.gate.getInside()).isZero();
		assertThat(this.gate.getWaiting()).isZero();
		this.gate.setLimit(1);
		assertThat(this.gate.enter(0)).isEqualTo(Outcome.ADMITTED);
	}

	private CompletableFuture<Outcome> enter(long nanos) throws Exception {
		CompletableFuture<Outcome> outcome = new CompletableFuture<>();
		int waiting = this.gate.getWaiting();
		begin(() -> outcome.complete(this.gate.enter(nanos)));
		Awaitility.await()
			.pollInterval(Duration.ofMillis(1))
			.until(() -> outcome.isDone() || this.gate.getWaiting() > waiting);
		return outcome;
	}

	private static Thread begin(Action action) {
		Thread thread = new Thread(() -> {
			try {
				action.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	@FunctionalInterface
	private interface Action {

		void run() throws Exception;

	}

}
