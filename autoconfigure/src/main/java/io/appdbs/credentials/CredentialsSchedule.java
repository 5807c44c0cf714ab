package io.appdbs.credentials;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * When newer credentials of a database are looked for, and connections with former ones
 * are ended. Nothing happens once the executor has been shut down.
 */
public final class CredentialsSchedule {

	private final ScheduledExecutorService executor;

	private final AtomicBoolean requested = new AtomicBoolean();

	public CredentialsSchedule(ScheduledExecutorService executor) {
		this.executor = executor;
	}

	/**
	 * Run a task again and again. There is one series, whatever else the task is run for.
	 * @param delay supplies the time until it is run next
	 * @param task the task
	 */
	public void repeat(Runnable task, Supplier<Duration> delay) {
		after(delay.get(), () -> {
			task.run();
			repeat(task, delay);
		});
	}

	/**
	 * Run a task soon, once for all that ask for it before it begins.
	 * @param task the task
	 */
	public void soon(Runnable task) {
		if (this.requested.compareAndSet(false, true)) {
			after(Duration.ZERO, () -> {
				this.requested.set(false);
				task.run();
			});
		}
	}

	public void after(Duration delay, Runnable task) {
		try {
			this.executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
		}
	}

	public boolean isEnded() {
		return this.executor.isShutdown();
	}

}
