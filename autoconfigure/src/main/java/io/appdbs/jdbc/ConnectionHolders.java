package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Remembers who holds the connections of a pool, where {@code leak-threshold} asks for
 * it. A returned connection is noticed by its being closed, so nothing is wrapped.
 */
final class ConnectionHolders {

	private final Queue<Loan> loans = new ConcurrentLinkedQueue<>();

	void add(Connection connection, int maximum) {
		this.loans.add(new Loan(connection, Thread.currentThread().getName(), System.nanoTime()));
		if (this.loans.size() > 2 * maximum) {
			removeReturned();
		}
	}

	private void removeReturned() {
		for (Iterator<Loan> iterator = this.loans.iterator(); iterator.hasNext();) {
			if (iterator.next().isReturned()) {
				iterator.remove();
			}
		}
	}

	String describe() {
		removeReturned();
		return this.loans.stream().map(Loan::describe).collect(Collectors.joining(", "));
	}

	private record Loan(Connection connection, String thread, long since) {

		boolean isReturned() {
			try {
				return this.connection.isClosed();
			}
			catch (SQLException ex) {
				return true;
			}
		}

		String describe() {
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.since);
			return "%s (for %s)".formatted(this.thread, Duration.ofMillis(millis));
		}

	}

}
