package io.appdbs.backup.check;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Makes calls that may never return, one at a time. A call that takes too long is
 * interrupted, and there is no other one until it has returned, so that a hanging call
 * holds one thread and not one per check.
 */
final class DeadlineCall {

	private final Executor executor;

	private final Duration timeout;

	/** Whether the last call has returned. */
	private AtomicBoolean returned = new AtomicBoolean(true);

	DeadlineCall(Executor executor, Duration timeout) {
		this.executor = executor;
		this.timeout = timeout;
	}

	/**
	 * Makes a call. Called by one thread at a time.
	 * @throws TimeoutException if it, or an earlier call, has not returned
	 * @throws ExecutionException if it failed
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized <T extends @Nullable Object> T call(Callable<T> call)
			throws TimeoutException, ExecutionException, InterruptedException {
		if (!this.returned.get()) {
			throw new TimeoutException("it has not returned from an earlier call");
		}
		AtomicBoolean returned = new AtomicBoolean();
		FutureTask<T> task = new FutureTask<>(() -> {
			try {
				return call.call();
			}
			finally {
				returned.set(true);
			}
		});
		this.executor.execute(() -> {
			task.run();
			// also if it was canceled before it began
			returned.set(true);
		});
		this.returned = returned;
		try {
			return task.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw new TimeoutException("it did not return within %d ms".formatted(this.timeout.toMillis()));
		}
		finally {
			// has no effect on a call that has returned
			task.cancel(true);
		}
	}

}
