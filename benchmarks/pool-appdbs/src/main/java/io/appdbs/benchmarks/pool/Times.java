package io.appdbs.benchmarks.pool;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The times of units of work, from the wait for a connection to its return.
 */
final class Times {

	private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

	private final long begin = System.nanoTime();

	private long[] sorted = {};

	private long duration;

	void add(long nanos) {
		this.nanos.add(nanos);
	}

	void end() {
		this.duration = System.nanoTime() - this.begin;
		this.sorted = this.nanos.stream().mapToLong(Long::longValue).sorted().toArray();
	}

	double perSecond() {
		return (double) this.sorted.length * TimeUnit.SECONDS.toNanos(1) / this.duration;
	}

	double p99Millis() {
		return (this.sorted.length > 0) ? this.sorted[(int) (this.sorted.length * 0.99)] / 1e6 : Double.NaN;
	}

}
