package io.appdbs.lifecycle;

import java.time.Instant;

import io.appdbs.DatabaseState;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a database at one moment.
 *
 * @param engine the identifier of the engine
 * @param state the state
 * @param since since when the state has held
 * @param failure the last failure or {@code null}
 * @param reason the reason of the last failure in plain words or {@code null}
 * @param nextAttempt when the database is tried next or {@code null}
 */
record DatabaseStatus(String engine, DatabaseState state, Instant since, @Nullable Throwable failure,
		@Nullable String reason, @Nullable Instant nextAttempt) {

	static DatabaseStatus starting(String engine) {
		return new DatabaseStatus(engine, DatabaseState.STARTING, Instant.now(), null, null, null);
	}

	DatabaseStatus up(String engine) {
		return new DatabaseStatus(engine, DatabaseState.UP, Instant.now(), this.failure, this.reason, null);
	}

	DatabaseStatus down(Throwable failure, String reason, @Nullable Instant nextAttempt) {
		Instant since = (this.state == DatabaseState.DOWN) ? this.since : Instant.now();
		return new DatabaseStatus(this.engine, DatabaseState.DOWN, since, failure, reason, nextAttempt);
	}

	DatabaseStatus closed() {
		return new DatabaseStatus(this.engine, DatabaseState.CLOSED, Instant.now(), this.failure, this.reason, null);
	}

}
