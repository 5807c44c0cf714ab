package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.appdbs.DatabaseState;
import io.appdbs.lifecycle.history.DatabaseHistory;
import io.appdbs.lifecycle.history.DatabaseStateChange;

/**
 * Holds the current {@link DatabaseStatus} of one database and changes it atomically.
 */
final class DatabaseStatusHolder implements Supplier<DatabaseStatus> {

	private final DatabaseHistory history = new DatabaseHistory();

	private volatile DatabaseStatus status = DatabaseStatus.starting();

	@Override
	public DatabaseStatus get() {
		return this.status;
	}

	DatabaseHistory getHistory() {
		return this.history;
	}

	/**
	 * Waits until the database is up.
	 * @return whether it is up
	 */
	synchronized boolean awaitUp(Duration timeout) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (this.status.state() == DatabaseState.STARTING || this.status.state() == DatabaseState.DOWN) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		return this.status.state() == DatabaseState.UP;
	}

	/**
	 * Changes the status, unless the database is closed.
	 * @param change returns the new status
	 * @param listener receives the former and the new state if they differ
	 * @return whether the state has changed
	 */
	boolean change(UnaryOperator<DatabaseStatus> change, BiConsumer<DatabaseState, DatabaseState> listener) {
		DatabaseState from;
		DatabaseState to;
		synchronized (this) {
			from = this.status.state();
			if (from == DatabaseState.CLOSED) {
				return false;
			}
			this.status = change.apply(this.status);
			to = this.status.state();
			if (from == to) {
				return false;
			}
			notifyAll();
			this.history.add(new DatabaseStateChange(this.status.since(), from, to,
					(to == DatabaseState.DOWN) ? this.status.reason() : null));
		}
		listener.accept(from, to);
		return true;
	}

}
