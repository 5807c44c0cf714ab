package io.appdbs.benchmarks.inspection;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

	static final Map<String, Function<Inspection, Report<?>>> TOPICS = new LinkedHashMap<>();

	static {
		TOPICS.put("size", Inspection::size);
		TOPICS.put("tables", Inspection::tables);
		TOPICS.put("indexes", Inspection::indexes);
		TOPICS.put("activity", Inspection::activity);
		TOPICS.put("statements", Inspection::statements);
		TOPICS.put("findings", Inspection::findings);
	}

	private static final int WARM_ROUNDS = 3;

	private static final int LOAD_ROUNDS = 5;

	/** An inspection that is asked for fresh results returns one of the last 10 s. */
	private static final long VALIDITY_MILLIS = 10_100;

	public static void main(String[] args) throws Exception {
		int tables = Integer.parseInt(args[0]);
		Path data = Files.createTempDirectory("inspection");
		try {
			create(data, tables);
			// another server process, with empty caches
			try (ConfigurableApplicationContext context = run(data)) {
				measure(context, data);
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(data);
		}
	}

	private static void create(Path data, int tables) {
		long begin = System.nanoTime();
		try (ConfigurableApplicationContext context = run(data)) {
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

	/**
	 * Runs an application with the database. Its indexes count as unused without being
	 * old, so that this check is measured as well.
	 */
	static ConfigurableApplicationContext run(Path data, String... properties) {
		List<String> arguments = new ArrayList<>(List.of(properties));
		arguments.add("--app.dbs.orders.url=embedded:postgresql?data-dir=" + data);
		arguments.add("--app.dbs.orders.inspection.findings.minimum-age=0s");
		arguments.add("--logging.level.root=error");
		return new SpringApplicationBuilder(InspectionBenchmark.class).bannerMode(Banner.Mode.OFF)
			.run(arguments.toArray(String[]::new));
	}

	private static void measure(ConfigurableApplicationContext context, Path data) throws Exception {
		Inspection inspection = context.getBean(Databases.class).get("orders").inspect();
		String url = findUrl(context);
		Map<String, Double> cold = inspect(inspection, "cold");
		Map<String, Double> warm = new LinkedHashMap<>();
		for (int round = 0; round < WARM_ROUNDS; round++) {
			Thread.sleep(VALIDITY_MILLIS);
			inspect(inspection, "warm").forEach((topic, millis) -> warm.merge(topic, millis, Math::min));
		}
		Thread.sleep(VALIDITY_MILLIS);
		Map<String, Double> locked;
		try (Connection other = DriverManager.getConnection(url); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
			locked = inspect(inspection, "locked");
		}
		System.out.printf("%n%-28s %10s %10s %10s%n", "milliseconds", "cold", "warm", "locked");
		TOPICS.keySet().forEach((topic) -> print(topic, cold.get(topic), warm.get(topic), locked.get(topic)));
		print("all topics", sum(cold), sum(warm), sum(locked));
		double checks = PgIndexHealthChecks.measure(url);
		System.out.printf("ratio to the findings%37.1f%n", checks / warm.get("findings"));
		measureApplication(data);
	}

	/**
	 * Measures the call of each topic, including the connection that it opens.
	 */
	private static Map<String, Double> inspect(Inspection inspection, String round) {
		Map<String, Double> millis = new LinkedHashMap<>();
		TOPICS.forEach((topic, reader) -> {
			long begin = System.nanoTime();
			Report<?> report = reader.apply(inspection.fresh());
			millis.put(topic, millisSince(begin));
			if (!report.isOk() || !report.exact() && report.message() != null) {
				System.out.printf("%s, %s: %s, %s%n", topic, round, report.status(), report.message());
			}
		});
		return millis;
	}

	private static void measureApplication(Path data) throws Exception {
		Map<Mode, List<Double>> rates = new LinkedHashMap<>();
		new Workload(data).measure(Mode.WITHOUT);
		for (int round = 0; round < LOAD_ROUNDS; round++) {
			for (Mode mode : Mode.values()) {
				rates.computeIfAbsent(mode, (key) -> new ArrayList<>()).add(new Workload(data).measure(mode));
			}
		}
		double without = median(rates.get(Mode.WITHOUT));
		System.out.printf("%n%-38s %10s %10s%n", "application, medians", "queries/s", "ratio");
		rates.forEach((mode, all) -> System.out.printf("%-38s %10.0f %10.3f%n", mode.getDescription(), median(all),
				median(all) / without));
	}

	private static String findUrl(ConfigurableApplicationContext context) throws SQLException {
		try (Connection connection = context.getBean("ordersDataSource", DataSource.class).getConnection()) {
			return connection.getMetaData().getURL() + "?user=" + connection.getMetaData().getUserName();
		}
	}

	private static void print(String topic, double cold, double warm, double locked) {
		System.out.printf("%-28s %10.0f %10.0f %10.0f%n", topic, cold, warm, locked);
	}

	static double millisSince(long begin) {
		return (System.nanoTime() - begin) / 1e6;
	}

	private static double sum(Map<String, Double> values) {
		return values.values().stream().mapToDouble(Double::doubleValue).sum();
	}

	private static double median(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
	}

}
