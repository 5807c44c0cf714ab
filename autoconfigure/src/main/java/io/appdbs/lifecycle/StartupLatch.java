package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.appdbs.DatabaseStartException;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Released when the start of a database is over: the database is up, or it is down and
 * not required. Fails if a required database could not be opened.
 */
final class StartupLatch {

	private static final Log logger = LogFactory.getLog(StartupLatch.class);

	/** A longer first attempt is logged. */
	private static final Duration SILENT_WAIT = Duration.ofSeconds(3);

	private final DatabaseDefinition definition;

	private final DatabaseStatistics statistics;

	private final AtomicBoolean logged = new AtomicBoolean();

	private final CompletableFuture<Void> over = new CompletableFuture<>();

	StartupLatch(DatabaseDefinition definition, DatabaseStatistics statistics) {
		this.definition = definition;
		this.statistics = statistics;
	}

	void release() {
		this.over.complete(null);
	}

	void fail(DatabaseStartException failure) {
		this.over.completeExceptionally(failure);
	}

	/**
	 * Waits until the start is over.
	 * @throws DatabaseStartException if the start has failed, or was interrupted
	 */
	void await() {
		String name = this.definition.name();
		if (!await(SILENT_WAIT) && !Thread.currentThread().isInterrupted() && this.statistics.getProbes() == 0
				&& this.logged.compareAndSet(false, true)) {
			logger.warn("Database '%s' is still STARTING: the first attempt takes more than %d s, '%s' is %d s"
				.formatted(name, SILENT_WAIT.toSeconds(), this.definition.key("startup.timeout"),
						this.definition.settings().startup().timeout().toSeconds()));
		}
		try {
			// not join(): closing the application interrupts a start that waits
			this.over.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw StartFailure.interrupted(name, ex);
		}
		catch (ExecutionException ex) {
			throw copy(ex);
		}
	}

	/**
	 * Waits until the start is over, but not longer than the given time.
	 * @return whether it is over
	 */
	boolean await(Duration timeout) {
		try {
			this.over.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// reported in the status
		}
		return this.over.isDone();
	}

	/**
	 * Waits until the start is over, but not longer than the given time, without a
	 * thread.
	 * @return completed when the start is over, or the time
	 */
	CompletableFuture<Void> awaitAsync(Duration timeout) {
		// a failure is reported in the status
		return this.over.handle((over, failure) -> (Void) null)
			.completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS);
	}

	private static DatabaseStartException copy(ExecutionException ex) {
		// a new exception per caller: its stack trace is the caller's
		if (ex.getCause() instanceof DatabaseStartException failure) {
			return new DatabaseStartException(failure.getDatabase(), String.valueOf(failure.getMessage()),
					failure.getAction(), failure.getSection(), failure.getCause());
		}
		throw new IllegalStateException(ex.getCause());
	}

}
