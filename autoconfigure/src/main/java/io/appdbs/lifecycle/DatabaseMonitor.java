package io.appdbs.lifecycle;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.appdbs.lifecycle.thread.DaemonThreadFactory;
import org.jspecify.annotations.Nullable;

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

	private final Map<ManagedDatabase, DatabaseWatch> watches = new ConcurrentHashMap<>();

	private final ScheduledThreadPoolExecutor scheduler;

	private final ThreadPoolExecutor calls;

	private final @Nullable WatchLimits limits;

	/**
	 * Creates the monitor of configured databases.
	 * @param databases the number of databases
	 */
	DatabaseMonitor(int databases) {
		this(Math.min(databases, MAX_THREADS), "appdbs-monitor-", null);
	}

	/**
	 * Creates the monitor of databases that are added at run time.
	 * @param threads how many databases are probed at the same time
	 * @param limits the limits
	 */
	DatabaseMonitor(int threads, WatchLimits limits) {
		this(threads, "appdbs-runtime-monitor-", limits);
	}

	private DatabaseMonitor(int threads, String prefix, @Nullable WatchLimits limits) {
		this.limits = limits;
		this.scheduler = new ScheduledThreadPoolExecutor(threads, new DaemonThreadFactory(prefix));
		this.scheduler.setRemoveOnCancelPolicy(true);
		this.calls = new ThreadPoolExecutor(0, Integer.MAX_VALUE, CALL_THREAD_IDLE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), new DaemonThreadFactory("appdbs-probe-"));
	}

	void watch(ManagedDatabase database) {
		getWatch(database).begin();
	}

	DatabaseWatch getWatch(ManagedDatabase database) {
		return database.isClosing() ? createWatch(database) : this.watches.computeIfAbsent(database, this::createWatch);
	}

	private DatabaseWatch createWatch(ManagedDatabase database) {
		return new DatabaseWatch(database, this.scheduler, this.calls, this.limits);
	}

	/**
	 * Ends the watch of a database that has been removed.
	 */
	void unwatch(ManagedDatabase database) {
		DatabaseWatch watch = this.watches.remove(database);
		if (watch != null) {
			watch.end();
		}
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
