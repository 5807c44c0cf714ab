package io.appdbs.jdbc.budget;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Describes which limit is reached, and by which databases.
 *
 * @param connections the limit on connections
 * @param connecting the limit on connections that are being opened
 */
record Shortage(Limit connections, Limit connecting) {

	private static final int MAX_NAMES = 10;

	String describe(Collection<Ticket> tickets, boolean hasPermit) {
		return hasPermit
				? "%d connections of databases added at run time are being opened at the same time, and no more may be (%s): %s."
					.formatted(this.connecting.value(), this.connecting.key(),
							list(tickets.stream().filter(Ticket::isConnecting).toList()))
				: "All %d connections for databases added at run time are in use (%s): %s."
					.formatted(this.connections.value(), this.connections.key(), list(tickets));
	}

	private static String list(Collection<Ticket> tickets) {
		List<Map.Entry<String, Long>> counts = tickets.stream()
			.collect(Collectors.groupingBy((ticket) -> ticket.getDatabase().getName(), Collectors.counting()))
			.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
				.thenComparing(Map.Entry.comparingByKey()))
			.toList();
		String listed = counts.stream()
			.limit(MAX_NAMES)
			.map((entry) -> entry.getKey() + " " + entry.getValue())
			.collect(Collectors.joining(", "));
		long others = counts.stream().skip(MAX_NAMES).mapToLong(Map.Entry::getValue).sum();
		return (others > 0) ? "%s, and %d others %d".formatted(listed, counts.size() - MAX_NAMES, others) : listed;
	}

}
