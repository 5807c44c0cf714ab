package io.appdbs.benchmarks.inspection;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import javax.sql.DataSource;

import io.appdbs.Databases;
import io.appdbs.benchmarks.inspection.Workload.Mode;
import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.Report;

import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * Creates a database with the given number of tables on an embedded PostgreSQL and
 * measures its inspection: each topic, the comparable checks of pg-index-health, each
 * topic while another session has locked a table, and an application meanwhile.
 */
@SpringBootApplication
public class InspectionBenchmark {

	private static final int WARM_ROUNDS = 3;

	private static final int LOAD_ROUNDS = 4;

	/** An inspection that is asked for fresh results returns one of the last 10 s. */
	private static final long VALIDITY_MILLIS = 10_100;

	public static void main(String[] args) throws Exception {
		int tables = Integer.parseInt(args[0]);
		Path data = Files.createTempDirectory("inspection");
		try {
			create(data, tables);
			// another server process, with empty caches
			try (ConfigurableApplicationContext context = run(embedded(data))) {
				measure(context);
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(data);
		}
	}

	private static void create(Path data, int tables) {
		long begin = System.nanoTime();
		try (ConfigurableApplicationContext context = run(embedded(data))) {
			JdbcClient orders = context.getBean("ordersJdbcClient", JdbcClient.class);
			for (String setting : List.of("shared_preload_libraries = pg_stat_statements", "fsync = off",
					"autovacuum = off")) {
				orders.sql("ALTER SYSTEM SET " + setting).update();
			}
			orders.sql("SELECT pg_reload_conf()").query().singleValue();
			InspectedSchema.create(orders, tables);
			System.out.printf("%d tables, %s indexes, %s; created in %.0f s%n", tables + 2,
					orders.sql("SELECT count(*) FROM pg_stat_user_indexes").query().singleValue(),
					orders.sql("SELECT pg_size_pretty(pg_database_size(current_database()))").query().singleValue(),
					millisSince(begin) / 1000);
		}
	}

	private static String embedded(Path data) {
		return "embedded:postgresql?data-dir=" + data;
	}

	/**
	 * Runs an application with the database. Its indexes count as unused without being
	 * old, so that this check is measured as well.
	 */
	static ConfigurableApplicationContext run(String url, String... properties) {
		List<String> arguments = new ArrayList<>(List.of(properties));
		arguments.add("--app.dbs.orders.url=" + url);
		arguments.add("--app.dbs.orders.inspection.findings.minimum-age=0s");
		arguments.add("--logging.level.root=error");
		return new SpringApplicationBuilder(InspectionBenchmark.class).bannerMode(Banner.Mode.OFF)
			.run(arguments.toArray(String[]::new));
	}

	private static void measure(ConfigurableApplicationContext context) throws Exception {
		Inspection inspection = context.getBean(Databases.class).get("orders").inspect();
		String url = findUrl(context);
		double[] cold = inspect(inspection, "cold");
		double[] warm = inspectWarm(inspection);
		Thread.sleep(VALIDITY_MILLIS);
		double[] locked;
		try (Connection other = DriverManager.getConnection(url); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
			locked = inspect(inspection, "locked");
		}
		System.out.printf("%n%-38s %10s %10s %10s%n", "inspection, milliseconds", "cold", "warm", "locked");
		for (Topic topic : Topic.values()) {
			int i = topic.ordinal();
			print(topic.toString(), cold[i], warm[i], locked[i]);
		}
		print("all topics", sum(cold), sum(warm), sum(locked));
		double checks = PgIndexHealthChecks.measure(url);
		System.out.printf("%-38s %21.1f%n", "ratio to all findings", checks / warm[Topic.FINDINGS.ordinal()]);
		measureApplication(url);
	}

	private static double[] inspectWarm(Inspection inspection) throws InterruptedException {
		double[] best = new double[Topic.values().length];
		Arrays.fill(best, Double.MAX_VALUE);
		for (int round = 0; round < WARM_ROUNDS; round++) {
			Thread.sleep(VALIDITY_MILLIS);
			double[] millis = inspect(inspection, "warm");
			Arrays.setAll(best, (topic) -> Math.min(best[topic], millis[topic]));
		}
		return best;
	}

	/**
	 * Measures the call of each topic, including the connection that it opens.
	 */
	private static double[] inspect(Inspection inspection, String round) {
		double[] millis = new double[Topic.values().length];
		for (Topic topic : Topic.values()) {
			long begin = System.nanoTime();
			Report<?> report = topic.read(inspection.fresh());
			millis[topic.ordinal()] = millisSince(begin);
			if (!report.isOk() || !report.exact()) {
				System.out.printf("%s, %s: %s, %s%n", topic, round, report.status(), report.message());
			}
		}
		return millis;
	}

	private static void measureApplication(String url) throws Exception {
		double[][] rates = new double[Mode.values().length][LOAD_ROUNDS];
		new Workload(url).measure(Mode.WITHOUT);
		for (int round = 0; round < LOAD_ROUNDS; round++) {
			// each mode is once the first one, since what runs later is slower
			List<Mode> modes = new ArrayList<>(List.of(Mode.values()));
			Collections.rotate(modes, round);
			for (Mode mode : modes) {
				rates[mode.ordinal()][round] = new Workload(url).measure(mode);
			}
		}
		System.out.printf("%n%-38s %10s %10s%n", "application, medians", "queries/s", "ratio");
		for (Mode mode : Mode.values()) {
			System.out.printf("%-38s %10.0f %10.3f%n", mode.getDescription(), median(rates[mode.ordinal()]),
					median(rates[mode.ordinal()]) / median(rates[Mode.WITHOUT.ordinal()]));
		}
	}

	private static String findUrl(ConfigurableApplicationContext context) throws SQLException {
		try (Connection connection = context.getBean("ordersDataSource", DataSource.class).getConnection()) {
			return connection.getMetaData().getURL() + "?user=" + connection.getMetaData().getUserName();
		}
	}

	private static void print(String topic, double cold, double warm, double locked) {
		System.out.printf("%-38s %10.0f %10.0f %10.0f%n", topic, cold, warm, locked);
	}

	static double millisSince(long begin) {
		return (System.nanoTime() - begin) / 1e6;
	}

	private static double sum(double[] values) {
		return Arrays.stream(values).sum();
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
	}

}
