package io.appdbs.jdbc.budget;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.appdbs.settings.ConnectionAdmission.Request;
import io.appdbs.settings.ConnectionAdmission.Use;
import org.jspecify.annotations.Nullable;

/**
 * The permits of a {@link ConnectionBudget}, and the queues of those that wait for one.
 * Thread-safe. The lock is held for short times only, and never while a driver is called
 * that could wait for its server.
 */
final class Permits {

	/** How often those that wait look for connections that have been lost. */
	private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final int limit;

	private final int serviceLimit;

	private final Shortage shortage;

	private final ConnectingSlots slots;

	private final Set<Ticket> tickets = new LinkedHashSet<>();

	private final WaitingQueues queues = new WaitingQueues();

	private Use next = Use.SERVICE;

	private long lastSweep = System.nanoTime();

	private long opened;

	private long closed;

	private long rejected;

	private volatile @Nullable Runnable onShortage;

	Permits(Shortage shortage) {
		this.limit = shortage.connections().value();
		this.serviceLimit = Math.max(1, this.limit / 2);
		this.slots = new ConnectingSlots(shortage.connecting().value());
		this.shortage = shortage;
	}

	/**
	 * Sets what to call when somebody waits for a connection to be closed.
	 */
	void setOnShortage(Runnable onShortage) {
		this.onShortage = onShortage;
	}

	/**
	 * Waits for a permit.
	 */
	Ticket acquire(DatabaseBudget database, Request request) throws ConnectionBudgetException, InterruptedException {
		Waiter waiter = new Waiter(database, request);
		enqueue(waiter);
		while (waiter.isWaiting()) {
			waiter.await(SWEEP_NANOS);
			if (Thread.interrupted()) {
				cancel(waiter);
				throw new InterruptedException();
			}
			if (waiter.isWaiting()) {
				check(waiter);
			}
		}
		Ticket ticket = waiter.getTicket();
		if (ticket == null) {
			throw new ConnectionBudgetException(String.valueOf(waiter.getRejection()));
		}
		return ticket;
	}

	private void enqueue(Waiter waiter) {
		synchronized (this) {
			this.queues.add(waiter);
			grant();
		}
		signalShortage();
	}

	private void check(Waiter waiter) {
		synchronized (this) {
			sweep();
			if (waiter.isWaiting() && waiter.isTimedOut()) {
				this.queues.remove(waiter);
				this.rejected++;
				waiter.reject(describe(waiter.getRequest().use()));
			}
		}
		signalShortage();
	}

	private synchronized void cancel(Waiter waiter) {
		this.queues.remove(waiter);
		Ticket ticket = waiter.getTicket();
		if (ticket != null) {
			release(ticket);
		}
	}

	private void signalShortage() {
		Runnable onShortage = this.onShortage;
		if (onShortage != null && countLacking() > 0) {
			onShortage.run();
		}
	}

	/**
	 * Admits those that wait: in turn a connection of a pool and another one, so that
	 * neither kind has to wait until nobody of the other kind waits.
	 */
	private void grant() {
		removeUnneeded();
		while (this.slots.isFree() && (grant(this.next) || grant(other(this.next)))) {
			this.next = other(this.next);
		}
	}

	private static Use other(Use use) {
		return (use == Use.POOL) ? Use.SERVICE : Use.POOL;
	}

	private boolean grant(Use use) {
		Waiter waiter = hasPermit(use)
				? this.queues.pollFirst(use, (each) -> this.slots.isFree(each.getRequest().server())) : null;
		if (waiter != null) {
			Ticket ticket = new Ticket(this, waiter.getDatabase(), waiter.getRequest());
			this.tickets.add(ticket);
			this.slots.begin(ticket);
			waiter.admit(ticket);
		}
		return waiter != null;
	}

	private boolean hasPermit(Use use) {
		return !isFull() && (use == Use.POOL
				|| this.tickets.stream().filter((ticket) -> ticket.getUse() == use).count() < this.serviceLimit);
	}

	/**
	 * Returns whether as many connections are open as can be.
	 */
	synchronized boolean isFull() {
		return this.tickets.size() >= this.limit;
	}

	/**
	 * The callers of these have stopped waiting, and report why they waited.
	 */
	private void removeUnneeded() {
		this.queues.removeIf((waiter) -> {
			boolean unneeded = !waiter.getRequest().needed().getAsBoolean();
			if (unneeded) {
				waiter.reject(describe(waiter.getRequest().use()));
			}
			return unneeded;
		});
	}

	/**
	 * Returns how many wait for a connection to be closed.
	 */
	synchronized int countLacking() {
		removeUnneeded();
		int lacking = 0;
		for (Use use : Use.values()) {
			lacking += hasPermit(use) ? 0 : this.queues.size(use);
		}
		return lacking;
	}

	/**
	 * Releases the permits of connections that were closed without their wrapper: by the
	 * driver, or through an object of the driver. Admits those that waited for an attempt
	 * that does not end.
	 */
	private void sweep() {
		long now = System.nanoTime();
		if (now - this.lastSweep >= SWEEP_NANOS) {
			this.lastSweep = now;
			List.copyOf(this.tickets).stream().filter(Ticket::isLost).forEach(this::release);
			grant();
		}
	}

	synchronized void opened(Ticket ticket, BooleanSupplier closed) {
		if (!ticket.isReleased() && ticket.isConnecting()) {
			this.slots.end(ticket);
			ticket.markOpened(closed);
			this.opened++;
			grant();
		}
	}

	synchronized void expire(Ticket ticket, Use use) {
		ticket.markExpired(use);
		grant();
	}

	synchronized void release(Ticket ticket) {
		if (ticket.markReleased()) {
			this.tickets.remove(ticket);
			if (ticket.isConnecting()) {
				this.slots.end(ticket);
			}
			else {
				this.closed++;
			}
			grant();
		}
	}

	/**
	 * Rejects those that wait for connections of a database, and releases the permits of
	 * its connections, which have been closed or aborted.
	 */
	synchronized void remove(DatabaseBudget database, String reason) {
		this.queues.removeIf((waiter) -> {
			boolean own = waiter.getDatabase() == database;
			if (own) {
				waiter.reject(reason);
			}
			return own;
		});
		List.copyOf(this.tickets)
			.stream()
			.filter((ticket) -> ticket.getDatabase() == database && !ticket.isConnecting())
			.forEach(this::release);
	}

	/**
	 * Returns what a database waits for, or {@code null} if it does not wait.
	 */
	synchronized @Nullable String describe(DatabaseBudget database) {
		return this.queues.anyMatch((waiter) -> waiter.getDatabase() == database) ? describe(Use.POOL) : null;
	}

	private String describe(Use use) {
		return this.shortage.describe(this.tickets, hasPermit(use));
	}

	/**
	 * Returns how many connections have been closed.
	 */
	synchronized long getClosed() {
		return this.closed;
	}

	synchronized List<Ticket> getTickets() {
		return List.copyOf(this.tickets);
	}

	synchronized ConnectionUsage getUsage(long returned) {
		return new ConnectionUsage(this.limit, this.tickets.size(), this.slots.count(),
				this.queues.size(Use.POOL) + this.queues.size(Use.SERVICE), this.opened, returned, this.rejected);
	}

}
