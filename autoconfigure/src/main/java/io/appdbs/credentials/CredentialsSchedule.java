package io.appdbs.credentials;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Schedules the search for newer credentials of a database and the end of connections
 * with former ones. Does nothing once the executor has been shut down.
 */
final class CredentialsSchedule {

	private final ScheduledExecutorService executor;

	private final AtomicBoolean requested = new AtomicBoolean();

	private final Set<Future<?>> tasks = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	CredentialsSchedule(ScheduledExecutorService executor) {
		this.executor = executor;
	}

	/**
	 * Runs a task repeatedly.
	 * @param delay supplies the time until the next run
	 * @param task the task
	 */
	void repeat(Runnable task, Supplier<Duration> delay) {
		after(delay.get(), () -> {
			task.run();
			repeat(task, delay);
		});
	}

	/**
	 * Runs a task soon, once for all requests that arrive before it begins.
	 * @param task the task
	 */
	void soon(Runnable task) {
		if (this.requested.compareAndSet(false, true)) {
			after(Duration.ZERO, () -> {
				this.requested.set(false);
				task.run();
			});
		}
	}

	void after(Duration delay, Runnable task) {
		this.tasks.removeIf(Future::isDone);
		try {
			this.tasks.add(this.executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
		}
		if (this.closed) {
			close();
		}
	}

	/**
	 * Cancels all tasks that have not begun, now and later.
	 */
	void close() {
		this.closed = true;
		this.tasks.forEach((task) -> task.cancel(false));
	}

	boolean isEnded() {
		return this.closed || this.executor.isShutdown();
	}

}
