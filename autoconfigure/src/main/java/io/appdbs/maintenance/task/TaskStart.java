package io.appdbs.maintenance.task;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.appdbs.maintenance.MaintenanceRequest;
import org.jspecify.annotations.Nullable;

/**
 * A task from the request on, when it is not known whether it can be started.
 */
final class TaskStart {

	/** How long the end of the application waits for a task that it cancels. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	/** How long it waits for the end of a task that it has aborted. */
	private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(1);

	private final MaintenanceRequest request;

	private final CompletableFuture<RunningTask> prepared = new CompletableFuture<>();

	private @Nullable MaintenanceSession session;

	private volatile @Nullable RunningTask task;

	private boolean abandoned;

	TaskStart(MaintenanceRequest request) {
		this.request = request;
	}

	MaintenanceRequest getRequest() {
		return this.request;
	}

	CompletableFuture<RunningTask> getPrepared() {
		return this.prepared;
	}

	@Nullable RunningTask getTask() {
		return this.task;
	}

	void setTask(RunningTask task) {
		this.task = task;
	}

	synchronized void use(MaintenanceSession session) {
		this.session = session;
		if (this.abandoned) {
			session.abort();
		}
	}

	/**
	 * Ends the session. If it has not been opened yet, it ends when it is.
	 */
	synchronized void abandon() {
		this.abandoned = true;
		if (this.session != null) {
			this.session.abort();
		}
	}

	String describe() {
		RunningTask task = this.task;
		return (task != null)
				? "%s of %s (%s)".formatted(task.getPlan().operation().getName(), task.getPlan().object(), task.getId())
				: "%s of %s".formatted(this.request.operation().getName(), this.request.table());
	}

	/**
	 * Cancels the task, and aborts it if it does not end in time.
	 */
	void close() {
		RunningTask task = this.task;
		if (task != null) {
			task.cancel("the application ends");
		}
		if (task == null || !await(task, CLOSE_TIMEOUT)) {
			abandon();
			if (task != null) {
				await(task, ABORT_TIMEOUT);
			}
		}
	}

	private static boolean await(RunningTask task, Duration timeout) {
		try {
			return TaskRunner.await(task.toCompletableFuture(), timeout);
		}
		catch (ExecutionException ex) {
			return true;
		}
	}

}
