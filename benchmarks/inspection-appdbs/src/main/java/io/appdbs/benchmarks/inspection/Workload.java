package io.appdbs.benchmarks.inspection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

import io.appdbs.Databases;
import io.appdbs.inspection.Inspection;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application with eight threads that read and change single rows.
 */
final class Workload {

	private static final int THREADS = 8;

	private static final Duration WARM_UP = Duration.ofSeconds(8);

	private static final Duration MEASUREMENT = Duration.ofSeconds(10);

	private final String url;

	private final LongAdder queries = new LongAdder();

	private volatile boolean stopped;

	Workload(String url) {
		this.url = url;
	}

	/**
	 * Runs a new application and returns its queries per second.
	 */
	double measure(Mode mode) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
		try (ConfigurableApplicationContext context = InspectionBenchmark.run(this.url, mode.properties)) {
			JdbcClient orders = context.getBean("ordersJdbcClient", JdbcClient.class);
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				running.add(threads.submit(() -> query(orders)));
			}
			if (mode == Mode.ALL_TOPICS) {
				Inspection inspection = context.getBean(Databases.class).get("orders").inspect().fresh();
				running.add(threads.submit(() -> inspect(inspection)));
			}
			Thread.sleep(WARM_UP.toMillis());
			long begin = System.nanoTime();
			long before = this.queries.sum();
			Thread.sleep(MEASUREMENT.toMillis());
			double rate = (this.queries.sum() - before) * 1000 / InspectionBenchmark.millisSince(begin);
			this.stopped = true;
			for (Future<?> thread : running) {
				thread.get();
			}
			return rate;
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void query(JdbcClient orders) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		while (!this.stopped) {
			int id = 1 + random.nextInt(InspectedSchema.ACCOUNTS);
			if (random.nextInt(5) == 0) {
				orders.sql("UPDATE account SET balance = balance + 1 WHERE id = ?").param(id).update();
			}
			else {
				orders.sql("SELECT name FROM account WHERE id = ?").param(id).query(String.class).single();
			}
			this.queries.increment();
		}
	}

	/**
	 * Asks for all topics all the time. Results of the last seconds are shared.
	 */
	private Object inspect(Inspection inspection) throws InterruptedException {
		while (!this.stopped) {
			for (Topic topic : Topic.values()) {
				topic.read(inspection);
			}
			Thread.sleep(100);
		}
		return inspection;
	}

	/**
	 * How the database is inspected meanwhile.
	 */
	enum Mode {

		WITHOUT("without inspection"),

		CONTROL("without inspection, again"),

		ALL_TOPICS("all topics, as often as possible"),

		EACH_SECOND("interval: 1s", "--app.dbs.orders.inspection.interval=1s");

		private final String description;

		private final String[] properties;

		Mode(String description, String... properties) {
			this.description = description;
			this.properties = properties;
		}

		String getDescription() {
			return this.description;
		}

	}

}
