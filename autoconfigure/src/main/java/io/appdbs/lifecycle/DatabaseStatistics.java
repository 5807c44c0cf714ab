package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What has happened with a database since the application started. Read at any time by
 * any thread; the values only grow.
 */
public final class DatabaseStatistics {

	private final Map<BorrowFailure, LongAdder> borrowFailures = new EnumMap<>(BorrowFailure.class);

	private final LongAdder probes = new LongAdder();

	private final LongAdder failedProbes = new LongAdder();

	private final LongAdder probeNanos = new LongAdder();

	DatabaseStatistics() {
		for (BorrowFailure reason : BorrowFailure.values()) {
			this.borrowFailures.put(reason, new LongAdder());
		}
	}

	void borrowFailed(BorrowFailure reason) {
		adder(reason).increment();
	}

	void probed(Duration duration, boolean answered) {
		this.probes.increment();
		this.probeNanos.add(duration.toNanos());
		if (!answered) {
			this.failedProbes.increment();
		}
	}

	private LongAdder adder(BorrowFailure reason) {
		return Objects.requireNonNull(this.borrowFailures.get(reason));
	}

	/**
	 * Return how often a caller did not get a connection.
	 * @param reason why not
	 * @return the number
	 */
	public long getBorrowFailures(BorrowFailure reason) {
		return adder(reason).sum();
	}

	/**
	 * Return how often the database was probed. Each attempt to open it is a probe.
	 * @return the number, failed ones included
	 */
	public long getProbes() {
		return this.probes.sum();
	}

	/**
	 * Return how many probes failed.
	 * @return the number
	 */
	public long getFailedProbes() {
		return this.failedProbes.sum();
	}

	/**
	 * Return how long all probes together took, with what prepares the database.
	 * @return the sum
	 */
	public Duration getProbeTime() {
		return Duration.ofNanos(this.probeNanos.sum());
	}

}
