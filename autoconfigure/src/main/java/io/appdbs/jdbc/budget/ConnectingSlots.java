package io.appdbs.jdbc.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Limits how many connections are being opened at the same time. Servers that have not
 * answered within a second the last time, or have not been asked yet, together use at
 * most half of that, so that a server with many databases that does not answer leaves the
 * rest to the others. An attempt that takes longer than twice its time limit no longer
 * counts. Not thread-safe.
 */
final class ConnectingSlots {

	private static final Duration PROMPT = Duration.ofSeconds(1);

	private static final int MAX_SERVERS = 1000;

	private final int limit;

	private final List<Ticket> connecting = new ArrayList<>();

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

	/**
	 * Returns whether a connection to any server can be opened now.
	 */
	boolean isFree() {
		return this.connecting.stream().filter((ticket) -> !ticket.isOverdue()).count() < this.limit;
	}

	/**
	 * Returns whether a connection to a server can be opened now, if one to any can.
	 */
	boolean isFree(String server) {
		if (isPrompt(server)) {
			return true;
		}
		long slow = this.connecting.stream()
			.filter((ticket) -> !ticket.isOverdue() && !isPrompt(ticket.getServer()))
			.count();
		return slow < Math.max(1, this.limit / 2);
	}

	private boolean isPrompt(String server) {
		return this.prompt.contains(server) && this.connecting.stream()
			.noneMatch((ticket) -> ticket.getServer().equals(server) && ticket.connectingNanos() > PROMPT.toNanos());
	}

	void begin(Ticket ticket) {
		this.connecting.add(ticket);
	}

	/**
	 * Called when an attempt to connect has ended, successfully or not.
	 */
	void end(Ticket ticket) {
		this.connecting.remove(ticket);
		if (ticket.connectingNanos() > PROMPT.toNanos()) {
			this.prompt.remove(ticket.getServer());
		}
		else {
			this.prompt.add(ticket.getServer());
		}
	}

	int count() {
		return this.connecting.size();
	}

}
