package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The rest of a database that was added at run time: it is not probed until it is used,
 * as nobody has used it for some time.
 */
final class DatabaseRest {

	/** A database that has never been used rests as soon as it has been opened. */
	private volatile long lastUse = System.nanoTime() - TimeUnit.DAYS.toNanos(365);

	private volatile @Nullable Supplier<CompletableFuture<Void>> probe;

	/**
	 * Notes that somebody wants to use the database, except for borrows that do not have
	 * to wait.
	 */
	void used() {
		this.lastUse = System.nanoTime();
	}

	boolean isUnusedFor(Duration time) {
		return System.nanoTime() - this.lastUse >= time.toNanos();
	}

	boolean isResting() {
		return this.probe != null;
	}

	/**
	 * Begins to rest.
	 * @param probe probes the database when the rest ends
	 */
	void begin(Supplier<CompletableFuture<Void>> probe) {
		this.probe = probe;
	}

	/**
	 * Ends the rest, and probes the database. Does nothing if it does not rest.
	 * @param timeout how long to wait for the outcome
	 */
	void end(Duration timeout) {
		Supplier<CompletableFuture<Void>> probe = end();
		if (probe == null) {
			return;
		}
		CompletableFuture<Void> outcome = probe.get();
		if (timeout.isZero() || timeout.isNegative()) {
			return;
		}
		try {
			outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// the status has the outcome
		}
	}

	private synchronized @Nullable Supplier<CompletableFuture<Void>> end() {
		Supplier<CompletableFuture<Void>> probe = this.probe;
		this.probe = null;
		return probe;
	}

}
