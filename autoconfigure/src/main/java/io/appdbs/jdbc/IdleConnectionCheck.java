package io.appdbs.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;

/**
 * Checks whether an idle connection of a pool answers, within a time that the pool itself
 * does not keep to.
 */
final class IdleConnectionCheck {

	private IdleConnectionCheck() {
	}

	static boolean succeeds(HikariDataSource pool, Duration timeout) {
		FutureTask<Boolean> task = new FutureTask<>(() -> {
			// not the pool's own time-out: who waits makes the pool go on connecting
			HikariPool internal = (HikariPool) pool.getHikariPoolMXBean();
			try (Connection connection = internal.getConnection(timeout.toMillis())) {
				return connection.isValid((int) Math.max(1, timeout.toSeconds()));
			}
		});
		// a thread of its own: it ends when the pool has given up
		Thread thread = new Thread(task, "appdbs-check-" + pool.getPoolName());
		thread.setDaemon(true);
		thread.start();
		try {
			return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

}
