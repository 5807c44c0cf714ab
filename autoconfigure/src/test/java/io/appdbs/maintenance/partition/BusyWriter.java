package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;

/**
 * Another session that inserts rows into the table {@code event} and reads it, one after
 * the other, until it is stopped.
 */
final class BusyWriter implements AutoCloseable {

	private final AtomicInteger writes = new AtomicInteger();

	private final CompletableFuture<Void> task;

	private volatile boolean ended;

	BusyWriter(PartitionServers server, String insert) {
		this.task = SeparateThread.run(() -> {
			try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
				while (!this.ended) {
					statement.execute(insert);
					this.writes.incrementAndGet();
					statement.executeQuery("SELECT COUNT(*) FROM event").close();
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		awaitMore();
	}

	/**
	 * Wait for further writes.
	 */
	void awaitMore() {
		int before = this.writes.get();
		TestDatabases.await(() -> this.task.isCompletedExceptionally() || this.writes.get() > before + 10);
	}

	/**
	 * End, and fail if a statement has failed.
	 * @return the number of writes
	 */
	int end() {
		this.ended = true;
		this.task.join();
		return this.writes.get();
	}

	@Override
	public void close() {
		this.ended = true;
	}

}
