package io.appdbs.jdbc.budget;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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
 * be closed: first connections that probe, then those that were used longest ago. If none
 * is idle, those of the pools that have been open longest are closed when they are
 * returned. A connection of a pool stays open for a time at first, unless it is unused
 * for a fifth of that, so that more databases in use than connections do not open one per
 * unit of work. The time begins when it is opened: since its last use, databases that are
 * used often would keep their connections, and others would never get one.
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
		Collection<Candidate> candidates = findCandidates();
		List<Holder> idle = candidates.stream()
			.filter(Candidate::isIdle)
			.sorted(Candidate.LEAST_NEEDED_FIRST)
			.map(Candidate::holder)
			.toList();
		for (Holder holder : idle) {
			if (lacking > 0 && holder.giveBack()) {
				closes(1);
				lacking--;
			}
		}
		if (lacking > 0 && idle.isEmpty()) {
			retire(candidates, lacking);
		}
	}

	/**
	 * Ends the turn of databases whose own callers wait for each connection that is
	 * returned, so that none is ever idle.
	 */
	private void retire(Collection<Candidate> candidates, int lacking) {
		int remaining = lacking;
		for (Candidate candidate : candidates.stream().sorted(Candidate.OLDEST_FIRST).toList()) {
			if (remaining > 0 && candidate.isRetirable()) {
				candidate.tickets().forEach(Ticket::retire);
				candidate.holder().retire();
				closes(candidate.tickets().size());
				remaining -= candidate.tickets().size();
			}
		}
	}

	private void closes(int connections) {
		long now = System.nanoTime();
		for (int i = 0; i < connections; i++) {
			this.closing.add(now);
		}
		this.returned += connections;
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

	private Collection<Candidate> findCandidates() {
		Map<Holder, Candidate> candidates = new IdentityHashMap<>();
		// those that probe can also lack a permit of theirs
		boolean full = this.permits.isFull();
		for (Ticket ticket : this.permits.getTickets()) {
			Holder holder = ticket.getHolder();
			if (holder != null && !ticket.isConnecting() && (full || ticket.getUse() == Use.SERVICE)) {
				candidates.computeIfAbsent(holder, (key) -> new Candidate(key, this.stayNanos, new ArrayList<>()))
					.tickets()
					.add(ticket);
			}
		}
		return candidates.values();
	}

}
