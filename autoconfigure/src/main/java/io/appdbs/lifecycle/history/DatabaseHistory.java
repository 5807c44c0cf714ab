package io.appdbs.lifecycle.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The last changes of the state of a database. Thread-safe.
 */
public final class DatabaseHistory {

	/** A database that goes down every second must not fill the memory. */
	public static final int MAX_CHANGES = 20;

	private final Deque<DatabaseStateChange> changes = new ArrayDeque<>(MAX_CHANGES);

	/**
	 * Adds a change.
	 * @param change the change
	 */
	public synchronized void add(DatabaseStateChange change) {
		if (this.changes.size() == MAX_CHANGES) {
			this.changes.removeLast();
		}
		this.changes.addFirst(change);
	}

	/**
	 * Returns the changes, the latest first.
	 * @return the changes
	 */
	public synchronized List<DatabaseStateChange> getChanges() {
		return Collections.unmodifiableList(new ArrayList<>(this.changes));
	}

}
