package io.appdbs.jdbc.budget;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Limits how many connections are being opened at the same time. Servers that have not
 * answered within a second the last time, or have not been asked yet, together use at
 * most half of that, so that a server with many databases that does not answer leaves the
 * rest to the others. An attempt that takes longer than twice its time limit no longer
 * counts here. Not thread-safe.
 */
final class ConnectingSlots {

	private static final Duration PROMPT = Duration.ofSeconds(1);

	private static final int MAX_SERVERS = 1000;

	private final int limit;

	/** Those that answered in time, also with a failure. */
	private final Set<String> prompt = Collections.newSetFromMap(new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > MAX_SERVERS;
		}

	});

	ConnectingSlots(int limit) {
		this.limit = limit;
	}

	int getLimit() {
		return this.limit;
	}

	int count(Collection<Ticket> tickets) {
		return (int) tickets.stream().filter((ticket) -> ticket.isConnecting() && !ticket.isOverdue()).count();
	}

	/**
	 * Returns whether another connection to a server can be opened now.
	 */
	boolean isFree(Collection<Ticket> tickets, String server) {
		if (count(tickets) >= this.limit) {
			return false;
		}
		if (isPrompt(tickets, server)) {
			return true;
		}
		long slow = tickets.stream()
			.filter((ticket) -> ticket.isConnecting() && !ticket.isOverdue())
			.filter((ticket) -> !isPrompt(tickets, ticket.getServer()))
			.count();
		return slow < Math.max(1, this.limit / 2);
	}

	private boolean isPrompt(Collection<Ticket> tickets, String server) {
		return this.prompt.contains(server) && tickets.stream()
			.noneMatch((ticket) -> ticket.isConnecting() && ticket.getServer().equals(server)
					&& ticket.connectingNanos() > PROMPT.toNanos());
	}

	/**
	 * Called when an attempt to connect has ended.
	 */
	void ended(Ticket ticket) {
		if (ticket.connectingNanos() > PROMPT.toNanos()) {
			this.prompt.remove(ticket.getServer());
		}
		else {
			this.prompt.add(ticket.getServer());
		}
	}

}
