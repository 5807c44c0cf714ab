package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.appdbs.DatabaseRemoval;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The name of a database that has been added at run time, from the beginning of
 * {@code add} to the end of {@code remove}.
 */
final class RuntimeDatabase {

	private static final Log logger = LogFactory.getLog(RuntimeDatabase.class);

	private static final Duration DRAIN_INTERVAL = Duration.ofMillis(20);

	/** A driver that hangs must not block the caller without end. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

	private final String name;

	private final Instant since;

	private final CountDownLatch removed = new CountDownLatch(1);

	private volatile @Nullable ManagedDatabase database;

	private volatile int aborted;

	private volatile boolean removing;

	private final AtomicBoolean released = new AtomicBoolean();

	RuntimeDatabase(String name, Instant since) {
		this.name = name;
		this.since = since;
	}

	String getName() {
		return this.name;
	}

	/**
	 * Returns the database, or {@code null} while its settings are validated.
	 */
	@Nullable ManagedDatabase getDatabase() {
		return this.database;
	}

	void opened(ManagedDatabase database) {
		this.database = database;
	}

	/**
	 * Returns why the name cannot be given again.
	 */
	String describe() {
		if (this.removing) {
			return "the database of that name is still being removed. Wait until remove has returned.";
		}
		return (this.database != null) ? "a database of that name is open since %s.".formatted(this.since)
				: "a database of that name is being added.";
	}

	/**
	 * Begins the removal.
	 * @return whether this caller removes the database, and no other
	 */
	synchronized boolean beginRemoval() {
		boolean first = !this.removing;
		this.removing = true;
		return first;
	}

	/**
	 * Begins to give the name free.
	 * @return whether this caller does it, and no other
	 */
	boolean beginRelease() {
		return this.released.compareAndSet(false, true);
	}

	DatabaseRemoval awaitRemoval() {
		try {
			this.removed.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return new DatabaseRemoval(this.name, true, this.aborted);
	}

	void endRemoval(int aborted) {
		this.aborted = aborted;
		this.removed.countDown();
	}

	/**
	 * Waits until connections have been returned, and closes the database.
	 * @param drain how long to wait
	 * @param closing whether the application is being closed, which ends the wait
	 * @return how many connections were aborted
	 */
	int drainAndClose(Duration drain, BooleanSupplier closing) {
		long deadline = System.nanoTime() + drain.toNanos();
		int active = getActive();
		while (active > 0 && System.nanoTime() - deadline < 0 && !closing.getAsBoolean()
				&& !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(DRAIN_INTERVAL.toNanos());
			active = getActive();
		}
		if (active > 0) {
			logger.warn(
					"Database '%s' is removed while %d connections are in use, after waiting %d s for them: they are aborted"
						.formatted(this.name, active, drain.toSeconds()));
		}
		close(active > 0);
		return active;
	}

	private int getActive() {
		return managed().getConnector().getUnderWay();
	}

	private ManagedDatabase managed() {
		return Objects.requireNonNull(this.database);
	}

	/**
	 * Closes the database on another thread, because a driver may hang.
	 */
	private void close(boolean aborting) {
		Thread thread = new Thread(() -> {
			if (aborting) {
				managed().getConnector().abort();
			}
			managed().close();
		}, "appdbs-close-" + this.name);
		thread.setDaemon(true);
		thread.start();
		boolean interrupted = Thread.interrupted();
		try {
			thread.join(CLOSE_TIMEOUT.toMillis());
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (thread.isAlive()) {
			logger.warn("%s did not end within %d s and is abandoned".formatted(thread.getName(),
					CLOSE_TIMEOUT.toSeconds()));
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
