package io.appdbs.lifecycle;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * A call of a driver, which is not trusted to return. It runs on a thread of its own, one
 * at a time, and a caller that has stopped waiting can come back for the outcome.
 *
 * @param <T> the type of the outcome
 */
public final class PendingCall<T> {

	private final Executor executor;

	private boolean running;

	private @Nullable CompletableFuture<T> outcome;

	/**
	 * Create a new {@link PendingCall}.
	 * @param executor runs the call on another thread
	 */
	public PendingCall(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Return whether a call has not returned yet, {@linkplain #forget() forgotten} or
	 * not.
	 */
	synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * Begin the call, unless there is one whose outcome has not been forgotten.
	 * @param call the call
	 * @return the outcome or {@code null} if a forgotten call has not returned yet
	 */
	public synchronized @Nullable CompletableFuture<T> begin(Callable<T> call) {
		if (this.outcome != null || this.running) {
			return this.outcome;
		}
		CompletableFuture<T> outcome = new CompletableFuture<>();
		this.outcome = outcome;
		this.running = true;
		try {
			this.executor.execute(() -> run(call, outcome));
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
			this.running = false;
			outcome.completeExceptionally(ex);
		}
		return outcome;
	}

	private void run(Callable<T> call, CompletableFuture<T> outcome) {
		try {
			T result = call.call();
			returned();
			outcome.complete(result);
		}
		catch (Throwable ex) {
			returned();
			outcome.completeExceptionally(ex);
		}
	}

	private synchronized void returned() {
		this.running = false;
	}

	/**
	 * Forget the outcome, also one that is still to come.
	 */
	public synchronized void forget() {
		this.outcome = null;
	}

	/**
	 * Forget the outcome if there is one.
	 */
	synchronized void forgetReturned() {
		if (!this.running) {
			this.outcome = null;
		}
	}

}
