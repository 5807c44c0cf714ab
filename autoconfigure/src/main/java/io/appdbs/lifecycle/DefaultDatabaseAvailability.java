package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.function.Supplier;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.credentials.CredentialsStrategy;
import io.appdbs.credentials.FailedLogins;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabaseAvailability} that reads the status of the database and waits for its
 * start and the end of a suspension.
 */
final class DefaultDatabaseAvailability implements DatabaseAvailability {

	private final String database;

	private final Supplier<DatabaseStatus> status;

	private final StartupLatch started;

	private final SuspensionSwitch suspension;

	private final DatabaseStatistics statistics;

	private final CredentialsStrategy credentials;

	private final FailedLogins failedLogins = new FailedLogins();

	DefaultDatabaseAvailability(Supplier<DatabaseStatus> status, StartupLatch started, SuspensionSwitch suspension,
			DatabaseStatistics statistics, CredentialsStrategy credentials) {
		this.database = credentials.getDefinition().name();
		this.status = status;
		this.started = started;
		this.suspension = suspension;
		this.statistics = statistics;
		this.credentials = credentials;
	}

	@Override
	public @Nullable DatabaseOutage check(Duration timeout) {
		long begin = System.nanoTime();
		if (this.status.get().state() == DatabaseState.STARTING) {
			this.started.await(timeout);
		}
		DatabaseOutage suspended = this.suspension.await(timeout.minusNanos(System.nanoTime() - begin));
		DatabaseOutage outage = this.status.get().toOutage(this.database);
		if (outage != null) {
			this.statistics.borrowFailed(BorrowFailure.DOWN);
			return outage;
		}
		if (suspended != null) {
			this.statistics.borrowFailed(BorrowFailure.SUSPENDED);
		}
		return suspended;
	}

	@Override
	public boolean isUp() {
		return this.status.get().state() == DatabaseState.UP;
	}

	@Override
	public boolean isOpen() {
		return isUp() && this.suspension.getOutage() == null;
	}

	@Override
	public boolean isRotating() {
		return this.credentials.isRotating();
	}

	@Override
	public void refreshCredentials() {
		this.credentials.loginRefused();
	}

	@Override
	public FailedLogins getFailedLogins() {
		return this.failedLogins;
	}

	@Override
	public void borrowFailed(BorrowFailure reason) {
		this.statistics.borrowFailed(reason);
	}

}
