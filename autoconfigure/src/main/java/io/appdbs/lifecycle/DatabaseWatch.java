package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.appdbs.DatabaseState;
import io.appdbs.engine.JitteredBackOff;
import io.appdbs.settings.HealthSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Probes one database repeatedly and changes its state by the outcome. A database that is
 * down is probed more often. One that has never been up is opened instead, so that it is
 * prepared before it is used.
 */
final class DatabaseWatch implements Runnable {

	private static final Log logger = LogFactory.getLog(DatabaseWatch.class);

	private static final Duration FIRST_DELAY = Duration.ofMillis(200);

	private static final BackOff BACK_OFF = new JitteredBackOff(FIRST_DELAY, Duration.ofMillis(800));

	/** For failures that are unlikely to go away, such as a failed migration. */
	private static final BackOff PERMANENT_BACK_OFF = new JitteredBackOff(Duration.ofSeconds(1),
			Duration.ofSeconds(30));

	private final ManagedDatabase database;

	private final ScheduledExecutorService scheduler;

	private final Executor calls;

	private final @Nullable WatchLimits limits;

	private final HealthSettings health;

	private final DatabaseProbe probe;

	private final DatabaseVerification verification;

	private final BackOffExecution permanentBackOff = PERMANENT_BACK_OFF.start();

	private BackOffExecution backOff = BACK_OFF.start();

	/** Completed when the next probe has run. */
	private @Nullable CompletableFuture<Void> request;

	/**
	 * The next probe. The thread that takes it runs it, so there is only one at a time.
	 */
	private @Nullable ScheduledFuture<?> next;

	private boolean opened;

	/** Why the last attempt failed, or {@code null} if it did not. */
	private @Nullable StartFailure failure;

	private boolean aborted;

	/** Whether the host has given a sign of life since the last answer. */
	private boolean reacting;

	/**
	 * Creates a new {@link DatabaseWatch}.
	 * @param database the database
	 * @param scheduler runs the probes
	 * @param calls runs calls of drivers, without limit
	 * @param limits the limits of a database that was added at run time, or {@code null}
	 * for a configured one
	 */
	DatabaseWatch(ManagedDatabase database, ScheduledExecutorService scheduler, Executor calls,
			@Nullable WatchLimits limits) {
		this.database = database;
		this.scheduler = scheduler;
		this.calls = calls;
		this.limits = limits;
		this.health = database.getDefinition().settings().health();
		this.probe = new DatabaseProbe(database, calls);
		this.verification = new DatabaseVerification(database, scheduler, calls, this::runNow);
	}

	/**
	 * Returns what verifies the database while the application runs.
	 */
	DatabaseVerification getVerification() {
		return this.verification;
	}

	/**
	 * Measures the load of the pool.
	 */
	void sample() {
		try {
			this.database.getConnector().sample();
		}
		catch (RuntimeException ex) {
			logger.debug("The pool of database '%s' could not be measured".formatted(this.database.getName()), ex);
		}
	}

	void begin() {
		this.opened = this.database.isUp();
		if (this.opened) {
			this.verification.opened();
		}
		Duration first = (this.limits != null) ? Duration.ZERO : FIRST_DELAY;
		schedule(this.opened ? this.health.interval() : first);
	}

	/**
	 * Ends the probes, except for one that is running.
	 */
	synchronized void end() {
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
		if (this.request != null) {
			this.request.complete(null);
		}
		this.verification.end();
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
			if (request == null && isUnused()) {
				this.database.getRest().begin(this::runAfterRest);
				rest();
				return;
			}
		}
		if (this.opened) {
			run(this::probe, request);
		}
		else {
			openOnAnotherThread(request);
		}
	}

	private boolean isUnused() {
		return this.opened && this.limits != null && !this.database.isClosing() && !this.database.isRejected()
				&& this.database.getRest().isUnusedFor(this.limits.idleAfter())
				&& this.database.getConnector().isUnusedFor(this.limits.idleAfter());
	}

	/**
	 * A driver may hang when it closes connections.
	 */
	private void rest() {
		Duration idleAfter = Objects.requireNonNull(this.limits).idleAfter();
		try {
			this.calls.execute(() -> this.database.getConnector().rest(idleAfter));
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
		}
	}

	private synchronized CompletableFuture<Void> runAfterRest() {
		CompletableFuture<Void> request = runNow();
		if (this.database.isClosing()) {
			request.complete(null);
		}
		else if (this.next == null) {
			schedule(Duration.ZERO);
		}
		return request;
	}

	/**
	 * Opens the database. Connecting and preparing may take long, and the probes of other
	 * databases must not wait for it.
	 */
	private void openOnAnotherThread(@Nullable CompletableFuture<Void> request) {
		try {
			((this.limits != null) ? this.limits.openers() : this.calls).execute(() -> run(this::open, request));
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
			logger.error("Failed to probe database '%s'".formatted(this.database.getName()), ex);
			next = this.health.interval();
		}
		if (request != null) {
			request.complete(null);
		}
		schedule(next);
	}

	/**
	 * Probes the database now instead of at the scheduled time.
	 * @return completed when the database has been probed, which is not before it has
	 * been started
	 */
	synchronized CompletableFuture<Void> runNow() {
		if (this.request == null) {
			this.request = new CompletableFuture<>();
		}
		CompletableFuture<Void> request = this.request;
		if (this.next != null) {
			schedule(Duration.ZERO);
		}
		// otherwise a probe is running, and the next one follows at once
		return request;
	}

	private Duration open() {
		if (this.database.isClosing()) {
			return this.health.interval();
		}
		StartFailure failure = reach(() -> new DatabaseOpener(this.database).open(this.database::getConnectTimeout));
		if (failure != null) {
			return down(failure);
		}
		this.opened = true;
		this.verification.opened();
		return this.health.interval();
	}

	/**
	 * Opens the database, unless its server has just been unreachable for another
	 * database.
	 */
	private @Nullable StartFailure reach(Supplier<@Nullable StartFailure> attempt) {
		if (this.limits == null) {
			return attempt.get();
		}
		UnreachableServers servers = this.limits.servers();
		StartFailure known = servers.begin(this.database.getDefinition());
		if (known != null) {
			return known;
		}
		StartFailure failure = null;
		try {
			failure = attempt.get();
			return failure;
		}
		finally {
			servers.ended(this.database.getDefinition(), failure);
		}
	}

	private Duration probe() {
		if (this.database.isUp()) {
			return probeNow();
		}
		Duration[] next = new Duration[1];
		StartFailure failure = reach(() -> {
			next[0] = probeNow();
			return this.failure;
		});
		return (next[0] != null) ? next[0] : down(Objects.requireNonNull(failure));
	}

	private Duration probeNow() {
		this.failure = null;
		long begin = System.nanoTime();
		try {
			boolean usable = this.probe.probe();
			this.database.getStatistics().answered(this.probe.getResponseTime());
			if (!usable) {
				// unless rejected, it has gone down during the probe and must recover
				return this.database.stayRejected() ? this.health.interval() : Duration.ZERO;
			}
			if (this.database.getState() == DatabaseState.DOWN) {
				this.database.recovered();
				this.verification.recovered();
			}
			this.backOff = BACK_OFF.start();
			this.reacting = false;
			return this.health.interval();
		}
		catch (Throwable ex) {
			this.database.getStatistics().probed(Duration.ofNanos(System.nanoTime() - begin), false);
			return failed(ex);
		}
	}

	private Duration failed(Throwable failure) {
		this.database.getCredentials().probeFailed(failure);
		if (this.database.isUp() && isWorking(failure)) {
			this.probe.answered();
			logger.debug(
					"Database '%s' did not answer a probe, but its connections work".formatted(this.database.getName()),
					failure);
			return nextDelay(this.backOff);
		}
		return down(StartFailure.of(this.database.getDefinition(), failure));
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

	private Duration down(StartFailure failure) {
		this.failure = failure;
		if (failure.isAnswer()) {
			this.probe.answered();
			this.reacting = false;
		}
		else if (!failure.isSilence()) {
			this.reacting = true;
		}
		Duration next = nextDelay((!this.opened && failure.isPermanent()) ? this.permanentBackOff : this.backOff);
		this.database.down(failure, next);
		if (this.opened) {
			this.database.getConnector().suspend();
			abortIfSilent();
		}
		return next;
	}

	private static Duration nextDelay(BackOffExecution backOff) {
		return Duration.ofMillis(backOff.nextBackOff());
	}

	/**
	 * Aborts the connections once until the server has answered. A server that refuses
	 * new connections may have left others hanging.
	 */
	private void abortIfSilent() {
		boolean unanswered = this.probe.getSilence().compareTo(this.health.abortAfter()) > 0;
		if (unanswered && !this.aborted) {
			String name = this.database.getName();
			long seconds = this.health.abortAfter().toSeconds();
			if (this.reacting) {
				logger.debug(
						"Database '%s' has been down for %d s: its connections are aborted".formatted(name, seconds));
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
	 * Schedules the next probe and cancels any other.
	 */
	private synchronized void schedule(Duration delay) {
		if (this.database.isClosing()) {
			return;
		}
		if (this.next != null) {
			this.next.cancel(false);
		}
		long millis = (this.request != null) ? 0 : delay.toMillis();
		try {
			this.next = this.scheduler.schedule(this, millis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
		}
	}

}
