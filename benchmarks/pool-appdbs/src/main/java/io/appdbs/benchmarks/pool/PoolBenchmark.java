package io.appdbs.benchmarks.pool;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.PoolUsage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs an application with each pool on one embedded PostgreSQL, one after the other, and
 * prints throughput and the 99th percentile of each phase.
 */
@SpringBootApplication
public class PoolBenchmark {

	private static final int CLIENTS = 64;

	private static final List<String> POOLS = List.of("5", "10", "20", "50", "adaptive");

	private static final int ADAPTIVE_MAXIMUM = 50;

	public static void main(String[] args) throws Exception {
		int seconds = Integer.parseInt(args[0]);
		int rounds = Integer.parseInt(args[1]);
		PrintStream out = System.out;
		// the server logs before Spring Boot sets the level
		System.setOut(System.err);
		try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
			String url = "jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(postgres.getPort());
			out.printf("%-6s %-9s %-6s %10s %8s %9s%n", "round", "pool", "phase", "per second", "p99 ms", "in use");
			for (int round = 1; round <= rounds; round++) {
				for (String pool : POOLS) {
					out.print(measure("%-6d %-9s".formatted(round, pool), pool, url, seconds));
				}
			}
		}
	}

	/**
	 * Returns a line for each phase.
	 */
	private static String measure(String prefix, String pool, String url, int seconds) throws Exception {
		StringBuilder lines = new StringBuilder();
		try (ConfigurableApplicationContext context = run(pool, url)) {
			JdbcClient orders = context.getBean("ordersJdbcClient", JdbcClient.class);
			orders.sql("DROP TABLE IF EXISTS hot").update();
			orders.sql("CREATE TABLE hot (id int PRIMARY KEY, amount bigint)").update();
			orders.sql("INSERT INTO hot VALUES (1, 0)").update();
			Database database = context.getBean(Databases.class).get("orders");
			try (Clients clients = new Clients(context.getBean("ordersDataSource", DataSource.class), CLIENTS)) {
				for (Phase phase : Phase.values()) {
					InUse inUse = new InUse(database);
					Times times = clients.measure(phase, seconds);
					lines.append("%s %-6s %10.0f %8.1f %9.1f%n".formatted(prefix, phase, times.perSecond(),
							times.p99Millis(), inUse.end()));
				}
			}
		}
		return lines.toString();
	}

	private static ConfigurableApplicationContext run(String pool, String url) {
		boolean adaptive = pool.equals("adaptive");
		List<String> arguments = new ArrayList<>();
		arguments.add("--app.dbs.orders.url=" + url);
		arguments.add("--app.dbs.orders.privileges.verify=off");
		arguments.add("--app.dbs.orders.pool.adaptive=" + adaptive);
		arguments.add("--app.dbs.orders.pool.max-size=" + (adaptive ? ADAPTIVE_MAXIMUM : pool));
		arguments.add("--logging.level.root=error");
		return new SpringApplicationBuilder(PoolBenchmark.class).bannerMode(Banner.Mode.OFF)
			.run(arguments.toArray(String[]::new));
	}

	/**
	 * The number of connections in use, on average.
	 */
	private static final class InUse {

		private static final long INTERVAL_MILLIS = 100;

		private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

		private final LongAdder sum = new LongAdder();

		private final LongAdder samples = new LongAdder();

		InUse(Database database) {
			this.executor.scheduleAtFixedRate(() -> {
				PoolUsage usage = database.getSnapshot().pool();
				this.sum.add((usage != null) ? usage.active() : 0);
				this.samples.increment();
			}, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
		}

		double end() {
			this.executor.shutdownNow();
			return (double) this.sum.sum() / this.samples.sum();
		}

	}

}
