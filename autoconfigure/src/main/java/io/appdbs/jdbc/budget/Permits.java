package io.appdbs.jdbc.budget;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.appdbs.settings.ConnectionAdmission.Request;
import io.appdbs.settings.ConnectionAdmission.Use;

/**
 * The permits of a {@link ConnectionBudget}, and the queues of those that wait for one.
 * Thread-safe. The lock is held for short times only, and never while a driver is called
 * that could wait for its server.
 */
final class Permits {

	/** How often those that wait look for connections that have been lost. */
	private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final int limit;

	private final ConnectingSlots slots;

	private final Runnable onShortage;

	private final Set<Ticket> tickets = new LinkedHashSet<>();

	private final Map<Use, List<Waiter>> queues = new EnumMap<>(
			Map.of(Use.POOL, new ArrayList<>(), Use.SERVICE, new ArrayList<>()));

	private Use next = Use.SERVICE;

	private long lastSweep = System.nanoTime();

	private long opened;

	private long closed;

	private long rejected;

	private final Shortage shortage;

	/**
	 * Creates new {@link Permits}.
	 * @param limit how many connections can be open
	 * @param connecting how many of them can be being opened
	 * @param shortage describes what is lacking
	 * @param onShortage called when somebody waits for a connection to be closed
	 */
	Permits(int limit, int connecting, Shortage shortage, Runnable onShortage) {
		this.limit = limit;
		this.slots = new ConnectingSlots(connecting);
		this.shortage = shortage;
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
				advance(waiter);
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
			queue(waiter).add(waiter);
			grant();
		}
		signalShortage();
	}

	private void advance(Waiter waiter) {
		synchronized (this) {
			sweep();
			grant();
			if (waiter.isWaiting() && waiter.isTimedOut()) {
				queue(waiter).remove(waiter);
				this.rejected++;
				waiter.reject(describe(waiter));
			}
		}
		signalShortage();
	}

	private synchronized void cancel(Waiter waiter) {
		queue(waiter).remove(waiter);
		Ticket ticket = waiter.getTicket();
		if (ticket != null) {
			release(ticket);
		}
	}

	private List<Waiter> queue(Waiter waiter) {
		return this.queues.get(waiter.getRequest().use());
	}

	private void signalShortage() {
		if (countLacking() > 0) {
			this.onShortage.run();
		}
	}

	/**
	 * Admits those that wait, in turn a connection of a pool and another one, so that
	 * neither kind has to wait until nobody of the other kind waits.
	 */
	private void grant() {
		this.queues.values().forEach(this::removeUnneeded);
		while (grant(this.next) || grant(other(this.next))) {
			this.next = other(this.next);
		}
	}

	private static Use other(Use use) {
		return (use == Use.POOL) ? Use.SERVICE : Use.POOL;
	}

	private boolean grant(Use use) {
		Iterator<Waiter> waiters = this.queues.get(use).iterator();
		while (waiters.hasNext() && hasPermit(use) && this.slots.count(this.tickets) < this.slots.getLimit()) {
			Waiter waiter = waiters.next();
			if (this.slots.isFree(this.tickets, waiter.getRequest().server())) {
				waiters.remove();
				Ticket ticket = new Ticket(this, waiter.getDatabase(), waiter.getRequest());
				this.tickets.add(ticket);
				waiter.admit(ticket);
				return true;
			}
		}
		return false;
	}

	private boolean hasPermit(Use use) {
		return this.tickets.size() < this.limit && (use == Use.POOL || countServices() < Math.max(1, this.limit / 2));
	}

	private long countServices() {
		return this.tickets.stream().filter((ticket) -> ticket.getUse() == Use.SERVICE).count();
	}

	/**
	 * Their callers have stopped waiting, and report why they waited.
	 */
	private void removeUnneeded(List<Waiter> queue) {
		queue.removeIf((waiter) -> {
			boolean unneeded = !waiter.getRequest().needed().getAsBoolean();
			if (unneeded) {
				waiter.reject(describe(waiter));
			}
			return unneeded;
		});
	}

	/**
	 * Returns how many wait for a connection to be closed.
	 */
	synchronized int countLacking() {
		int lacking = 0;
		for (Use use : Use.values()) {
			lacking += hasPermit(use) ? 0 : this.queues.get(use).size();
		}
		return lacking;
	}

	/**
	 * Releases the permits of connections that were closed without their wrapper: by the
	 * driver, or through an object of the driver.
	 */
	private void sweep() {
		long now = System.nanoTime();
		if (now - this.lastSweep >= SWEEP_NANOS) {
			this.lastSweep = now;
			List.copyOf(this.tickets).stream().filter(Ticket::isClosed).forEach(this::release);
		}
	}

	synchronized void opened(Ticket ticket, BooleanSupplier closed) {
		if (!ticket.isReleased() && ticket.isConnecting()) {
			this.slots.ended(ticket);
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
			if (ticket.isConnecting()) {
				this.slots.ended(ticket);
			}
			else {
				this.closed++;
			}
			this.tickets.remove(ticket);
			grant();
		}
	}

	/**
	 * Rejects those that wait for connections of a database, and releases the permits of
	 * its connections, which have been closed or aborted.
	 */
	synchronized void remove(DatabaseBudget database, String reason) {
		this.queues.values().forEach((queue) -> queue.removeIf((waiter) -> {
			boolean own = waiter.getDatabase() == database;
			if (own) {
				waiter.reject(reason);
			}
			return own;
		}));
		List.copyOf(this.tickets)
			.stream()
			.filter((ticket) -> ticket.getDatabase() == database && !ticket.isConnecting())
			.forEach(this::release);
	}

	synchronized boolean isWaiting(DatabaseBudget database) {
		return this.queues.values()
			.stream()
			.flatMap(List::stream)
			.anyMatch((waiter) -> waiter.getDatabase() == database);
	}

	synchronized String describe() {
		return this.shortage.describe(this.tickets, hasPermit(Use.POOL));
	}

	private String describe(Waiter waiter) {
		return this.shortage.describe(this.tickets, hasPermit(waiter.getRequest().use()));
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
		int waiting = this.queues.values().stream().mapToInt(List::size).sum();
		int connecting = (int) this.tickets.stream().filter(Ticket::isConnecting).count();
		return new ConnectionUsage(this.limit, this.tickets.size(), connecting, waiting, this.opened, returned,
				this.rejected);
	}

}
