package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.PreparationReport;
import org.jspecify.annotations.Nullable;

/**
 * Immutable status of a database.
 *
 * @param state the state
 * @param since when the state began
 * @param failure the last failure or {@code null}
 * @param reason the reason of the last failure for operators or {@code null}
 * @param nextAttempt when the next attempt is made or {@code null}
 * @param opening how the database was opened
 * @param rejection why the database must not be used even if it answers, or {@code null}
 */
record DatabaseStatus(DatabaseState state, Instant since, @Nullable Throwable failure, @Nullable String reason,
		@Nullable Instant nextAttempt, Opening opening, @Nullable Rejection rejection) {

	private static final String REMOVED = "removed";

	static DatabaseStatus starting() {
		return new DatabaseStatus(DatabaseState.STARTING, Instant.now(), null, null, null,
				new Opening(false, null, null), null);
	}

	DatabaseStatus up(ConnectedServer server) {
		Opening opening = new Opening(this.opening.failedAtStart, server, Duration.between(this.since, Instant.now()));
		return new DatabaseStatus(DatabaseState.UP, Instant.now(), this.failure, this.reason, null, opening, null);
	}

	/**
	 * Returns the status after the server has answered again, which is not enough if the
	 * database was rejected.
	 */
	DatabaseStatus recovered() {
		if (this.rejection != null) {
			return this;
		}
		return new DatabaseStatus(DatabaseState.UP, Instant.now(), this.failure, this.reason, null, this.opening, null);
	}

	DatabaseStatus down(Throwable failure, String reason, @Nullable Instant nextAttempt) {
		Instant since = (this.state == DatabaseState.DOWN) ? this.since : Instant.now();
		Opening opening = (this.state == DatabaseState.STARTING) ? new Opening(true, null, null) : this.opening;
		return new DatabaseStatus(DatabaseState.DOWN, since, failure, reason, nextAttempt, opening, this.rejection);
	}

	/**
	 * Returns the status of a database that must not be used until it has been verified.
	 */
	DatabaseStatus rejected(Rejection rejection) {
		VerificationFailedException failure = rejection.failure();
		DatabaseStatus down = down(failure, String.valueOf(failure.getMessage()), rejection.nextAttempt());
		return new DatabaseStatus(down.state, down.since, down.failure, down.reason, down.nextAttempt,
				this.opening.with(List.of(failure.getReport())), rejection);
	}

	/**
	 * Returns the status after an outage of a rejected database has ended: the reason is
	 * the rejection again.
	 */
	DatabaseStatus stillRejected() {
		return (this.rejection != null) ? rejected(this.rejection) : this;
	}

	/**
	 * Returns the status after a successful verification. A rejected database is still
	 * down.
	 */
	DatabaseStatus verified(List<PreparationReport> reports) {
		return new DatabaseStatus(this.state, this.since, this.failure, this.reason, this.nextAttempt,
				this.opening.with(reports), null);
	}

	/**
	 * Returns the status with a newer report.
	 */
	DatabaseStatus reported(PreparationReport report) {
		return new DatabaseStatus(this.state, this.since, this.failure, this.reason, this.nextAttempt,
				this.opening.with(List.of(report)), this.rejection);
	}

	DatabaseStatus closed() {
		return new DatabaseStatus(DatabaseState.CLOSED, Instant.now(), this.failure, this.reason, null, this.opening,
				null);
	}

	/**
	 * Returns the status of a database that was removed while the application runs.
	 */
	DatabaseStatus removed() {
		return new DatabaseStatus(DatabaseState.CLOSED, Instant.now(), this.failure, REMOVED, null, this.opening, null);
	}

	/**
	 * Returns why the database cannot be used.
	 * @param name the name of the database
	 * @return the outage or {@code null} if the database is up
	 */
	@Nullable DatabaseOutage toOutage(String name) {
		if (this.state == DatabaseState.CLOSED && REMOVED.equals(this.reason)) {
			return DatabaseOutage.removed(name, this.since);
		}
		String reason = switch (this.state) {
			case UP -> null;
			case STARTING -> "it is still starting";
			case CLOSED -> "it is closed";
			case DOWN -> String.valueOf(this.reason);
		};
		return (reason != null) ? new DatabaseOutage(name, reason, this.since, this.nextAttempt) : null;
	}

	/**
	 * A verification that failed while the application ran.
	 *
	 * @param failure the failure
	 * @param nextAttempt when the database is verified again
	 */
	record Rejection(VerificationFailedException failure, Instant nextAttempt) {

	}

	/**
	 * How a database was opened.
	 *
	 * @param failedAtStart whether it was down when the application started
	 * @param server the server or {@code null} if it has never been open
	 * @param duration how long it took, from the start or the beginning of the outage, or
	 * {@code null} if it has never been open
	 */
	record Opening(boolean failedAtStart, @Nullable ConnectedServer server, @Nullable Duration duration) {

		Opening with(List<PreparationReport> reports) {
			return new Opening(this.failedAtStart, (this.server != null) ? this.server.with(reports) : null,
					this.duration);
		}

	}

}
