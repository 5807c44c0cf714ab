package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.Comparator;
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
import java.util.stream.Stream;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.engine.JitteredBackOff;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.security.AuditRowsSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Repeats the verification of a database while the application runs, as privileges and
 * policies can change at any time: at intervals, after an outage, and on request. One
 * verification runs at a time, on a thread that no probe waits for. A database that does
 * not pass is down until it does.
 */
final class DatabaseVerification {

	private static final Log logger = LogFactory.getLog(DatabaseVerification.class);

	private static final BackOff BACK_OFF = new JitteredBackOff(Duration.ofSeconds(1), Duration.ofSeconds(30));

	/** The request blocks a thread for this time. */
	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private final ManagedDatabase database;

	private final ScheduledExecutorService scheduler;

	private final Executor calls;

	private final Runnable probe;

	/** Zero to verify on request only. */
	private final Duration interval;

	private BackOffExecution backOff = BACK_OFF.start();

	private boolean running;

	/** Completed for all requests that arrived after the running verification began. */
	private @Nullable CompletableFuture<Void> following;

	private @Nullable ScheduledFuture<?> next;

	private boolean failureLogged;

	/**
	 * Creates a new {@link DatabaseVerification}.
	 * @param database the database
	 * @param scheduler starts verifications that are due
	 * @param calls runs verifications, without limit
	 * @param probe probes the database, so that it recovers
	 */
	DatabaseVerification(ManagedDatabase database, ScheduledExecutorService scheduler, Executor calls, Runnable probe) {
		this.database = database;
		this.scheduler = scheduler;
		this.calls = calls;
		this.probe = probe;
		this.interval = findInterval(database.getDefinition().settings());
	}

	/**
	 * Returns the shortest interval, as all verifications run together.
	 */
	private static Duration findInterval(DatabaseSettings settings) {
		RlsSettings rls = settings.rls();
		AuditRowsSettings rows = settings.audit().rows();
		return Stream
			.of(rls.isVerified() ? rls.verifyInterval() : Duration.ZERO,
					rows.isVerified() ? rows.verifyInterval() : Duration.ZERO)
			.filter((interval) -> !interval.isZero())
			.min(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
	}

	/**
	 * Begins the intervals, as the database has been opened and verified.
	 */
	void opened() {
		schedule(this.interval);
	}

	/**
	 * Verifies the database after an outage, as the server may be a different one.
	 */
	void recovered() {
		if (!this.interval.isZero()) {
			verifyNow();
		}
	}

	/**
	 * Verifies the database now and waits for the outcome.
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
		AuditRowsSettings rows = definition.settings().audit().rows();
		if (!rls.isVerified() && !rows.isVerified() && this.database.getSnapshot().preparation("privileges") == null) {
			if (!rls.enabled() && !rows.tables().isEmpty()) {
				return "'%s' is 'off'".formatted(definition.key("audit.rows.verify"));
			}
			return rls.enabled() ? "'%s' is 'off'".formatted(definition.key("rls.verify"))
					: "'%s' is false".formatted(definition.key("rls.enabled"));
		}
		if (this.database.isClosed()) {
			return "it is closed";
		}
		return this.database.isOpened() ? null : "it has not connected yet; each connection attempt verifies it";
	}

	private IllegalDatabaseOperationException failed(String what, Object detail) {
		String name = this.database.getName();
		return new IllegalDatabaseOperationException(name, "Database '%s' %s".formatted(name, what.formatted(detail)));
	}

	/**
	 * Verifies the database now. A running verification may already have read the
	 * catalog, so another one follows, for all requests that arrive in the meantime.
	 * @return completed when the database has been verified, exceptionally if it could
	 * not be verified
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
		// otherwise verified after it has recovered
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
		ended(delay);
		if (failure != null) {
			outcome.completeExceptionally(failure);
		}
		else {
			outcome.complete(null);
		}
	}

	private synchronized void ended(Duration delay) {
		this.running = false;
		CompletableFuture<Void> following = this.following;
		if (following != null) {
			this.following = null;
			begin(following);
		}
		else {
			schedule(delay);
		}
	}

	/**
	 * Verifies the database once.
	 * @return the time until the next verification
	 * @throws Exception if it could not be verified; its state does not change then
	 */
	private Duration verify() throws Exception {
		try {
			List<PreparationReport> reports = verifyTwiceUnlessPassed();
			boolean rejected = this.database.isRejected();
			this.database.verified(reports);
			this.backOff = BACK_OFF.start();
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
	 * Verifies the database, and once more if it fails: the catalog is not read in one
	 * snapshot, and may change in between.
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
	 * Logs once that the database could not be verified, until the server has answered.
	 * An outage is logged separately.
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
		Duration delay = Duration.ofMillis(this.backOff.nextBackOff());
		return (!this.interval.isZero() && this.interval.compareTo(delay) < 0) ? this.interval : delay;
	}

	/**
	 * Returns why the database could not be verified, the end of a sentence.
	 */
	private String describe(Throwable failure) {
		return StartFailure.of(this.database.getDefinition(), failure).describe();
	}

	/**
	 * Ends the intervals.
	 */
	synchronized void end() {
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
	}

	private synchronized void schedule(Duration delay) {
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
		if (delay.isZero() || this.database.isClosing()) {
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
