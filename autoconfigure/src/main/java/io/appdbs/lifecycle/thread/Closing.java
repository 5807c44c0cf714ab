package io.appdbs.lifecycle.thread;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes many databases on few threads. A thread whose driver hangs is replaced, so that
 * the others are closed.
 */
public final class Closing {

	private static final int THREADS = 32;

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), new DaemonThreadFactory("appdbs-close-"));

	/**
	 * Begins to close.
	 * @param tasks close one database each
	 */
	public Closing(Collection<Runnable> tasks) {
		tasks.forEach(this.executor::execute);
		this.executor.shutdown();
	}

	/**
	 * Waits until all are closed, even if the current thread is interrupted, as the
	 * application ends anyway.
	 * @param timeout how long to wait
	 * @return how many have not been closed, 0 if all have been
	 */
	public int await(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		boolean interrupted = false;
		long completed = this.executor.getCompletedTaskCount();
		while (!this.executor.isTerminated() && System.nanoTime() < deadline) {
			try {
				long left = Math.min(PATIENCE.toNanos(), deadline - System.nanoTime());
				this.executor.awaitTermination(Math.max(1, left), TimeUnit.NANOSECONDS);
				if (this.executor.getCompletedTaskCount() == completed && !this.executor.getQueue().isEmpty()) {
					this.executor.setMaximumPoolSize(this.executor.getMaximumPoolSize() + THREADS);
					this.executor.setCorePoolSize(this.executor.getMaximumPoolSize());
				}
				completed = this.executor.getCompletedTaskCount();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return this.executor.isTerminated() ? 0 : this.executor.getActiveCount() + this.executor.getQueue().size();
	}

}
