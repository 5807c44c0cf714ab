package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;

import javax.sql.DataSource;

import io.appdbs.jdbc.DatabaseDownException;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that write to the table {@code entry} continuously, each a row after the other,
 * and check the answer to each statement.
 */
final class Load implements AutoCloseable {

	static final String TABLE = "CREATE TABLE entry (worker INT, number INT, PRIMARY KEY (worker, number))";

	/** Without it the load, and not the fault, would be what is measured. */
	private static final Duration PAUSE = Duration.ofMillis(2);

	private final DataSource dataSource;

	private final List<Worker> workers = new ArrayList<>();

	private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private volatile boolean over;

	Load(String name, int threads, DataSource dataSource) {
		this.dataSource = dataSource;
		for (int i = 0; i < threads; i++) {
			this.workers.add(new Worker(name, i));
		}
		this.workers.forEach(Thread::start);
	}

	/**
	 * Waits until every thread has had the given number of further successes.
	 */
	void awaitGood(int count) {
		awaitEach(this.workers.size(), count, (worker) -> worker.good.get());
	}

	/**
	 * Waits until a number of threads have seen a number of times that the database is
	 * down.
	 */
	void awaitDown(int threads, int count) {
		awaitEach(threads, count, (worker) -> worker.down.get());
	}

	private void awaitEach(int threads, int count, ToIntFunction<Worker> counter) {
		List<Integer> before = this.workers.stream().map(counter::applyAsInt).toList();
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.workers.stream()
				.filter((worker) -> counter.applyAsInt(worker) >= before.get(worker.number) + count)
				.count() >= threads);
	}

	int good() {
		return this.workers.stream().mapToInt((worker) -> worker.good.get()).sum();
	}

	int down() {
		return this.workers.stream().mapToInt((worker) -> worker.down.get()).sum();
	}

	/**
	 * Returns failures other than those of a database that is down.
	 */
	Queue<Throwable> failures() {
		return this.failures;
	}

	/**
	 * End the load: no thread is stuck, and no answer was wrong.
	 */
	@Override
	public void close() {
		this.over = true;
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.workers).noneMatch(Thread::isAlive));
		assertThat(this.wrong).isEmpty();
	}

	/**
	 * Check what the table has: every row that was confirmed, and none that was never
	 * written.
	 */
	void verify(Connection connection) throws SQLException {
		int rows = 0;
		try (Statement statement = connection.createStatement();
				ResultSet result = statement
					.executeQuery("SELECT worker, count(*), max(number) FROM entry GROUP BY worker")) {
			while (result.next()) {
				Worker worker = this.workers.get(result.getInt(1));
				rows++;
				assertThat(result.getInt(2)).isBetween(worker.good.get(), worker.next);
				assertThat(result.getInt(3)).isLessThan(worker.next);
			}
		}
		assertThat(rows).isEqualTo(this.workers.size());
		for (Worker worker : this.workers) {
			assertThat(worker.numbers(connection)).containsAll(worker.confirmed);
		}
	}

	private final class Worker extends Thread {

		private final int number;

		private final AtomicInteger good = new AtomicInteger();

		private final AtomicInteger down = new AtomicInteger();

		private final List<Integer> confirmed = new ArrayList<>();

		private int next;

		Worker(String name, int number) {
			super("load-" + name + "-" + number);
			this.number = number;
			setDaemon(true);
		}

		@Override
		public void run() {
			while (!Load.this.over) {
				write(this.next++);
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}

		private void write(int row) {
			try (Connection connection = Load.this.dataSource.getConnection();
					PreparedStatement statement = connection
						.prepareStatement("INSERT INTO entry VALUES (?, ?) RETURNING worker, number")) {
				statement.setInt(1, this.number);
				statement.setInt(2, row);
				try (ResultSet result = statement.executeQuery()) {
					check(result, row);
				}
			}
			catch (DatabaseDownException ex) {
				this.down.incrementAndGet();
			}
			catch (Throwable ex) {
				Load.this.failures.add(ex);
			}
		}

		private void check(ResultSet result, int row) throws SQLException {
			if (result.next() && result.getInt(1) == this.number && result.getInt(2) == row && !result.next()) {
				this.confirmed.add(row);
				this.good.incrementAndGet();
			}
			else {
				Load.this.wrong.add("another answer than %d, %d".formatted(this.number, row));
			}
		}

		private List<Integer> numbers(Connection connection) throws SQLException {
			List<Integer> numbers = new ArrayList<>();
			try (Statement statement = connection.createStatement();
					ResultSet result = statement
						.executeQuery("SELECT number FROM entry WHERE worker = " + this.number)) {
				while (result.next()) {
					numbers.add(result.getInt(1));
				}
			}
			return numbers;
		}

	}

}
