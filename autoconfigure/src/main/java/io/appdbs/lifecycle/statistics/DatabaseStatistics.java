package io.appdbs.lifecycle.statistics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceTask;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a database since the start of the application. Thread-safe; the values
 * only grow.
 */
public final class DatabaseStatistics {

	private final Map<BorrowFailure, LongAdder> borrowFailures = new EnumMap<>(BorrowFailure.class);

	private final LongAdder probes = new LongAdder();

	private final LongAdder failedProbes = new LongAdder();

	private final LongAdder probeNanos = new LongAdder();

	private final Map<MaintenanceOutcome, LongAdder> maintenances = new ConcurrentHashMap<>();

	private final Map<MaintenanceOutcome, LongAdder> maintenanceNanos = new ConcurrentHashMap<>();

	private volatile @Nullable Duration responseTime;

	public DatabaseStatistics() {
		for (BorrowFailure reason : BorrowFailure.values()) {
			this.borrowFailures.put(reason, new LongAdder());
		}
	}

	public void borrowFailed(BorrowFailure reason) {
		adder(reason).increment();
	}

	public void probed(Duration duration, boolean answered) {
		this.probes.increment();
		this.probeNanos.add(duration.toNanos());
		if (!answered) {
			this.failedProbes.increment();
		}
	}

	/**
	 * Counts a probe of an open database that the server answered.
	 * @param responseTime the time that the answer took
	 */
	public void answered(Duration responseTime) {
		probed(responseTime, true);
		this.responseTime = responseTime;
	}

	/**
	 * Counts a task of the maintenance.
	 * @param operation what it did
	 * @param state how it ended
	 * @param duration how long it took
	 */
	public void maintained(MaintenanceOperation operation, MaintenanceTask.State state, Duration duration) {
		MaintenanceOutcome outcome = new MaintenanceOutcome(operation, state);
		this.maintenances.computeIfAbsent(outcome, (key) -> new LongAdder()).increment();
		this.maintenanceNanos.computeIfAbsent(outcome, (key) -> new LongAdder()).add(duration.toNanos());
	}

	/**
	 * Returns how long the last answered probe took.
	 * @return the time or {@code null} if there was none
	 */
	public @Nullable Duration getResponseTime() {
		return this.responseTime;
	}

	private LongAdder adder(BorrowFailure reason) {
		return Objects.requireNonNull(this.borrowFailures.get(reason));
	}

	/**
	 * Returns how often a caller did not get a connection.
	 * @param reason the reason
	 * @return the number
	 */
	public long getBorrowFailures(BorrowFailure reason) {
		return adder(reason).sum();
	}

	/**
	 * Returns how often the database was probed. Each attempt to open it counts as a
	 * probe.
	 * @return the number of successful and failed probes
	 */
	public long getProbes() {
		return this.probes.sum();
	}

	/**
	 * Returns how many probes failed.
	 * @return the number
	 */
	public long getFailedProbes() {
		return this.failedProbes.sum();
	}

	/**
	 * Returns how long all probes took, including the preparation of the database.
	 * @return the total time
	 */
	public Duration getProbeTime() {
		return Duration.ofNanos(this.probeNanos.sum());
	}

	/**
	 * Returns how many tasks of the maintenance have ended.
	 * @param operation what they did
	 * @param state how they ended
	 * @return the number
	 */
	public long getMaintenances(MaintenanceOperation operation, MaintenanceTask.State state) {
		return sum(this.maintenances, operation, state);
	}

	/**
	 * Returns how long tasks of the maintenance took.
	 * @param operation what they did
	 * @param state how they ended
	 * @return the total time
	 */
	public Duration getMaintenanceTime(MaintenanceOperation operation, MaintenanceTask.State state) {
		return Duration.ofNanos(sum(this.maintenanceNanos, operation, state));
	}

	private static long sum(Map<MaintenanceOutcome, LongAdder> adders, MaintenanceOperation operation,
			MaintenanceTask.State state) {
		LongAdder adder = adders.get(new MaintenanceOutcome(operation, state));
		return (adder != null) ? adder.sum() : 0;
	}

	private record MaintenanceOutcome(MaintenanceOperation operation, MaintenanceTask.State state) {

	}

}
