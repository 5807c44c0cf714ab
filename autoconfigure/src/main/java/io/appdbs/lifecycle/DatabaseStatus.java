package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;

import io.appdbs.DatabaseState;
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
 */
record DatabaseStatus(DatabaseState state, Instant since, @Nullable Throwable failure, @Nullable String reason,
		@Nullable Instant nextAttempt, Opening opening) {

	static DatabaseStatus starting() {
		return new DatabaseStatus(DatabaseState.STARTING, Instant.now(), null, null, null,
				new Opening(false, null, null));
	}

	DatabaseStatus up(ConnectedServer server) {
		Opening opening = new Opening(this.opening.failedAtStart, server, Duration.between(this.since, Instant.now()));
		return new DatabaseStatus(DatabaseState.UP, Instant.now(), this.failure, this.reason, null, opening);
	}

	DatabaseStatus recovered() {
		return new DatabaseStatus(DatabaseState.UP, Instant.now(), this.failure, this.reason, null, this.opening);
	}

	DatabaseStatus down(Throwable failure, String reason, @Nullable Instant nextAttempt) {
		Instant since = (this.state == DatabaseState.DOWN) ? this.since : Instant.now();
		Opening opening = (this.state == DatabaseState.STARTING) ? new Opening(true, null, null) : this.opening;
		return new DatabaseStatus(DatabaseState.DOWN, since, failure, reason, nextAttempt, opening);
	}

	DatabaseStatus closed() {
		return new DatabaseStatus(DatabaseState.CLOSED, Instant.now(), this.failure, this.reason, null, this.opening);
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

	}

}
