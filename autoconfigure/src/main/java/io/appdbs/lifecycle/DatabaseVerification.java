package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a database again while the application runs, as rights and policies can change
 * at any time: at intervals, after an outage, and on request. One verification runs at a
 * time, on a thread that no probe waits for. A database that does not pass is down until
 * it does.
 */
final class DatabaseVerification {

	private static final Log logger = LogFactory.getLog(DatabaseVerification.class);

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

	/** A request holds a thread as long. */
	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private final ManagedDatabase database;

	private final ScheduledExecutorService scheduler;

	private final Executor calls;

	private final Runnable probe;

	/** Zero to verify on request only. */
	private final Duration interval;

	private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

	private boolean running;

	/** Completes for all who have asked since the one that is running began. */
	private @Nullable CompletableFuture<Void> following;

	private @Nullable ScheduledFuture<?> next;

	private boolean failureLogged;

	/**
	 * Create a new {@link DatabaseVerification}.
	 * @param database the database
	 * @param scheduler begins what is due, and does nothing else
	 * @param calls verifies, without limit
	 * @param probe lets the database recover
	 */
	DatabaseVerification(ManagedDatabase database, ScheduledExecutorService scheduler, Executor calls, Runnable probe) {
		this.database = database;
		this.scheduler = scheduler;
		this.calls = calls;
		this.probe = probe;
		RlsSettings rls = database.getDefinition().settings().rls();
		this.interval = rls.isVerified() ? rls.verifyInterval() : Duration.ZERO;
	}

	/**
	 * The database has been opened, and verified for that.
	 */
	void opened() {
		schedule(this.interval);
	}

	/**
	 * The database is up again after an outage, and its server may be another one.
	 */
	void recovered() {
		if (!this.interval.isZero()) {
			verifyNow();
		}
	}

	/**
	 * Verify the database now and wait for the outcome.
	 * @throws IllegalDatabaseOperationException if there is nothing to verify, or it
	 * could not be verified
	 */
	void verifyOnRequest() {
		String reason = getReasonNotToVerify();
		if (reason != null) {
			throw failed("cannot be verified: %s.", reason);
		}
		try {
			verifyNow().get(REQUEST_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed("was not verified: %s", "the thread was interrupted");
		}
		catch (TimeoutException ex) {
			throw failed("is still being verified after %s s", REQUEST_TIMEOUT.toSeconds());
		}
		catch (ExecutionException ex) {
			throw failed("was not verified: %s", describe(Objects.requireNonNull(ex.getCause())));
		}
	}

	private @Nullable String getReasonNotToVerify() {
		DatabaseDefinition definition = this.database.getDefinition();
		RlsSettings rls = definition.settings().rls();
		if (!rls.isVerified()) {
			return rls.enabled() ? "'%s' is 'off'".formatted(definition.key("rls.verify"))
					: "'%s' is false".formatted(definition.key("rls.enabled"));
		}
		if (this.database.isClosed()) {
			return "it is closed";
		}
		return this.database.isOpened() ? null : "it has not been opened yet, and each attempt to open it verifies it";
	}

	private IllegalDatabaseOperationException failed(String what, Object detail) {
		String name = this.database.getName();
		return new IllegalDatabaseOperationException(name, "Database '%s' %s".formatted(name, what.formatted(detail)));
	}

	/**
	 * Verify the database now. A verification that is running may have read the catalog
	 * already, so another one follows it, once for all who asked meanwhile.
	 * @return completed when the database has been verified, exceptionally if it could
	 * not be
	 */
	synchronized CompletableFuture<Void> verifyNow() {
		if (!this.running) {
			return begin(new CompletableFuture<>());
		}
		if (this.following == null) {
			this.following = new CompletableFuture<>();
		}
		return this.following;
	}

	private CompletableFuture<Void> begin(CompletableFuture<Void> outcome) {
		this.running = true;
		try {
			this.calls.execute(() -> run(outcome));
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
			this.running = false;
			outcome.completeExceptionally(ex);
		}
		return outcome;
	}

	private synchronized void verifyIfDue() {
		if (!this.running && (this.database.isUp() || this.database.isRejected())) {
			begin(new CompletableFuture<>());
		}
		// otherwise when it has recovered
	}

	private void run(CompletableFuture<Void> outcome) {
		Throwable failure = null;
		Duration delay;
		try {
			delay = verify();
		}
		catch (Throwable ex) {
			failure = ex;
			delay = unverified(ex);
		}
		synchronized (this) {
			this.running = false;
			if (this.following != null) {
				CompletableFuture<Void> following = this.following;
				this.following = null;
				begin(following);
			}
			else {
				schedule(delay);
			}
		}
		if (failure != null) {
			outcome.completeExceptionally(failure);
		}
		else {
			outcome.complete(null);
		}
	}

	/**
	 * Verify the database once.
	 * @return the time until the next verification
	 * @throws Exception if it could not be verified: what was known still holds
	 */
	private Duration verify() throws Exception {
		try {
			List<PreparationReport> reports = verifyTwiceUnlessPassed();
			boolean rejected = this.database.isRejected();
			this.database.verified(reports);
			this.backoff.reset();
			this.failureLogged = false;
			if (rejected) {
				this.probe.run();
			}
			return this.interval;
		}
		catch (VerificationFailedException ex) {
			Duration delay = getRetryDelay();
			this.database.reject(ex, delay);
			this.failureLogged = false;
			return delay;
		}
	}

	/**
	 * The catalog is not read as of one moment, and somebody may be changing it.
	 */
	private List<PreparationReport> verifyTwiceUnlessPassed() throws Exception {
		DatabaseConnector connector = this.database.getConnector();
		try {
			return connector.verify();
		}
		catch (VerificationFailedException ex) {
			return connector.verify();
		}
	}

	/**
	 * Logged once until the server has answered, unless the database is down, which is
	 * logged anyway.
	 * @return the time until the next attempt, zero to wait for another request
	 */
	private Duration unverified(Throwable failure) {
		boolean repeated = this.database.isRejected() || !this.interval.isZero();
		Duration delay = repeated ? getRetryDelay() : Duration.ZERO;
		if (this.database.isUp() && !this.failureLogged && !this.scheduler.isShutdown()) {
			this.failureLogged = true;
			logger.warn("Database '%s' could not be verified and stays UP%s: %s".formatted(this.database.getName(),
					repeated ? ", the verification is retried" : "", describe(failure)));
		}
		return delay;
	}

	private Duration getRetryDelay() {
		Duration delay = this.backoff.next();
		return (!this.interval.isZero() && this.interval.compareTo(delay) < 0) ? this.interval : delay;
	}

	/**
	 * Return why the database could not be verified, the end of a sentence.
	 */
	private String describe(Throwable failure) {
		DatabaseDefinition definition = this.database.getDefinition();
		return new StartFailure(definition, definition.connectionDetails().get(), failure).describe();
	}

	private synchronized void schedule(Duration delay) {
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
		if (delay.isZero()) {
			return;
		}
		try {
			this.next = this.scheduler.schedule(this::verifyIfDue, delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
		}
	}

}
