package io.appdbs.jdbc.budget;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

import io.appdbs.settings.ConnectionAdmission.Holder;
import io.appdbs.settings.ConnectionAdmission.Use;

/**
 * Who can close connections for others.
 *
 * @param holder holds the connections
 * @param stayNanos how long a connection stays open at first
 * @param tickets the connections
 */
record Candidate(Holder holder, long stayNanos, List<Ticket> tickets) {

	static final Comparator<Candidate> OLDEST_FIRST = by(Ticket::getOpened);

	static final Comparator<Candidate> LEAST_NEEDED_FIRST = Comparator.comparing(Candidate::use)
		.reversed()
		.thenComparing(by(Ticket::getLastUsed));

	private static Comparator<Candidate> by(ToLongFunction<Ticket> time) {
		return (one, other) -> Long.signum(one.first(time) - other.first(time));
	}

	private long first(ToLongFunction<Ticket> time) {
		return this.tickets.stream()
			.mapToLong(time)
			.reduce((one, other) -> (one - other < 0) ? one : other)
			.orElseThrow();
	}

	private Use use() {
		return this.tickets.get(0).getUse();
	}

	/**
	 * Returns whether a connection that can be given back is idle.
	 */
	boolean isIdle() {
		return this.holder.getIdle() > 0
				&& this.tickets.stream().filter((ticket) -> ticket.isReturnable(this.stayNanos)).count() > this.holder
					.getActive();
	}

	/**
	 * Returns whether all connections are old, and will not be closed anyway when they
	 * are returned.
	 */
	boolean isRetirable() {
		return this.tickets.stream().allMatch((ticket) -> ticket.isOld(this.stayNanos) && !ticket.isRetired());
	}

}
