package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.credentials.CredentialsStrategy;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabaseAvailability} that reads the status of the database and waits for its
 * start and the end of a suspension.
 *
 * @param database the name of the database
 * @param status supplies the current status
 * @param started released when the start is over
 * @param suspension the suspension, if any
 * @param statistics counts failed borrows
 * @param credentials the credentials of the database
 * @param failedLogins the logins that the server has refused
 * @param rest whether the database is not probed until it is used
 */
record DefaultDatabaseAvailability(String database, Supplier<DatabaseStatus> status, StartupLatch started,
		SuspensionSwitch suspension, DatabaseStatistics statistics, CredentialsStrategy credentials,
		FailedLogins failedLogins, DatabaseRest rest) implements DatabaseAvailability {

	@Override
	public @Nullable DatabaseOutage check(Duration timeout) {
		long begin = System.nanoTime();
		this.rest.used();
		if (this.status.get().state() == DatabaseState.STARTING) {
			this.started.await(timeout);
		}
		this.rest.end((this.status.get().state() == DatabaseState.DOWN) ? timeout : Duration.ZERO);
		return findOutage(this.suspension.await(timeout.minusNanos(System.nanoTime() - begin)));
	}

	@Override
	public CompletableFuture<@Nullable DatabaseOutage> checkAsync(Duration timeout) {
		long begin = System.nanoTime();
		this.rest.used();
		this.rest.end(Duration.ZERO);
		CompletableFuture<Void> started = (this.status.get().state() == DatabaseState.STARTING)
				? this.started.awaitAsync(timeout) : CompletableFuture.completedFuture(null);
		return started.thenCompose((over) -> this.suspension.awaitAsync(timeout.minusNanos(System.nanoTime() - begin)))
			.thenApply((over) -> findOutage(this.suspension.getOutage()));
	}

	private @Nullable DatabaseOutage findOutage(@Nullable DatabaseOutage suspended) {
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
		return isUp() && this.suspension.getOutage() == null && !this.rest.isResting();
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
