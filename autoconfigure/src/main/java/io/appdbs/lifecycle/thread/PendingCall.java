package io.appdbs.lifecycle.thread;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * A call of a driver that may not return. It runs on a separate thread, one at a time,
 * and a caller that has stopped waiting can ask for the outcome again.
 *
 * @param <T> the type of the outcome
 */
public final class PendingCall<T> {

	private final Executor executor;

	private boolean running;

	private @Nullable CompletableFuture<T> outcome;

	/**
	 * Creates a new {@link PendingCall}.
	 * @param executor runs the call on another thread
	 */
	public PendingCall(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Returns whether a call is running, even if it has been {@linkplain #forget()
	 * forgotten}.
	 * @return whether a call is running
	 */
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * Begins the call, unless there is one whose outcome has not been forgotten.
	 * @param call the call
	 * @return the outcome or {@code null} if a forgotten call is still running
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
	 * Forgets the outcome, even of a call that is still running.
	 */
	public synchronized void forget() {
		this.outcome = null;
	}

	/**
	 * Forgets the outcome of a call that has returned.
	 */
	public synchronized void forgetReturned() {
		if (!this.running) {
			this.outcome = null;
		}
	}

}
