package io.appdbs.maintenance.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceProgress;
import io.appdbs.maintenance.MaintenanceTask;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A task that has been prepared, and executes its plan on a session.
 */
final class RunningTask implements MaintenanceTask {

	private static final Log logger = LogFactory.getLog(RunningTask.class);

	private final String id;

	private final String database;

	private final MaintenancePlan plan;

	private final MaintenanceSession session;

	private final Instant startedAt = Instant.now();

	private final List<String> messages = new CopyOnWriteArrayList<>();

	private final AtomicReference<@Nullable String> cancellation = new AtomicReference<>();

	private final CompletableFuture<MaintenanceTask> ended = new CompletableFuture<>();

	private final Runnable canceller;

	private Outcome outcome = new Outcome(State.FAILED, "FAILED");

	private volatile State state = State.RUNNING;

	private volatile @Nullable Instant endedAt;

	/**
	 * Creates a task.
	 * @param canceller cancels what the session executes, without waiting
	 */
	RunningTask(String id, String database, MaintenancePlan plan, MaintenanceSession session, Runnable canceller) {
		this.id = id;
		this.database = database;
		this.plan = plan;
		this.session = session;
		this.canceller = canceller;
	}

	/**
	 * Executes the plan. It may succeed although it has been cancelled.
	 */
	void execute() {
		logger.info("Maintenance of database '%s' (%s) starts: %s".formatted(this.database, this.id,
				String.join("; ", this.plan.statements())));
		try {
			if (this.cancellation.get() == null) {
				this.session.execute(this.messages::add);
				this.outcome = new Outcome(State.DONE, "DONE");
			}
			else {
				cancelled("it had not begun");
			}
		}
		catch (Exception ex) {
			String reason = (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
			if (this.cancellation.get() != null) {
				cancelled(reason);
			}
			else {
				this.messages.add(reason);
				this.outcome = new Outcome(State.FAILED, "FAILED: " + reason);
			}
		}
	}

	private void cancelled(String failure) {
		String message = "Cancelled, because %s: %s".formatted(this.cancellation.get(), failure);
		this.messages.add(message);
		this.outcome = new Outcome(State.CANCELLED, "CANCELLED: " + message);
	}

	/**
	 * Ends the task, when its session has been closed.
	 * @return how long it took
	 */
	Duration end() {
		Instant now = Instant.now();
		Duration duration = Duration.between(this.startedAt, now);
		this.endedAt = now;
		this.state = this.outcome.state();
		String line = "Maintenance of database '%s' (%s) has ended after %d ms, it is %s".formatted(this.database,
				this.id, duration.toMillis(), this.outcome.text());
		if (this.state == State.DONE) {
			logger.info(line);
		}
		else {
			logger.warn(line);
		}
		return duration;
	}

	/**
	 * Lets callers know that the task has ended.
	 */
	void complete() {
		this.ended.complete(this);
	}

	@Override
	public String getId() {
		return this.id;
	}

	@Override
	public MaintenancePlan getPlan() {
		return this.plan;
	}

	@Override
	public State getState() {
		return this.state;
	}

	@Override
	public Instant getStartedAt() {
		return this.startedAt;
	}

	@Override
	public @Nullable Instant getEndedAt() {
		return this.endedAt;
	}

	@Override
	public @Nullable MaintenanceProgress getProgress() {
		if (this.state != State.RUNNING) {
			return null;
		}
		try {
			return this.session.readProgress();
		}
		catch (Exception ex) {
			logger.debug("Progress of %s could not be read".formatted(this.id), ex);
			return null;
		}
	}

	@Override
	public List<String> getMessages() {
		return List.copyOf(this.messages);
	}

	@Override
	public boolean cancel() {
		return cancel("a caller has asked for it");
	}

	/**
	 * Cancels the task.
	 * @param reason why
	 * @return whether it was running
	 */
	boolean cancel(String reason) {
		if (this.state != State.RUNNING) {
			return false;
		}
		if (this.cancellation.compareAndSet(null, reason)) {
			this.canceller.run();
		}
		return true;
	}

	@Override
	public CompletableFuture<MaintenanceTask> toCompletableFuture() {
		return this.ended.copy();
	}

	@Override
	public String toString() {
		return "%s of database '%s': %s of %s is %s".formatted(this.id, this.database, this.plan.operation().getName(),
				this.plan.object(), this.state);
	}

	/**
	 * How an execution has ended.
	 *
	 * @param state the state of the task
	 * @param text the state and its reason, for the log
	 */
	private record Outcome(State state, String text) {

	}

}
