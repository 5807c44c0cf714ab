package io.appdbs.jdbc.budget;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that all pools of a {@link ConnectionBudget} share.
 * <p>
 * HikariCP cannot share the threads that add and close connections, only their factory.
 * Virtual threads are used for them since Java 24: before, a driver that blocks in a
 * {@code synchronized} method blocks the platform thread below it. Connecting always has
 * platform threads, because name resolution blocks them in every version; each of them
 * has a permit to connect.
 */
final class RuntimeThreads implements AutoCloseable {

	private static final int VIRTUAL_SINCE = 24;

	private static final long KEEP_ALIVE_SECONDS = 5;

	private final ScheduledThreadPoolExecutor scheduler;

	private final ExecutorService connector;

	private final ThreadFactory poolThreads;

	RuntimeThreads() {
		this.scheduler = new ScheduledThreadPoolExecutor(2, daemons("appdbs-runtime-pools-"));
		this.scheduler.setRemoveOnCancelPolicy(true);
		this.scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		this.connector = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), daemons("appdbs-runtime-connect-"));
		this.poolThreads = (Runtime.version().feature() >= VIRTUAL_SINCE) ? virtualThreads()
				: daemons("appdbs-runtime-pool-");
	}

	private static ThreadFactory daemons(String prefix) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(prefix);
		factory.setDaemon(true);
		return factory;
	}

	/**
	 * Calls {@code Thread.ofVirtual().name(…).factory()}, which Java 17 does not have.
	 */
	private static ThreadFactory virtualThreads() {
		try {
			MethodHandles.Lookup lookup = MethodHandles.publicLookup();
			Class<?> builder = Class.forName("java.lang.Thread$Builder");
			Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
			Object created = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual)).invoke();
			Object named = lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class, long.class))
				.invoke(created, "appdbs-runtime-pool-", 1L);
			return (ThreadFactory) lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class))
				.invoke(named);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Java %s has no virtual threads".formatted(Runtime.version()), ex);
		}
	}

	ScheduledExecutorService scheduler() {
		return this.scheduler;
	}

	Executor connector() {
		return this.connector;
	}

	ThreadFactory poolThreads() {
		return this.poolThreads;
	}

	/**
	 * Ends the threads. Attempts to connect end by their time limit.
	 */
	@Override
	public void close() {
		this.scheduler.shutdownNow();
		this.connector.shutdown();
	}

}
