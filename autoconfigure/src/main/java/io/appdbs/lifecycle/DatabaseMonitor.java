package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.DatabaseState;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.HealthSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Probes every database that has been started, on a bounded number of threads. A database
 * that is down is probed more often, and one that has never been up is opened instead, so
 * that it is prepared before anybody uses it.
 */
final class DatabaseMonitor {

	private static final Log logger = LogFactory.getLog(DatabaseMonitor.class);

	private static final int MAX_THREADS = 16;

	private static final Duration FIRST_DELAY = Duration.ofMillis(200);

	private static final Duration LONGEST_DELAY = Duration.ofMillis(800);

	/** What another attempt is not likely to mend, such as a failed migration. */
	private static final Duration LONGEST_PERMANENT_DELAY = Duration.ofSeconds(30);

	private final Map<String, Watch> watches = new ConcurrentHashMap<>();

	private final ScheduledThreadPoolExecutor executor;

	DatabaseMonitor(int databases) {
		AtomicInteger number = new AtomicInteger();
		this.executor = new ScheduledThreadPoolExecutor(Math.min(databases, MAX_THREADS), (task) -> {
			Thread thread = new Thread(task, "appdbs-monitor-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setRemoveOnCancelPolicy(true);
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

	private Watch getWatch(ManagedDatabase database) {
		return this.watches.computeIfAbsent(database.getName(), (name) -> new Watch(database));
	}

	void close() {
		this.executor.shutdownNow();
	}

	/**
	 * The probes of one database, one after the other.
	 */
	private final class Watch implements Runnable {

		private final ManagedDatabase database;

		private final HealthSettings health;

		private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

		private final Backoff permanentBackoff = new Backoff(Duration.ofSeconds(1), LONGEST_PERMANENT_DELAY);

		/** Who waits for the next one to have run. */
		private @Nullable CompletableFuture<Void> request;

		/** The next one; whoever takes it runs, so that there is only one at a time. */
		private @Nullable ScheduledFuture<?> next;

		private boolean opened;

		private long lastAnswer = System.nanoTime();

		private boolean aborted;

		Watch(ManagedDatabase database) {
			this.database = database;
			this.health = database.getDefinition().settings().health();
		}

		void begin() {
			this.opened = this.database.getState() == DatabaseState.UP;
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
			Duration next;
			try {
				next = this.opened ? probe() : open();
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
			ConnectionTarget target = null;
			try {
				target = this.database.resolveTarget();
				this.database.up(this.database.connect(target, this.health.timeout()));
				this.opened = true;
				return this.health.interval();
			}
			catch (Throwable ex) {
				return down(target, ex);
			}
		}

		private Duration probe() {
			long begin = System.nanoTime();
			try {
				this.database.getConnector().probe(this.health.timeout());
				this.database.probed(Duration.ofNanos(System.nanoTime() - begin), true);
				answered();
				if (this.database.getState() == DatabaseState.DOWN) {
					this.database.getConnector().recover();
					this.database.recovered();
				}
				this.backoff.reset();
				return this.health.interval();
			}
			catch (Throwable ex) {
				this.database.probed(Duration.ofNanos(System.nanoTime() - begin), false);
				return failed(ex);
			}
		}

		private Duration failed(Throwable failure) {
			this.database.probeFailed(failure);
			boolean up = this.database.getState() == DatabaseState.UP;
			if (up && this.database.getConnector().isWorking(failure, this.health.timeout())) {
				logger.debug("Database '%s' did not answer a probe, but works".formatted(this.database.getName()),
						failure);
				return this.backoff.next();
			}
			return down(this.database.getDefinition().target().get(), failure);
		}

		private Duration down(@Nullable ConnectionTarget target, Throwable cause) {
			StartFailure failure = new StartFailure(this.database.getDefinition(), target, cause);
			if (failure.isAnswer()) {
				answered();
			}
			Duration next = (!this.opened && failure.isPermanent()) ? this.permanentBackoff.next()
					: this.backoff.next();
			this.database.down(cause, failure.describe(), next);
			if (this.opened) {
				this.database.getConnector().suspend();
				abortIfSilent();
			}
			return next;
		}

		private void answered() {
			this.lastAnswer = System.nanoTime();
			this.aborted = false;
		}

		private void abortIfSilent() {
			if (!this.aborted && System.nanoTime() - this.lastAnswer > this.health.abortAfter().toNanos()) {
				this.aborted = true;
				logger.warn("Database '%s' has been silent for %d s: what waits for an answer is ended"
					.formatted(this.database.getName(), this.health.abortAfter().toSeconds()));
				this.database.getConnector().abort();
			}
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
