package io.appdbs.maintenance.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.appdbs.maintenance.MaintenanceTask;
import org.jspecify.annotations.Nullable;

/**
 * The latest tasks of a database. Thread-safe.
 */
final class TaskHistory {

	/** Number of tasks that are remembered. */
	private static final int SIZE = 20;

	private final Deque<RunningTask> tasks = new ArrayDeque<>();

	private int started;

	/**
	 * Returns the identifier of the next task.
	 */
	synchronized String nextId() {
		return "m-" + (++this.started);
	}

	synchronized void add(RunningTask task) {
		this.tasks.addFirst(task);
		if (this.tasks.size() > SIZE) {
			this.tasks.removeLast();
		}
	}

	synchronized void remove(@Nullable RunningTask task) {
		this.tasks.remove(task);
	}

	/**
	 * Returns the tasks, the latest first.
	 */
	synchronized List<MaintenanceTask> get() {
		return new ArrayList<>(this.tasks);
	}

}
