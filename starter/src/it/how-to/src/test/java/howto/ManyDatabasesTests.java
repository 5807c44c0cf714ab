package howto;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.example.many.ManyApplication;
import com.sun.management.OperatingSystemMXBean;
import io.appdbs.DatabaseCounts;
import io.appdbs.Databases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Prints the figures of the page. The variable {@code HOW_TO_DATABASES} sets the number
 * of databases.
 */
class ManyDatabasesTests {

	private static final int DATABASES = Integer.parseInt(System.getenv().getOrDefault("HOW_TO_DATABASES", "8"));

	@Test
	void databasesAreUpWithFewConnections() {
		Server.createRole("shop_app", "");
		List<String> arguments = new ArrayList<>(
				List.of("--SHOP_PASSWORD=change-me", "--spring.main.web-application-type=none"));
		IntStream.rangeClosed(1, DATABASES).forEach((number) -> {
			String name = "store%03d".formatted(number);
			Server.create(name);
			arguments.add("--app.dbs.store-%03d.url=postgresql://%s/%s".formatted(number, Server.address(), name));
		});
		try (Section section = new Section("use-200-databases")) {
			int threads = threads();
			long heap = heap();
			long begin = System.nanoTime();
			long processorTime = processorTime();
			ApplicationContext context = section.run(ManyApplication.class, arguments.toArray(String[]::new));
			Duration time = Duration.ofNanos(System.nanoTime() - begin);
			DatabaseCounts counts = context.getBean(Databases.class).getCounts();
			assertThat(counts.up()).isEqualTo(DATABASES);
			assertThat(connections()).isBetween(DATABASES, 2 * DATABASES);
			System.out.printf("""
					%d databases: started in %d ms, %d ms of processor time, %d connections, %d threads, %d MiB of heap
					""", DATABASES, time.toMillis(), (processorTime() - processorTime) / 1_000_000, connections(),
					threads() - threads, (heap() - heap) >> 20);
			if (System.getenv("HOW_TO_DATABASES") != null) {
				Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> connections() == DATABASES);
				System.out.printf("%d connections when nobody works, after %d s%n", DATABASES,
						Duration.ofNanos(System.nanoTime() - begin).toSeconds());
			}
		}
	}

	private static int connections() {
		return Server.jdbc()
			.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'shop_app'")
			.query(Integer.class)
			.single();
	}

	private static long processorTime() {
		return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
	}

	private static int threads() {
		return ManagementFactory.getThreadMXBean().getThreadCount();
	}

	private static long heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
