package io.appdbs.lifecycle;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.appdbs.DatabaseState;

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
			this.history.add(new DatabaseStateChange(this.status.since(), from, to,
					(to == DatabaseState.DOWN) ? this.status.reason() : null));
		}
		listener.accept(from, to);
		return true;
	}

}
