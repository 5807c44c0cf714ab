package io.appdbs.jdbc.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.appdbs.PoolAdvice;
import io.appdbs.PoolUsage;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Measures the load of a pool and advises on its size. A borrow is only counted: how many
 * connections are in use is sampled, and whether a caller waited follows from its time.
 * Thread-safe.
 */
public final class PoolLoad {

	/** A shorter time passes without waiting for a connection. */
	private static final long NOTICEABLE = Duration.ofMillis(1).toNanos();

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	private static final int MINUTES = 60;

	/** A minute with fewer samples was interrupted, because the machine was asleep. */
	private static final int LEAST_SAMPLES = 30;

	private final Supplier<@Nullable PoolUsage> usage;

	private final int smallest;

	private final LongSupplier nanoTime;

	private final LongAdder borrows = new LongAdder();

	private final LongAdder waits = new LongAdder();

	private final LongAdder waitNanos = new LongAdder();

	private final LongAdder timeouts = new LongAdder();

	private final Deque<LoadMinute> minutes = new ArrayDeque<>();

	private final PeakHistory peaks = new PeakHistory();

	private @Nullable Samples samples;

	private volatile @Nullable PoolAdvice advice;

	/**
	 * Creates a new {@link PoolLoad}.
	 * @param definition the database
	 * @param usage supplies the usage of the pool, {@code null} if it is not open
	 * @param nanoTime the clock
	 */
	public PoolLoad(DatabaseDefinition definition, Supplier<@Nullable PoolUsage> usage, LongSupplier nanoTime) {
		this.usage = usage;
		this.nanoTime = nanoTime;
		this.smallest = definition.settings().pool().smallestMaximum();
	}

	/**
	 * Counts a borrow.
	 * @param nanos how long it took
	 */
	public void borrowed(long nanos) {
		this.borrows.increment();
		if (nanos >= NOTICEABLE && isFull(this.usage.get())) {
			waited(nanos);
		}
	}

	/**
	 * Counts a caller that got no connection because all were in use.
	 * @param nanos how long it has waited
	 */
	public void timedOut(long nanos) {
		if (isFull(this.usage.get())) {
			this.timeouts.increment();
			waited(nanos);
		}
	}

	private void waited(long nanos) {
		this.waits.increment();
		this.waitNanos.add(nanos);
	}

	private static boolean isFull(@Nullable PoolUsage usage) {
		return usage != null && usage.active() >= usage.maximum();
	}

	/**
	 * Looks at the pool. Called about twice a second, at random times, so that no load
	 * that repeats at an interval is missed.
	 * @param room supplies how many connections the server leaves to this pool
	 */
	public synchronized void sample(IntSupplier room) {
		PoolUsage usage = this.usage.get();
		if (usage == null) {
			return;
		}
		long now = this.nanoTime.getAsLong();
		Samples samples = this.samples;
		if (samples != null && samples.maximum != usage.maximum()) {
			// waits for another number of connections say nothing about this one
			this.minutes.clear();
			this.advice = null;
			samples = null;
		}
		if (samples == null) {
			samples = begin(now, usage);
		}
		samples.add(usage);
		if (now - samples.begin >= MINUTE) {
			end(samples, now, room);
			begin(now, usage);
		}
	}

	private Samples begin(long now, PoolUsage usage) {
		Samples samples = new Samples(now, usage.maximum());
		this.samples = samples;
		this.borrows.reset();
		this.waits.reset();
		this.waitNanos.reset();
		this.timeouts.reset();
		return samples;
	}

	private void end(Samples samples, long now, IntSupplier room) {
		if (samples.count < LEAST_SAMPLES || now - samples.begin >= 2 * MINUTE) {
			return;
		}
		long waits = this.waits.sum();
		double count = samples.count;
		LoadMinute minute = new LoadMinute(samples.inUse / count, samples.waiting / count,
				(waits > 0) ? samples.maximum : samples.peak, this.borrows.sum(), waits, this.waitNanos.sum(),
				this.timeouts.sum());
		this.minutes.add(minute);
		if (this.minutes.size() > MINUTES) {
			this.minutes.remove();
		}
		this.peaks.add(minute.peak());
		this.advice = new PoolAdvisor(this.smallest, room.getAsInt()).advise(this.minutes, samples.maximum, this.peaks);
	}

	/**
	 * Returns the advice of the last full minute.
	 * @return the advice, or {@code null} if the pool has not been measured for a minute
	 * since it was opened or its maximum was changed
	 */
	public @Nullable PoolAdvice getAdvice() {
		return this.advice;
	}

	/**
	 * The samples of a minute.
	 */
	private static final class Samples {

		private final long begin;

		private final int maximum;

		private int count;

		private long inUse;

		private long waiting;

		private int peak;

		Samples(long begin, int maximum) {
			this.begin = begin;
			this.maximum = maximum;
		}

		void add(PoolUsage usage) {
			this.count++;
			this.inUse += usage.active();
			this.waiting += isFull(usage) ? usage.waiting() : 0;
			this.peak = Math.max(this.peak, usage.active());
		}

	}

}
