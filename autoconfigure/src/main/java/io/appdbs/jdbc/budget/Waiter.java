package io.appdbs.jdbc.budget;

import java.util.concurrent.locks.LockSupport;

import io.appdbs.settings.ConnectionAdmission.Request;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits to be admitted.
 */
final class Waiter {

	private final Thread thread = Thread.currentThread();

	private final DatabaseBudget database;

	private final Request request;

	private final long deadline;

	private volatile @Nullable Ticket ticket;

	private volatile @Nullable String rejection;

	Waiter(DatabaseBudget database, Request request) {
		this.database = database;
		this.request = request;
		this.deadline = System.nanoTime() + request.timeout().toNanos();
	}

	DatabaseBudget getDatabase() {
		return this.database;
	}

	Request getRequest() {
		return this.request;
	}

	@Nullable Ticket getTicket() {
		return this.ticket;
	}

	@Nullable String getRejection() {
		return this.rejection;
	}

	boolean isWaiting() {
		return this.ticket == null && this.rejection == null;
	}

	boolean isTimedOut() {
		return System.nanoTime() - this.deadline >= 0;
	}

	void admit(Ticket ticket) {
		this.ticket = ticket;
		LockSupport.unpark(this.thread);
	}

	void reject(String reason) {
		this.rejection = reason;
		LockSupport.unpark(this.thread);
	}

	/**
	 * Waits until the request is decided, the time is over, the interval has elapsed or
	 * the thread is interrupted.
	 */
	void await(long intervalNanos) {
		long remaining = this.deadline - System.nanoTime();
		if (isWaiting() && remaining > 0) {
			LockSupport.parkNanos(this, Math.min(remaining, intervalNanos));
		}
	}

}
