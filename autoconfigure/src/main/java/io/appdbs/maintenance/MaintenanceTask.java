package io.appdbs.maintenance;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * An operation that has been started. Thread-safe.
 */
public interface MaintenanceTask {

	/**
	 * Returns the identifier of the task.
	 * @return the identifier, unique among the tasks of the database in this application
	 */
	String getId();

	/**
	 * Returns what is executed.
	 * @return the plan
	 */
	MaintenancePlan getPlan();

	/**
	 * Returns the state.
	 * @return the state
	 */
	State getState();

	/**
	 * Returns when the task began.
	 * @return the time
	 */
	Instant getStartedAt();

	/**
	 * Returns when the task ended.
	 * @return the time or {@code null} if it is running
	 */
	@Nullable Instant getEndedAt();

	/**
	 * Returns how far the task is. Asks the server.
	 * @return the progress or {@code null} if it is not running, or the server does not
	 * report it
	 */
	@Nullable MaintenanceProgress getProgress();

	/**
	 * Returns what the server has said, and what became of it.
	 * @return the messages in order
	 */
	List<String> getMessages();

	/**
	 * Cancels the task, unless it has ended. What it leaves behind is removed.
	 * @return whether it was running
	 */
	boolean cancel();

	/**
	 * Returns a future that completes with this task when it has ended, in whichever
	 * state. Cancelling the future does not cancel the task.
	 * @return a new future
	 */
	CompletableFuture<MaintenanceTask> toCompletableFuture();

	/**
	 * States of a task.
	 */
	enum State {

		/** It has not ended. */
		RUNNING,

		/** It has succeeded. */
		DONE,

		/** It has failed; the last message says why. */
		FAILED,

		/**
		 * It was cancelled, by a caller, its time limit or the end of the application.
		 */
		CANCELLED

	}

}
