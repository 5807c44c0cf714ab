package io.appdbs.inspection.support;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.lifecycle.thread.PendingCall;
import org.jspecify.annotations.Nullable;

/**
 * Makes the inspections of one database, one at a time, on a thread of its own. A caller
 * waits for a limited time, after which the connection is aborted: no driver is trusted
 * to return.
 */
final class InspectionWorker implements AutoCloseable {

	private final String database;

	private final InspectionSession.Factory sessions;

	private final Duration timeout;

	private final ReentrantLock lock = new ReentrantLock(true);

	private final PendingCall<Object> call;

	private volatile @Nullable InspectionSession session;

	private volatile boolean closed;

	InspectionWorker(String database, InspectionSession.Factory sessions, Duration timeout) {
		this.database = database;
		this.sessions = sessions;
		this.timeout = timeout;
		this.call = new PendingCall<>((command) -> {
			Thread thread = new Thread(command, "appdbs-inspection-" + database);
			thread.setDaemon(true);
			thread.start();
		});
	}

	/**
	 * Makes an inspection, unless another one that has been waited for makes it
	 * unnecessary.
	 * @param <T> the type of the result
	 * @param type the type of the result
	 * @param finder finds the result of the other one
	 * @param task makes the inspection
	 * @return the result
	 * @throws InspectionException if it could not be made
	 */
	<T> T execute(Class<T> type, Finder<T> finder, Task<T> task) {
		return execute(type, this.sessions, finder, task);
	}

	/**
	 * Makes an inspection in a session of another kind.
	 * @param <T> the type of the result
	 * @param type the type of the result
	 * @param sessions opens the session
	 * @param finder finds the result of the other one
	 * @param task makes the inspection
	 * @return the result
	 * @throws InspectionException if it could not be made
	 */
	<T> T execute(Class<T> type, InspectionSession.Factory sessions, Finder<T> finder, Task<T> task) {
		if (!lock()) {
			throw timedOut("Another inspection of the database did not end in time.");
		}
		try {
			T found = finder.find();
			return (found != null) ? found : type.cast(await(sessions, task));
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean lock() {
		try {
			return this.lock.tryLock(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private Object await(InspectionSession.Factory sessions, Task<?> task) {
		CompletableFuture<Object> outcome = this.call.begin(() -> run(sessions, task));
		if (outcome == null) {
			throw new InspectionException(ReportStatus.UNAVAILABLE,
					"An earlier inspection has not ended, although its connection was aborted.", null);
		}
		try {
			return outcome.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof InspectionException known) ? known
					: new InspectionException(ReportStatus.UNAVAILABLE,
							"Database '%s' could not be inspected: %s".formatted(this.database, ex.getCause()), null);
		}
		catch (TimeoutException ex) {
			throw timedOut("The inspection did not end within %d s.".formatted(this.timeout.toSeconds()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw timedOut("The thread was interrupted.");
		}
		finally {
			this.call.forget();
			abort();
		}
	}

	private Object run(InspectionSession.Factory sessions, Task<?> task) throws Exception {
		if (this.closed) {
			throw closedMeanwhile();
		}
		try (InspectionSession session = open(sessions)) {
			this.session = session;
			if (this.closed) {
				throw closedMeanwhile();
			}
			return translate(session, task);
		}
		finally {
			this.session = null;
		}
	}

	/**
	 * Opens a session with less time than the caller waits, so that the caller gets what
	 * has been answered until then.
	 */
	private InspectionSession open(InspectionSession.Factory sessions) throws Exception {
		try {
			return sessions.open(this.timeout.minus(this.timeout.dividedBy(10)));
		}
		catch (InspectionException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new InspectionException(ReportStatus.UNAVAILABLE,
					"The inspection could not connect to the database: %s".formatted(ex.getMessage()), null);
		}
	}

	private static Object translate(InspectionSession session, Task<?> task) {
		try {
			return task.run(session);
		}
		catch (InspectionException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw session.translate(ex);
		}
	}

	private static InspectionException timedOut(String message) {
		return new InspectionException(ReportStatus.TIMED_OUT, message, null);
	}

	private static InspectionException closedMeanwhile() {
		return new InspectionException(ReportStatus.UNAVAILABLE, "The application is being closed.", null);
	}

	/**
	 * Aborts the connection, if an inspection still has one.
	 */
	private void abort() {
		InspectionSession session = this.session;
		if (session != null) {
			session.abort();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		abort();
	}

	/**
	 * Finds an earlier result.
	 *
	 * @param <T> the type of the result
	 */
	interface Finder<T> {

		@Nullable T find();

	}

	/**
	 * Makes an inspection.
	 *
	 * @param <T> the type of the result
	 */
	interface Task<T> {

		T run(InspectionSession session) throws Exception;

	}

}
