package io.appdbs.backup.check;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupObservation;
import io.appdbs.backup.BackupStatus;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Checks the backups of one database at intervals and on request, and logs what has
 * changed. Every instance of an application does so, as a check only reads.
 */
public final class DatabaseBackups implements BackupObservation, AutoCloseable {

	private static final Log logger = LogFactory.getLog(DatabaseBackups.class);

	/** Until a database that is not up can be asked. */
	private static final Duration RETRY = Duration.ofSeconds(5);

	/** Before the first check if nothing is configured: the server alone is asked. */
	private static final Duration LATER = Duration.ofSeconds(30);

	/** The request blocks a thread for this time. */
	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private final String name;

	private final BackupCheck check;

	private final Duration interval;

	private final boolean configured;

	private final BackupThreads owner;

	private final BackupThreads.Threads threads;

	/** Held during a check. */
	private final Lock checking = new ReentrantLock();

	private volatile @Nullable BackupStatus status;

	/** Completed when the next check has been made. */
	private @Nullable CompletableFuture<@Nullable BackupStatus> request;

	/** The next check, or the running one. */
	private @Nullable ScheduledFuture<?> next;

	private boolean running;

	private boolean closed;

	DatabaseBackups(String name, BackupCheck check, Duration interval, boolean configured, BackupThreads owner,
			BackupThreads.Threads threads) {
		this.name = name;
		this.check = check;
		this.interval = interval;
		this.configured = configured;
		this.owner = owner;
		this.threads = threads;
	}

	@Override
	public void begin() {
		schedule(this.configured ? Duration.ZERO : LATER);
	}

	@Override
	public @Nullable BackupStatus getStatus() {
		return this.status;
	}

	@Override
	public @Nullable BackupStatus check() {
		Future<@Nullable BackupStatus> outcome = request();
		try {
			return outcome.get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed("were not checked: the thread was interrupted");
		}
		catch (TimeoutException ex) {
			throw failed("are still being checked after %d s".formatted(REQUEST_TIMEOUT.toSeconds()));
		}
		catch (ExecutionException ex) {
			throw failed("were not checked: " + ex.getCause());
		}
	}

	private IllegalDatabaseOperationException failed(String what) {
		return new IllegalDatabaseOperationException(this.name,
				"Backups of database '%s' %s.".formatted(this.name, what));
	}

	/**
	 * A running check may have begun too early, so another one follows, for all requests
	 * that arrive in the meantime.
	 */
	private synchronized Future<@Nullable BackupStatus> request() {
		if (this.request == null) {
			this.request = new CompletableFuture<>();
		}
		CompletableFuture<@Nullable BackupStatus> request = this.request;
		if (!this.running) {
			schedule(Duration.ZERO);
		}
		return request;
	}

	private synchronized void schedule(Duration delay) {
		if (this.closed) {
			fail(this.request);
			return;
		}
		if (this.next != null) {
			this.next.cancel(false);
		}
		long millis = (this.request != null) ? 0 : delay.toMillis();
		try {
			this.next = this.threads.checks().schedule(this::run, millis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
			fail(this.request);
		}
	}

	private void fail(@Nullable CompletableFuture<@Nullable BackupStatus> request) {
		if (request != null) {
			request.completeExceptionally(new IllegalStateException("the database is closed"));
		}
	}

	private void run() {
		CompletableFuture<@Nullable BackupStatus> request;
		synchronized (this) {
			if (this.closed || this.running) {
				return;
			}
			this.running = true;
			request = this.request;
			this.request = null;
			// not later, as closing waits for it
			this.checking.lock();
		}
		try {
			BackupStatus status = this.check.execute();
			log(status);
			this.status = status;
			if (request != null) {
				request.complete(status);
			}
		}
		catch (InterruptedException ex) {
			fail(request);
		}
		catch (Throwable ex) {
			logFailure(ex);
			if (request != null) {
				request.completeExceptionally(ex);
			}
		}
		finally {
			this.checking.unlock();
			end();
		}
	}

	/**
	 * A check that ends because the database is closed has not failed.
	 */
	private synchronized void logFailure(Throwable failure) {
		if (!this.closed) {
			logger.error("Failed to check the backups of database '%s'".formatted(this.name), failure);
		}
	}

	private synchronized void end() {
		this.running = false;
		// not this check, which its own end would cancel
		this.next = null;
		boolean soon = this.check.isIncomplete() && this.interval.compareTo(RETRY) > 0;
		schedule(soon ? RETRY : this.interval);
	}

	/**
	 * Logs what has changed since the last check.
	 */
	private void log(@Nullable BackupStatus status) {
		BackupStatus former = this.status;
		List<BackupFinding> before = (former != null) ? former.findings() : List.of();
		List<BackupFinding> now = (status != null) ? status.findings() : List.of();
		now.stream()
			.filter((finding) -> before.stream().noneMatch(finding::isSameAs))
			.forEach((finding) -> logger.warn(finding.toString()));
		before.stream()
			.filter((finding) -> now.stream().noneMatch(finding::isSameAs))
			.forEach((finding) -> logger.info("No longer found: %s".formatted(finding.message())));
	}

	/**
	 * Interrupts a check: it kills the process that it waits for.
	 */
	@Override
	public void close() throws InterruptedException {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			if (this.next != null) {
				this.next.cancel(true);
			}
			fail(this.request);
		}
		try {
			if (!this.checking.tryLock(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("The check of the backups of database '%s' did not end within %d s and is abandoned"
					.formatted(this.name, CLOSE_TIMEOUT.toSeconds()));
			}
		}
		finally {
			this.owner.release();
		}
	}

}
