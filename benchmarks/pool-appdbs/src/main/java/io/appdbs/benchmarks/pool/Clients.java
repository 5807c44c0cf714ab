package io.appdbs.benchmarks.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Clients that borrow a connection, work and return it, as fast as they can.
 */
final class Clients implements AutoCloseable {

	private final DataSource dataSource;

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicReference<@Nullable SQLException> failure = new AtomicReference<>();

	private volatile Phase phase = Phase.CPU;

	/** Receives the times, in nanoseconds, while they are measured. */
	private volatile @Nullable Times times;

	private volatile boolean end;

	Clients(DataSource dataSource, int number) {
		this.dataSource = dataSource;
		for (int i = 0; i < number; i++) {
			Thread thread = new Thread(this::run, "client-" + i);
			this.threads.add(thread);
			thread.start();
		}
	}

	private void run() {
		while (!this.end) {
			Phase phase = this.phase;
			Times times = this.times;
			long begin = System.nanoTime();
			try (Connection connection = this.dataSource.getConnection()) {
				phase.work(connection);
			}
			catch (SQLException ex) {
				this.failure.compareAndSet(null, ex);
				return;
			}
			if (times != null && times == this.times) {
				times.add(System.nanoTime() - begin);
			}
		}
	}

	/**
	 * Changes what the clients do, and measures them after they have done it for a while.
	 */
	Times measure(Phase phase, int seconds) throws Exception {
		this.phase = phase;
		// the limit has 40 % of the time to follow
		TimeUnit.MILLISECONDS.sleep(seconds * 400L);
		Times times = new Times();
		this.times = times;
		TimeUnit.MILLISECONDS.sleep(seconds * 600L);
		this.times = null;
		times.end();
		SQLException failure = this.failure.get();
		if (failure != null) {
			throw failure;
		}
		return times;
	}

	@Override
	public void close() throws InterruptedException {
		this.end = true;
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

}
