package io.appdbs.jdbc.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Limits how many connections are being opened at the same time. Servers that did not
 * answer within a second the last time together use at most half of that, and so does
 * each server that has not been asked yet: a server with many databases that does not
 * answer leaves the rest to the others. An attempt that takes longer than twice its time
 * limit no longer counts. Not thread-safe.
 */
final class ConnectingSlots {

	private static final Duration PROMPT = Duration.ofSeconds(1);

	private static final int MAX_SERVERS = 1000;

	private final int limit;

	private final List<Ticket> connecting = new ArrayList<>();

	/** Whether a server has answered in time, also with a failure. */
	private final Map<String, Boolean> prompt = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > MAX_SERVERS;
		}

	};

	ConnectingSlots(int limit) {
		this.limit = limit;
	}

	/**
	 * Returns whether a connection to any server can be opened now.
	 */
	boolean isFree() {
		return count((server) -> true) < this.limit;
	}

	/**
	 * Returns whether a connection to a server can be opened now, if one to any can.
	 */
	boolean isFree(String server) {
		int half = Math.max(1, this.limit / 2);
		if (isSlow(server)) {
			return count(this::isSlow) < half;
		}
		return this.prompt.containsKey(server) || count(server::equals) < half;
	}

	private long count(Predicate<String> servers) {
		return this.connecting.stream()
			.filter((ticket) -> !ticket.isOverdue() && servers.test(ticket.getServer()))
			.count();
	}

	private boolean isSlow(String server) {
		return Boolean.FALSE.equals(this.prompt.get(server)) || this.connecting.stream()
			.anyMatch((ticket) -> ticket.getServer().equals(server) && ticket.connectingNanos() > PROMPT.toNanos());
	}

	void begin(Ticket ticket) {
		this.connecting.add(ticket);
	}

	/**
	 * Called when an attempt to connect has ended, successfully or not.
	 */
	void end(Ticket ticket) {
		this.connecting.remove(ticket);
		this.prompt.put(ticket.getServer(), ticket.connectingNanos() <= PROMPT.toNanos());
	}

	int count() {
		return this.connecting.size();
	}

}
