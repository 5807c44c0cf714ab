package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.appdbs.Database;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One database and the owner of its state. Transitions happen under this object's
 * monitor; readers see an immutable {@link Status}.
 */
class ManagedDatabase implements Database, Runnable {

	private static final Log logger = LogFactory.getLog(ManagedDatabase.class);

	private final DatabaseDefinition definition;

	private final DatabaseOpener opener;

	private final CompletableFuture<OpenedDatabase> opened = new CompletableFuture<>();

	private volatile Status status;

	private @Nullable Thread thread;

	ManagedDatabase(DatabaseDefinition definition, DatabaseOpener opener) {
		this.definition = definition;
		this.opener = opener;
		this.status = new Status(definition.engine().getId(), DatabaseState.STARTING, Instant.now(), null);
	}

	@Override
	public String getName() {
		return this.definition.name();
	}

	@Override
	public String getEngine() {
		return this.status.engine();
	}

	@Override
	public DatabaseState getState() {
		return this.status.state();
	}

	@Override
	public Instant getSince() {
		return this.status.since();
	}

	@Override
	public @Nullable Throwable getLastFailure() {
		return this.status.lastFailure();
	}

	@Override
	public void run() {
		if (!attach()) {
			return;
		}
		ConnectionTarget target = null;
		try {
			target = this.definition.target().get();
			opened(this.opener.open(this.definition, target));
		}
		catch (Throwable ex) {
			failed(StartFailures.describe(this.definition, target, ex));
		}
		finally {
			detach();
		}
	}

	/**
	 * Wait until the database has been opened.
	 * @return what was opened
	 * @throws DatabaseStartException if it could not be opened, or has been closed
	 */
	OpenedDatabase await() {
		if (this.status.state() == DatabaseState.CLOSED) {
			throw StartFailures.closed(getName());
		}
		try {
			return this.opened.get();
		}
		catch (InterruptedException ex) {
			// Spring does not close a context whose starting thread goes on waiting
			Thread.currentThread().interrupt();
			throw StartFailures.interrupted(getName());
		}
		catch (ExecutionException ex) {
			throw StartFailures.copy((DatabaseStartException) Objects.requireNonNull(ex.getCause()));
		}
	}

	private synchronized boolean attach() {
		if (this.status.state() == DatabaseState.CLOSED) {
			return false;
		}
		this.thread = Thread.currentThread();
		return true;
	}

	private synchronized void detach() {
		this.thread = null;
		// the thread goes back to the pool of starters without a late interrupt
		Thread.interrupted();
	}

	private void opened(OpenedDatabase database) {
		synchronized (this) {
			if (this.status.state() != DatabaseState.CLOSED) {
				Duration duration = Duration.between(this.status.since(), Instant.now());
				this.status = this.status.to(DatabaseState.UP, database.engine().getId(), null);
				this.opened.complete(database);
				logger.info("Database '%s' is UP after %d ms: %s".formatted(getName(), duration.toMillis(),
						database.description()));
				return;
			}
		}
		closeQuietly(database);
	}

	private synchronized void failed(DatabaseStartException failure) {
		if (this.status.state() != DatabaseState.CLOSED) {
			this.status = this.status.to(DatabaseState.DOWN, this.status.engine(), failure);
			this.opened.completeExceptionally(failure);
		}
	}

	/**
	 * Close the database; an opening under way is interrupted and closed when it comes
	 * back nevertheless.
	 */
	void close() {
		synchronized (this) {
			if (this.status.state() == DatabaseState.CLOSED) {
				return;
			}
			this.status = this.status.to(DatabaseState.CLOSED, this.status.engine(), this.status.lastFailure());
			this.opened.completeExceptionally(StartFailures.closed(getName()));
			if (this.thread != null) {
				this.thread.interrupt();
			}
		}
		if (!this.opened.isCompletedExceptionally()) {
			closeQuietly(this.opened.join());
		}
	}

	private void closeQuietly(OpenedDatabase database) {
		try {
			database.resource().close();
		}
		catch (Exception ex) {
			logger.warn("Database '%s' did not close properly".formatted(getName()), ex);
		}
	}

	private record Status(String engine, DatabaseState state, Instant since, @Nullable Throwable lastFailure) {

		Status to(DatabaseState state, String engine, @Nullable Throwable failure) {
			return new Status(engine, state, Instant.now(), (failure != null) ? failure : this.lastFailure);
		}

	}

}
