package io.appdbs.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.appdbs.jdbc.pool.JdbcConnections;

/**
 * Records which threads hold the connections of a pool, if {@code leak-threshold} is set.
 * Returned connections are closed, so no connection has to be wrapped.
 */
final class ConnectionHolders {

	private final Queue<Holder> holders = new ConcurrentLinkedQueue<>();

	void add(Connection connection, int maximum) {
		this.holders.add(new Holder(connection, Thread.currentThread().getName(), System.nanoTime()));
		if (this.holders.size() > 2 * maximum) {
			removeReturned();
		}
	}

	private void removeReturned() {
		this.holders.removeIf((holder) -> JdbcConnections.isClosed(holder.connection()));
	}

	String describe() {
		removeReturned();
		return this.holders.stream().map(Holder::describe).collect(Collectors.joining(", "));
	}

	private record Holder(Connection connection, String thread, long since) {

		String describe() {
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.since);
			return "%s (for %s)".formatted(this.thread, Duration.ofMillis(millis));
		}

	}

}
