package io.appdbs.query.jdbc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The statements whose plan was asked for a short time ago: the most recently executed
 * ones, by their text. Thread-safe.
 */
final class ExplainedStatements {

	private final int capacity;

	/** The end of the time by the statement, in nanoseconds. */
	private final Map<String, Long> ends = new LinkedHashMap<>(16, 0.75f, true);

	ExplainedStatements(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Adds a statement, unless it is there already.
	 * @return whether it has been added
	 */
	synchronized boolean add(String text, Duration time) {
		Long end = this.ends.get(text);
		if (end != null && end - System.nanoTime() > 0) {
			return false;
		}
		set(text, time);
		if (this.ends.size() > this.capacity) {
			this.ends.remove(this.ends.keySet().iterator().next());
		}
		return true;
	}

	/**
	 * Changes the time of a statement that has been added.
	 */
	synchronized void change(String text, Duration time) {
		if (this.ends.containsKey(text)) {
			set(text, time);
		}
	}

	private void set(String text, Duration time) {
		this.ends.put(text, System.nanoTime() + time.toNanos());
	}

	synchronized void remove(String text) {
		this.ends.remove(text);
	}

	synchronized int size() {
		return this.ends.size();
	}

}
