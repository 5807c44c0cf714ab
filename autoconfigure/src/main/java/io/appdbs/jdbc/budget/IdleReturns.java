package io.appdbs.jdbc.budget;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.appdbs.settings.ConnectionAdmission.Holder;
import io.appdbs.settings.ConnectionAdmission.Use;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Makes those that hold idle connections close them while others wait for a connection to
 * be closed: first connections that probe, then those that were used longest ago. A
 * connection of a pool stays open for a time at first, so that more databases in use than
 * connections do not open one per unit of work. The time begins when it is opened: since
 * its last use, databases that are used often would keep their connections, and others
 * would never get one.
 */
final class IdleReturns {

	private static final Log logger = LogFactory.getLog(IdleReturns.class);

	/** Nothing reports that a connection becomes idle. */
	private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** A connection that takes longer to close is not waited for. */
	private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Permits permits;

	private final ScheduledExecutorService scheduler;

	private final long stayNanos;

	private final AtomicBoolean scheduled = new AtomicBoolean();

	/** When connections that are not closed yet began to close, oldest first. */
	private final Deque<Long> closing = new ArrayDeque<>();

	private long closed;

	private volatile long returned;

	IdleReturns(Permits permits, ScheduledExecutorService scheduler, Duration shortestStay) {
		this.permits = permits;
		this.scheduler = scheduler;
		this.stayNanos = shortestStay.toNanos();
	}

	/**
	 * Returns how many connections were closed for others.
	 */
	long getReturned() {
		return this.returned;
	}

	/**
	 * Begins to close idle connections, until nobody waits.
	 */
	void begin() {
		schedule(0);
	}

	private void schedule(long nanos) {
		if (this.scheduled.compareAndSet(false, true)) {
			try {
				this.scheduler.schedule(this::run, nanos, TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				// closed
			}
		}
	}

	private void run() {
		this.scheduled.set(false);
		try {
			closeIdle();
		}
		catch (RuntimeException ex) {
			logger.warn("Idle connections could not be closed", ex);
		}
		if (this.permits.countLacking() > 0) {
			schedule(POLL_NANOS);
		}
	}

	private synchronized void closeIdle() {
		int lacking = this.permits.countLacking() - countClosing();
		if (lacking <= 0) {
			return;
		}
		for (Holder holder : findHolders()) {
			if (lacking > 0 && holder.giveBack()) {
				this.closing.add(System.nanoTime());
				this.returned++;
				lacking--;
			}
		}
	}

	private int countClosing() {
		long closed = this.permits.getClosed();
		for (; this.closed < closed; this.closed++) {
			this.closing.poll();
		}
		long now = System.nanoTime();
		this.closing.removeIf((begin) -> now - begin > CLOSING_NANOS);
		return this.closing.size();
	}

	/**
	 * Returns the holders of connections that can be closed, in the order in which to
	 * close one of each.
	 */
	private List<Holder> findHolders() {
		Map<Holder, Candidate> candidates = new IdentityHashMap<>();
		// those that probe can also lack a permit of theirs
		boolean full = this.permits.isFull();
		for (Ticket ticket : this.permits.getTickets()) {
			Holder holder = ticket.getHolder();
			if (holder != null && (full || ticket.getUse() == Use.SERVICE) && ticket.isOld(this.stayNanos)) {
				candidates.merge(holder, new Candidate(holder, ticket.getUse(), 1, ticket.getLastUsed()),
						Candidate::merge);
			}
		}
		return candidates.values()
			.stream()
			.filter(Candidate::isIdle)
			.sorted(Comparator.comparing(Candidate::use)
				.reversed()
				.thenComparing((one, other) -> Long.signum(one.lastUsed() - other.lastUsed())))
			.map(Candidate::holder)
			.toList();
	}

	/**
	 * Who may close a connection.
	 *
	 * @param holder holds the connections
	 * @param use what they are for
	 * @param old how many connections have been open long enough
	 * @param lastUsed when one of these was used, the one that was used longest ago
	 */
	private record Candidate(Holder holder, Use use, int old, long lastUsed) {

		Candidate merge(Candidate other) {
			return new Candidate(this.holder, this.use, this.old + other.old,
					(this.lastUsed - other.lastUsed < 0) ? this.lastUsed : other.lastUsed);
		}

		/**
		 * Returns whether one of the old connections is idle.
		 */
		boolean isIdle() {
			return this.holder.getIdle() > 0 && this.old > this.holder.getActive();
		}

	}

}
