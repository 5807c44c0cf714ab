package io.appdbs.maintenance.task;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.inspection.Amounts;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;

/**
 * {@link Maintenance} of one database, which runs one task at a time.
 */
public final class DatabaseMaintenance implements Maintenance, AutoCloseable {

	/** The time limit for an answer of the server to a caller. */
	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private static final int LOCK_ATTEMPTS = 20;

	private static final Duration LOCK_PAUSE = Duration.ofMillis(50);

	private final DatabaseAccess database;

	private final MaintenanceSession.Factory sessions;

	private final Guards guards;

	private final TaskRunner runner;

	private final TaskHistory history = new TaskHistory();

	private @Nullable TaskStart current;

	private boolean closed;

	/**
	 * Creates a new {@link DatabaseMaintenance}.
	 * @param database the database
	 * @param sessions opens sessions
	 */
	public DatabaseMaintenance(DatabaseAccess database, MaintenanceSession.Factory sessions) {
		this.database = database;
		this.sessions = sessions;
		this.guards = new Guards(database, sessions);
		this.runner = new TaskRunner(database.getDefinition().name());
	}

	@Override
	public List<String> getTables() {
		this.guards.checkUsable();
		try (MaintenanceSession session = this.sessions.open(ANSWER_TIMEOUT)) {
			return session.readTables();
		}
		catch (Exception ex) {
			throw new DataAccessResourceFailureException(
					"The tables of database '%s' could not be read".formatted(getName()), ex);
		}
	}

	@Override
	public MaintenancePlan plan(MaintenanceRequest request) {
		this.guards.checkPossible(request);
		MaintenancePlan plan;
		try (MaintenanceSession session = this.sessions.open(ANSWER_TIMEOUT)) {
			plan = session.plan(request);
		}
		catch (Exception ex) {
			throw this.guards.translate(ex);
		}
		String refusal = this.guards.findRefusal(request, plan.object());
		refusal = (refusal != null) ? refusal : plan.refusal();
		return plan.withRefusal((refusal != null) ? refusal : describeOther());
	}

	@Override
	public MaintenanceTask start(MaintenanceRequest request) {
		this.guards.checkPossible(request);
		this.guards.checkAllowed(request);
		TaskStart start = reserve(request);
		try {
			this.runner.execute(() -> run(start));
		}
		catch (RejectedExecutionException ex) {
			release(start);
			throw closed();
		}
		try {
			if (!TaskRunner.await(start.getPrepared(), ANSWER_TIMEOUT.plus(getConnectTimeout()))
					&& start.getPrepared().completeExceptionally(unanswered())) {
				start.abandon();
			}
			return start.getPrepared().get();
		}
		catch (ExecutionException ex) {
			throw this.guards.translate((ex.getCause() instanceof Exception cause) ? cause : ex);
		}
		catch (InterruptedException ex) {
			// the result is there
			throw new IllegalStateException(ex);
		}
	}

	private IllegalDatabaseOperationException unanswered() {
		return illegal(
				"The server of database '%s' did not answer in time. Nothing has been executed.".formatted(getName()));
	}

	private synchronized TaskStart reserve(MaintenanceRequest request) {
		if (this.closed) {
			throw closed();
		}
		String other = describeOther();
		if (other != null) {
			throw illegal(other);
		}
		TaskStart start = new TaskStart(request);
		this.current = start;
		return start;
	}

	private synchronized @Nullable String describeOther() {
		TaskStart other = this.current;
		return (other != null) ? "Database '%s' is being maintained: %s. Wait for its end, or cancel it."
			.formatted(getName(), other.describe()) : null;
	}

	private synchronized void release(TaskStart start) {
		if (this.current == start) {
			this.current = null;
		}
	}

	/**
	 * Runs a task on its thread: the session, and the lock of the server, belong to it.
	 */
	private void run(TaskStart start) {
		Exception failure = null;
		try (MaintenanceSession session = this.sessions.open(null)) {
			RunningTask task = prepare(start, session);
			ScheduledFuture<?> deadline = scheduleDeadline(task);
			if (start.getPrepared().complete(task)) {
				task.execute();
			}
			deadline.cancel(false);
		}
		catch (Exception ex) {
			failure = ex;
		}
		finally {
			end(start, failure);
		}
	}

	/**
	 * Ends a task when its session has been closed. Another one can be started before a
	 * caller knows of the end.
	 */
	private void end(TaskStart start, @Nullable Exception failure) {
		RunningTask task = start.getTask();
		if (task == null || start.getPrepared().isCompletedExceptionally()) {
			this.history.remove(task);
			release(start);
			start.getPrepared()
				.completeExceptionally(
						(failure != null) ? failure : new IllegalStateException("The task has not been prepared"));
			return;
		}
		Duration duration = task.end();
		this.database.getStatistics().maintained(task.getPlan().operation(), task.getState(), duration);
		release(start);
		task.complete();
	}

	private RunningTask prepare(TaskStart start, MaintenanceSession session) throws Exception {
		start.use(session);
		MaintenancePlan plan = session.plan(start.getRequest());
		if (plan.refusal() != null) {
			throw illegal(plan.refusal());
		}
		if (!tryLock(session)) {
			throw illegal("Database '%s' is being maintained by another instance of the application. Wait for its end."
				.formatted(getName()));
		}
		synchronized (this) {
			if (this.closed) {
				throw closed();
			}
			RunningTask task = new RunningTask(this.history.nextId(), getName(), plan, session,
					() -> this.runner.cancel(session));
			start.setTask(task);
			this.history.add(task);
			return task;
		}
	}

	/**
	 * A server may keep the lock of an earlier session for a moment after that has been
	 * closed.
	 */
	private static boolean tryLock(MaintenanceSession session) throws Exception {
		for (int attempt = 1; attempt < LOCK_ATTEMPTS; attempt++) {
			if (session.tryLock()) {
				return true;
			}
			Thread.sleep(LOCK_PAUSE.toMillis());
		}
		return session.tryLock();
	}

	private ScheduledFuture<?> scheduleDeadline(RunningTask task) {
		DatabaseDefinition definition = this.database.getDefinition();
		Duration timeout = definition.settings().maintenance().timeout();
		return this.runner.schedule(timeout, () -> task.cancel("it has reached the time limit of %s, which is '%s'"
			.formatted(Amounts.ofDuration(timeout), definition.key("maintenance.timeout"))));
	}

	@Override
	public List<MaintenanceTask> getTasks() {
		return this.history.get();
	}

	@Override
	public MaintenanceTask getTask(String id) {
		List<MaintenanceTask> tasks = getTasks();
		return tasks.stream()
			.filter((task) -> task.getId().equals(id))
			.findFirst()
			.orElseThrow(() -> illegal("Database '%s' has no task '%s'. %s".formatted(getName(), id, tasks.isEmpty()
					? "There was none since the start of the application."
					: "Known: %s.".formatted(String.join(", ", tasks.stream().map(MaintenanceTask::getId).toList())))));
	}

	/**
	 * Cancels the task, and waits until it has removed what it leaves behind. A task that
	 * takes longer is aborted.
	 */
	@Override
	public void close() {
		TaskStart start;
		synchronized (this) {
			this.closed = true;
			start = this.current;
		}
		if (start != null) {
			start.close();
		}
		this.runner.close();
	}

	private String getName() {
		return this.database.getDefinition().name();
	}

	private Duration getConnectTimeout() {
		return this.database.getDefinition().settings().pool().connectTimeoutOrDefault();
	}

	private IllegalDatabaseOperationException closed() {
		return illegal("Database '%s' is closed.".formatted(getName()));
	}

	private IllegalDatabaseOperationException illegal(String message) {
		return new IllegalDatabaseOperationException(getName(), message);
	}

}
