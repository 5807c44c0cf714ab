package io.appdbs.jdbc.budget;

import java.util.function.BooleanSupplier;

import io.appdbs.settings.ConnectionAdmission.Holder;
import io.appdbs.settings.ConnectionAdmission.Permit;
import io.appdbs.settings.ConnectionAdmission.Request;
import io.appdbs.settings.ConnectionAdmission.Use;
import org.jspecify.annotations.Nullable;

/**
 * The permit of one connection. {@link Permits} guards everything but the time of the
 * last use.
 */
final class Ticket implements Permit {

	private static final int UNUSED_DIVISOR = 5;

	private final Permits permits;

	private final DatabaseBudget database;

	private final Request request;

	private final long admitted = System.nanoTime();

	private Use use;

	private @Nullable BooleanSupplier closed;

	private long opened;

	private boolean expired;

	private boolean released;

	private volatile boolean retired;

	private volatile long lastUsed = this.admitted;

	Ticket(Permits permits, DatabaseBudget database, Request request) {
		this.permits = permits;
		this.database = database;
		this.request = request;
		this.use = request.use();
	}

	@Override
	public void opened(BooleanSupplier closed) {
		this.permits.opened(this, closed);
	}

	@Override
	public void used() {
		this.lastUsed = System.nanoTime();
	}

	@Override
	public void expire(Use use) {
		this.permits.expire(this, use);
	}

	@Override
	public void release() {
		this.permits.release(this);
	}

	DatabaseBudget getDatabase() {
		return this.database;
	}

	Use getUse() {
		synchronized (this.permits) {
			return this.use;
		}
	}

	String getServer() {
		return this.request.server();
	}

	@Nullable Holder getHolder() {
		return this.request.holder();
	}

	long getOpened() {
		synchronized (this.permits) {
			return this.opened;
		}
	}

	long getLastUsed() {
		return this.lastUsed;
	}

	/**
	 * Marks the connection as one that will be closed when it is returned.
	 */
	void retire() {
		this.retired = true;
	}

	boolean isRetired() {
		return this.retired;
	}

	boolean isConnecting() {
		synchronized (this.permits) {
			return this.closed == null;
		}
	}

	/**
	 * Returns how long the attempt to connect has taken so far.
	 */
	long connectingNanos() {
		return System.nanoTime() - this.admitted;
	}

	/**
	 * Returns whether the attempt to connect does not end although its driver limits it.
	 */
	boolean isOverdue() {
		return connectingNanos() > 2 * this.request.connectTimeout().toNanos();
	}

	/**
	 * Returns whether the connection can be given back if it is idle: it has been open
	 * for a time, or has not been used for a fifth of that.
	 */
	boolean isReturnable(long stayNanos) {
		synchronized (this.permits) {
			return isOld(stayNanos)
					|| (this.closed != null && System.nanoTime() - this.lastUsed >= stayNanos / UNUSED_DIVISOR);
		}
	}

	/**
	 * Returns whether the connection has been open for a time.
	 */
	boolean isOld(long stayNanos) {
		synchronized (this.permits) {
			return this.closed != null && (this.expired || System.nanoTime() - this.opened >= stayNanos);
		}
	}

	void markOpened(BooleanSupplier closed) {
		this.closed = closed;
		this.opened = System.nanoTime();
		this.lastUsed = this.opened;
	}

	void markExpired(Use use) {
		this.expired = true;
		this.use = use;
	}

	boolean markReleased() {
		boolean first = !this.released;
		this.released = true;
		return first;
	}

	boolean isReleased() {
		return this.released;
	}

	/**
	 * Returns whether the connection was closed without passing its wrapper, or its
	 * database has been removed and the attempt to connect does not end.
	 */
	boolean isLost() {
		BooleanSupplier closed = this.closed;
		return (closed != null) ? closed.getAsBoolean() : (this.database.isClosed() && isOverdue());
	}

}
