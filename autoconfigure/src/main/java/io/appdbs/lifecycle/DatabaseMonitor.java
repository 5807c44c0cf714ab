package io.appdbs.lifecycle;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Watches every database that has been started. Status changes run on a bounded number of
 * threads, which never wait for a driver longer than a probe may take. Calls of drivers
 * run on other threads, at most four for a database.
 */
final class DatabaseMonitor {

	private static final int MAX_THREADS = 16;

	/** Longer than the interval of the probes, so that they share threads. */
	private static final long CALL_THREAD_IDLE_SECONDS = 5;

	private static final long CLOSE_GRACE_MILLIS = 250;

	private final Map<String, DatabaseWatch> watches = new ConcurrentHashMap<>();

	private final ScheduledThreadPoolExecutor scheduler;

	private final ThreadPoolExecutor calls;

	DatabaseMonitor(int databases) {
		this.scheduler = new ScheduledThreadPoolExecutor(Math.min(databases, MAX_THREADS),
				new DaemonThreadFactory("appdbs-monitor-"));
		this.scheduler.setRemoveOnCancelPolicy(true);
		this.calls = new ThreadPoolExecutor(0, Integer.MAX_VALUE, CALL_THREAD_IDLE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), new DaemonThreadFactory("appdbs-probe-"));
	}

	void watch(ManagedDatabase database) {
		getWatch(database).begin();
	}

	DatabaseWatch getWatch(ManagedDatabase database) {
		return this.watches.computeIfAbsent(database.getName(),
				(name) -> new DatabaseWatch(database, this.scheduler, this.calls));
	}

	/**
	 * Ends the probes. One that is in flight may end by itself for a short time: if it is
	 * interrupted, MongoDB's driver does not end its session on the server.
	 */
	void close() {
		this.scheduler.shutdownNow();
		this.calls.shutdown();
		try {
			this.calls.awaitTermination(CLOSE_GRACE_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.calls.shutdownNow();
	}

}
