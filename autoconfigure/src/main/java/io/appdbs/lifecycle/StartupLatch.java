package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.appdbs.DatabaseStartException;

/**
 * Given when the start of a database is over: successfully, not needed to go on with, or
 * failed for good.
 */
final class StartupLatch {

	private final String database;

	private final CompletableFuture<Void> over = new CompletableFuture<>();

	StartupLatch(String database) {
		this.database = database;
	}

	void give() {
		this.over.complete(null);
	}

	void fail(DatabaseStartException failure) {
		this.over.completeExceptionally(failure);
	}

	/**
	 * Wait for the signal.
	 * @throws DatabaseStartException if the start has failed for good, or was interrupted
	 */
	void await() {
		try {
			// not join(): closing the application interrupts a start that waits
			this.over.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw StartFailure.interrupted(this.database, ex);
		}
		catch (ExecutionException ex) {
			throw copy(ex);
		}
	}

	/**
	 * Wait for the signal, but not longer than the given time.
	 * @return whether it has been given
	 */
	boolean await(Duration timeout) {
		try {
			this.over.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// the status tells
		}
		return this.over.isDone();
	}

	private static DatabaseStartException copy(ExecutionException ex) {
		// a new exception per caller: its stack trace is the caller's
		if (ex.getCause() instanceof DatabaseStartException failure) {
			return new DatabaseStartException(failure.getDatabase(), String.valueOf(failure.getMessage()),
					failure.getAction(), failure.getCause());
		}
		throw new IllegalStateException(ex.getCause());
	}

}
