package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.appdbs.DatabaseState;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.HealthSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Probes every database that has been started. A database that is down is probed more
 * often, and one that has never been up is opened instead, so that it is prepared before
 * anybody uses it. States change on a bounded number of threads, which never wait for a
 * driver longer than a probe may take; what calls a driver runs on others, at most four
 * for a database.
 */
final class DatabaseMonitor {

	private static final Log logger = LogFactory.getLog(DatabaseMonitor.class);

	private static final int MAX_THREADS = 16;

	private static final Duration FIRST_DELAY = Duration.ofMillis(200);

	private static final Duration LONGEST_DELAY = Duration.ofMillis(800);

	/** What another attempt is not likely to mend, such as a failed migration. */
	private static final Duration LONGEST_PERMANENT_DELAY = Duration.ofSeconds(30);

	/** Longer than the interval of the probes, so that they share threads. */
	private static final long CALL_THREAD_IDLE_SECONDS = 5;

	private final Map<String, Watch> watches = new ConcurrentHashMap<>();

	private final ScheduledThreadPoolExecutor executor;

	private final ThreadPoolExecutor calls;

	DatabaseMonitor(int databases) {
		this.executor = new ScheduledThreadPoolExecutor(Math.min(databases, MAX_THREADS), threads("appdbs-monitor-"));
		this.executor.setRemoveOnCancelPolicy(true);
		this.calls = new ThreadPoolExecutor(0, Integer.MAX_VALUE, CALL_THREAD_IDLE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), threads("appdbs-probe-"));
	}

	private static ThreadFactory threads(String prefix) {
		AtomicInteger number = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	void watch(ManagedDatabase database) {
		getWatch(database).begin();
	}

	/**
	 * Probe a database now, whenever the next probe would be.
	 * @return completed when it has been probed, which it is not before it has been
	 * started
	 */
	CompletableFuture<Void> probeNow(ManagedDatabase database) {
		return getWatch(database).runNow();
	}

	/**
	 * Return what verifies a database while the application runs.
	 */
	DatabaseVerification getVerification(ManagedDatabase database) {
		return getWatch(database).verification;
	}

	private Watch getWatch(ManagedDatabase database) {
		return this.watches.computeIfAbsent(database.getName(), (name) -> new Watch(database));
	}

	void close() {
		this.executor.shutdownNow();
		this.calls.shutdownNow();
	}

	/**
	 * The probes of one database, one after the other.
	 */
	private final class Watch implements Runnable {

		private final ManagedDatabase database;

		private final HealthSettings health;

		private final DatabaseProbe probe;

		private final DatabaseVerification verification;

		private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

		private final Backoff permanentBackoff = new Backoff(Duration.ofSeconds(1), LONGEST_PERMANENT_DELAY);

		/** Who waits for the next one to have run. */
		private @Nullable CompletableFuture<Void> request;

		/** The next one; whoever takes it runs, so that there is only one at a time. */
		private @Nullable ScheduledFuture<?> next;

		private boolean opened;

		private boolean aborted;

		/** Whether the host has given a sign of life since the last answer. */
		private boolean reacting;

		Watch(ManagedDatabase database) {
			this.database = database;
			this.health = database.getDefinition().settings().health();
			this.probe = new DatabaseProbe(database, DatabaseMonitor.this.calls);
			this.verification = new DatabaseVerification(database, DatabaseMonitor.this.executor,
					DatabaseMonitor.this.calls, this::runNow);
		}

		void begin() {
			this.opened = this.database.getState() == DatabaseState.UP;
			if (this.opened) {
				this.verification.opened();
			}
			schedule(this.opened ? this.health.interval() : FIRST_DELAY);
		}

		@Override
		public void run() {
			CompletableFuture<Void> request;
			synchronized (this) {
				if (this.next == null || this.database.isClosed()) {
					return;
				}
				this.next.cancel(false);
				this.next = null;
				request = this.request;
				this.request = null;
			}
			if (this.opened) {
				run(this::probe, request);
			}
			else {
				openOnAnotherThread(request);
			}
		}

		/**
		 * Connecting and preparing may take long, and the probes of other databases shall
		 * not wait.
		 */
		private void openOnAnotherThread(@Nullable CompletableFuture<Void> request) {
			try {
				DatabaseMonitor.this.calls.execute(() -> run(this::open, request));
			}
			catch (RejectedExecutionException ex) {
				// closed meanwhile
			}
		}

		private void run(Supplier<Duration> task, @Nullable CompletableFuture<Void> request) {
			Duration next;
			try {
				next = task.get();
			}
			catch (Throwable ex) {
				logger.error("Database '%s' could not be probed".formatted(this.database.getName()), ex);
				next = this.health.interval();
			}
			if (request != null) {
				request.complete(null);
			}
			schedule(next);
		}

		synchronized CompletableFuture<Void> runNow() {
			if (this.request == null) {
				this.request = new CompletableFuture<>();
			}
			CompletableFuture<Void> request = this.request;
			if (this.next != null) {
				schedule(Duration.ZERO);
			}
			// otherwise one is running, and the next will come at once
			return request;
		}

		private Duration open() {
			DatabaseConnectionDetails target = null;
			try {
				target = this.database.resolveTarget();
				this.database.up(this.database.connect(target, this.database.getConnectTimeout()));
				this.opened = true;
				this.verification.opened();
				return this.health.interval();
			}
			catch (Throwable ex) {
				return down(target, ex);
			}
		}

		private Duration probe() {
			long begin = System.nanoTime();
			try {
				boolean usable = this.probe.probe();
				this.database.probed(Duration.ofNanos(System.nanoTime() - begin), true);
				if (!usable) {
					// otherwise it has gone down since it was probed, and must recover
					return this.database.stayRejected() ? this.health.interval() : Duration.ZERO;
				}
				if (this.database.getState() == DatabaseState.DOWN) {
					this.database.recovered();
					this.verification.recovered();
				}
				this.backoff.reset();
				this.reacting = false;
				return this.health.interval();
			}
			catch (Throwable ex) {
				this.database.probed(Duration.ofNanos(System.nanoTime() - begin), false);
				return failed(ex);
			}
		}

		private Duration failed(Throwable failure) {
			this.database.probeFailed(failure);
			if (this.database.getState() == DatabaseState.UP && isWorking(failure)) {
				this.probe.answered();
				logger.debug("Database '%s' did not answer a probe, but works".formatted(this.database.getName()),
						failure);
				return this.backoff.next();
			}
			return down(this.database.getDefinition().connectionDetails().get(), failure);
		}

		private boolean isWorking(Throwable failure) {
			try {
				return this.probe.isWorking(failure);
			}
			catch (InterruptedException ex) {
				// closed meanwhile
				Thread.currentThread().interrupt();
				return false;
			}
		}

		private Duration down(@Nullable DatabaseConnectionDetails target, Throwable cause) {
			StartFailure failure = new StartFailure(this.database.getDefinition(), target, cause);
			if (failure.isAnswer()) {
				this.probe.answered();
				this.reacting = false;
			}
			else if (!failure.isSilence()) {
				this.reacting = true;
			}
			Duration next = (!this.opened && failure.isPermanent()) ? this.permanentBackoff.next()
					: this.backoff.next();
			this.database.down(failure, next);
			if (this.opened) {
				this.database.getConnector().suspend();
				abortIfSilent();
			}
			return next;
		}

		/**
		 * Once until the server has answered. One that refuses connections may have left
		 * others hanging.
		 */
		private void abortIfSilent() {
			boolean unanswered = this.probe.getSilence().compareTo(this.health.abortAfter()) > 0;
			if (unanswered && !this.aborted) {
				String name = this.database.getName();
				long seconds = this.health.abortAfter().toSeconds();
				if (this.reacting) {
					logger.debug("Database '%s' has been down for %d s: its connections are aborted".formatted(name,
							seconds));
				}
				else {
					logger.warn(
							"Database '%s' has been silent for %d s: its connections are aborted, and statements that wait for an answer fail"
								.formatted(name, seconds));
				}
				this.database.getConnector().abort();
			}
			this.aborted = unanswered;
		}

		/**
		 * Schedule the next one in place of any that is.
		 */
		private synchronized void schedule(Duration delay) {
			if (this.next != null) {
				this.next.cancel(false);
			}
			long millis = (this.request != null) ? 0 : delay.toMillis();
			try {
				this.next = DatabaseMonitor.this.executor.schedule(this, millis, TimeUnit.MILLISECONDS);
			}
			catch (RejectedExecutionException ex) {
				// closed meanwhile
			}
		}

	}

}
