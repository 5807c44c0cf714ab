package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.appdbs.DatabaseState;
import io.appdbs.PreparationReport;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a database at one moment.
 *
 * @param state the state
 * @param since since when the state has held
 * @param failure the last failure or {@code null}
 * @param reason the reason of the last failure in plain words or {@code null}
 * @param nextAttempt when the database is tried next or {@code null}
 * @param opening how the database was opened
 * @param rejection why the database must not be used although it may answer or
 * {@code null}
 */
record DatabaseStatus(DatabaseState state, Instant since, @Nullable Throwable failure, @Nullable String reason,
		@Nullable Instant nextAttempt, Opening opening, @Nullable Rejection rejection) {

	static DatabaseStatus starting() {
		return new DatabaseStatus(DatabaseState.STARTING, Instant.now(), null, null, null,
				new Opening(false, null, null), null);
	}

	DatabaseStatus up(ConnectedServer server) {
		Opening opening = new Opening(this.opening.failedAtStart, server, Duration.between(this.since, Instant.now()));
		return new DatabaseStatus(DatabaseState.UP, Instant.now(), this.failure, this.reason, null, opening, null);
	}

	/**
	 * The server answers again, which is not enough if the database was rejected.
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
	 * The database must not be used until it has been verified.
	 */
	DatabaseStatus rejected(Rejection rejection) {
		VerificationFailedException failure = rejection.failure();
		DatabaseStatus down = down(failure, String.valueOf(failure.getMessage()), rejection.nextAttempt());
		return new DatabaseStatus(down.state, down.since, down.failure, down.reason, down.nextAttempt,
				this.opening.with(List.of(failure.getReport())), rejection);
	}

	/**
	 * What keeps a rejected database down is the rejection again, not an outage that is
	 * over.
	 */
	DatabaseStatus stillRejected() {
		return (this.rejection != null) ? rejected(this.rejection) : this;
	}

	/**
	 * The database has passed a verification. If it was rejected, it is still down.
	 */
	DatabaseStatus verified(List<PreparationReport> reports) {
		return new DatabaseStatus(this.state, this.since, this.failure, this.reason, this.nextAttempt,
				this.opening.with(reports), null);
	}

	DatabaseStatus closed() {
		return new DatabaseStatus(DatabaseState.CLOSED, Instant.now(), this.failure, this.reason, null, this.opening,
				null);
	}

	/**
	 * A verification that failed while the application ran.
	 *
	 * @param failure what it found
	 * @param nextAttempt when the database is verified next
	 */
	record Rejection(VerificationFailedException failure, Instant nextAttempt) {

	}

	/**
	 * How a database was opened.
	 *
	 * @param failedAtStart whether it was down when the application started
	 * @param server what it runs on or {@code null} while it has never been open
	 * @param duration how long it took from the beginning or from the outage on, or
	 * {@code null} while it has never been open
	 */
	record Opening(boolean failedAtStart, @Nullable ConnectedServer server, @Nullable Duration duration) {

		Opening with(List<PreparationReport> reports) {
			return new Opening(this.failedAtStart, (this.server != null) ? this.server.with(reports) : null,
					this.duration);
		}

	}

}
