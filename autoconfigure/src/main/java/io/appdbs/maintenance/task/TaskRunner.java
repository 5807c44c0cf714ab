package io.appdbs.maintenance.task;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of a database's maintenance: one executes a task, another one cancels it.
 * They end a while after the task.
 */
final class TaskRunner {

	private static final Log logger = LogFactory.getLog(TaskRunner.class);

	/** How often the server is asked again to cancel something. */
	private static final Duration CANCEL_INTERVAL = Duration.ofMillis(500);

	/** How often the server is asked before the session is aborted. */
	private static final int CANCEL_ATTEMPTS = 20;

	private final ScheduledThreadPoolExecutor threads;

	TaskRunner(String database) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("appdbs-maintenance-" + database + "-");
		factory.setDaemon(true);
		this.threads = new ScheduledThreadPoolExecutor(2, factory);
		this.threads.setKeepAliveTime(10, TimeUnit.SECONDS);
		this.threads.allowCoreThreadTimeOut(true);
		this.threads.setRemoveOnCancelPolicy(true);
	}

	void execute(Runnable task) {
		this.threads.execute(task);
	}

	/**
	 * Executes an action later, unless the result is cancelled.
	 */
	ScheduledFuture<?> schedule(Duration delay, Runnable action) {
		return this.threads.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Cancels what a session executes. The server ignores that if the session is between
	 * two statements, so it is asked again.
	 */
	void cancel(MaintenanceSession session) {
		cancel(session, CANCEL_ATTEMPTS, Duration.ZERO);
	}

	private void cancel(MaintenanceSession session, int attempts, Duration delay) {
		try {
			schedule(delay, () -> {
				if (session.isExecuted()) {
					return;
				}
				if (attempts == 0) {
					session.abort();
					return;
				}
				tryCancel(session);
				cancel(session, attempts - 1, CANCEL_INTERVAL);
			});
		}
		catch (RejectedExecutionException ex) {
			session.abort();
		}
	}

	private static void tryCancel(MaintenanceSession session) {
		try {
			session.cancel();
		}
		catch (Exception ex) {
			logger.debug("Could not cancel", ex);
		}
	}

	/**
	 * Waits for a result.
	 * @return whether it is there in time
	 * @throws ExecutionException if it is an exception
	 */
	static boolean await(CompletableFuture<?> result, Duration timeout) throws ExecutionException {
		boolean interrupted = false;
		long deadline = System.nanoTime() + timeout.toNanos();
		try {
			while (true) {
				try {
					result.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
					return true;
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
				catch (TimeoutException ex) {
					return false;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	void close() {
		this.threads.shutdownNow();
	}

}
