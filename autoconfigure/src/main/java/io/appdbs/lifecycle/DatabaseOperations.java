package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.backup.BackupObservation;

/**
 * Operations on one database that an operator can request while the application runs.
 */
public final class DatabaseOperations {

	private static final Duration DRAIN_INTERVAL = Duration.ofMillis(10);

	private static final Duration MIGRATION_TIMEOUT = Duration.ofSeconds(30);

	private final ManagedDatabase database;

	private final DatabaseMonitor monitor;

	DatabaseOperations(ManagedDatabase database, DatabaseMonitor monitor) {
		this.database = database;
		this.monitor = monitor;
	}

	/**
	 * Probes the database now, even if the login was refused a moment ago, and waits for
	 * the outcome, within the time limit of a probe.
	 * @return the state afterwards
	 */
	public DatabaseSnapshot probe() {
		// a running probe and the requested one, each with its second opinion
		long millis = 4 * this.database.getDefinition().settings().health().timeout().toMillis();
		this.database.getFailedLogins().clear();
		this.database.getRest().end(Duration.ZERO);
		try {
			this.monitor.getWatch(this.database).runNow().get(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// reported in the snapshot
		}
		return this.database.getSnapshot();
	}

	/**
	 * Tries now to connect to a database that has never been up, and to migrate it, for
	 * example after the reason why its migration failed has been repaired. Waits up to 30
	 * seconds for the outcome.
	 * @return the state afterwards
	 * @throws IllegalDatabaseOperationException if the database has been up: it is
	 * migrated then
	 */
	public DatabaseSnapshot migrate() {
		String name = this.database.getName();
		if (this.database.isOpened() || this.database.isClosing()) {
			throw new IllegalDatabaseOperationException(name, this.database.isClosing()
					? "Database '%s' is closed.".formatted(name)
					: "Database '%s' cannot be migrated again: it was migrated before it came up.".formatted(name));
		}
		this.database.getFailedLogins().clear();
		try {
			this.monitor.getWatch(this.database).runNow().get(MIGRATION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// reported in the snapshot
		}
		return this.database.getSnapshot();
	}

	/**
	 * Blocks new borrows until {@link #resume()}, and waits until all connections have
	 * been returned. A caller waits for {@code pool.acquire-timeout} at most. The
	 * database is still probed.
	 * @param failing whether callers fail at once instead of waiting
	 * @param drainTimeout how long to wait for connections to be returned
	 * @return whether all were returned in time; the database is suspended in any case
	 * @throws IllegalDatabaseOperationException if it is already suspended, or a bean of
	 * the application connects to it
	 */
	public boolean suspend(boolean failing, Duration drainTimeout) {
		String name = this.database.getName();
		if (!this.database.getConnector().isSuspendable()) {
			throw new IllegalDatabaseOperationException(name,
					"Database '%s' cannot be suspended: callers get their connections from a bean of the application."
						.formatted(name));
		}
		this.database.getSuspension().suspend(failing);
		this.database.getConnector().block();
		long deadline = System.nanoTime() + drainTimeout.toNanos();
		while (!isDrained()) {
			if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(DRAIN_INTERVAL.toNanos());
		}
		return true;
	}

	private boolean isDrained() {
		PoolUsage usage = this.database.getConnector().getPoolUsage();
		return usage == null || usage.active() == 0;
	}

	/**
	 * Allows callers of a suspended database to borrow connections again.
	 * @throws IllegalDatabaseOperationException if it is not suspended
	 */
	public void resume() {
		this.database.getSuspension().resume();
	}

	/**
	 * Changes the maximum size of the pool until the application ends.
	 * @param maximum the number of connections
	 * @throws IllegalDatabaseOperationException if the pool cannot have that size
	 */
	public void setMaximumPoolSize(int maximum) {
		if (maximum < 1) {
			String name = this.database.getName();
			throw new IllegalDatabaseOperationException(name,
					"The pool of database '%s' cannot have a maximum of %d: it must be at least 1.".formatted(name,
							maximum));
		}
		this.database.getConnector().setMaximumPoolSize(maximum);
	}

	/**
	 * Returns whether newer credentials can replace those in use.
	 * @return whether the credentials come from files or a bean
	 */
	public boolean isRotating() {
		return this.database.getCredentials().isRotating();
	}

	/**
	 * Looks for newer credentials now, and uses them if the server accepts them.
	 * @throws IllegalDatabaseOperationException if the credentials cannot change, or
	 * newer ones could not be loaded or used; those in use stay
	 */
	public void rotate() {
		this.database.getFailedLogins().clear();
		this.database.getCredentials().rotate();
	}

	/**
	 * Checks the backups now and waits for the outcome, which the snapshot contains.
	 * @throws IllegalDatabaseOperationException if there is nothing to observe, or they
	 * could not be checked
	 */
	public void checkBackups() {
		BackupObservation backups = this.database.getBackups();
		if (backups == null || backups.check() == null) {
			String name = this.database.getName();
			throw new IllegalDatabaseOperationException(name,
					"Backups of database '%s' are not observed: '%s' is not set, and its server does not archive its log."
						.formatted(name, this.database.getDefinition().key("backup.report")));
		}
	}

	/**
	 * Verifies now that the policies of a database with row-level security bind the
	 * application, and that row audit has no gaps, and waits for the outcome, which the
	 * snapshot contains. With {@code rls.verify} or {@code audit.rows.verify} set to
	 * {@code fail}, a database that does not pass is down until it does.
	 * @throws IllegalDatabaseOperationException if there is nothing to verify, or it
	 * could not be verified; the state has not changed then
	 */
	public void verify() {
		this.monitor.getWatch(this.database).getVerification().verifyOnRequest();
	}

}
