package io.appdbs.bean;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.management.ObjectName;

import io.appdbs.Database;
import io.appdbs.DatabaseRemoval;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.testsupport.ApplicationClassLoader;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TestDatabases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with many databases that are added and removed while the application runs. The
 * system property {@code appdbs.runtime-databases} sets the number of those on the
 * server, and a quarter of the others.
 */
@ApplicationClassLoader
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyRuntimeDatabasesTests {

	private static final int DATABASES = Integer.getInteger("appdbs.runtime-databases", 40);

	/** Those that share an H2 database. */
	private static final int NAMES = 4 * DATABASES;

	private static final int THREADS = 16;

	private static final int CONNECTIONS = 20;

	private static final int METERS = 10;

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false", "app.dbs.control.url=jdbc:h2:mem:control",
				"app.dbs-runtime.template.pool.max-size=3", "app.dbs-runtime.template.privileges.verify=off",
				"app.dbs-runtime.max-connections=" + CONNECTIONS, "app.dbs-runtime.max-meters=" + METERS,
				"app.dbs-runtime.max-databases=" + NAMES);

	@Test
	void whenTwoThreadsAddANameThenExactlyOneWins() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			RuntimeDatabaseSettings settings = RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:shared;DB_CLOSE_DELAY=-1");
			AtomicInteger next = new AtomicInteger();
			AtomicInteger won = new AtomicInteger();
			AtomicInteger refused = new AtomicInteger();
			ConcurrentTasks.run(THREADS, (thread) -> {
				for (int i = next.getAndIncrement(); i < 2 * NAMES; i = next.getAndIncrement()) {
					try {
						databases.add("tenant-" + i / 2, settings);
						won.incrementAndGet();
					}
					catch (IllegalDatabaseOperationException ex) {
						refused.incrementAndGet();
					}
				}
				return null;
			});
			assertThat(won).hasValue(NAMES);
			assertThat(refused).hasValue(NAMES);
			assertThat(databases.getNames()).hasSize(NAMES + 1);
			TestDatabases.await(() -> databases.getCounts().up() == NAMES + 1);
			assertThat(TestDatabases.threads("appdbs-runtime-open")).hasSizeLessThanOrEqualTo(4);
		});
		TestDatabases.awaitNoThreads("appdbs-");
	}

	@Test
	void whenManyAreAddedUsedAndRemovedThenNothingIsLeft() throws Exception {
		String url = servers.getUrl("embedded:postgresql", "tenants");
		try (Server server = new Server(url)) {
			this.runner.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				long before = heap();
				List<Database> all = new ArrayList<>();
				for (String name : names()) {
					all.add(databases.add(name, RuntimeDatabaseSettings.ofUrl(url)));
				}
				for (Database database : all) {
					assertThat(database.awaitUp(Duration.ofMinutes(2))).as(database.toString()).isTrue();
				}
				System.out.printf("%d databases at run time: %d KiB of heap each, %d threads, %d connections%n",
						DATABASES, (heap() - before) / 1024 / DATABASES, Thread.activeCount(), server.connections());
				assertThat(measured(context.getBean(MeterRegistry.class))).hasSize(METERS);
				work(databases, all, context.getBean(ConnectionBudget.class), server);
				TestDatabases.await(() -> server.connections() == 0);
				assertThat(databases.getNames()).containsExactly("control");
				assertThat(context.getBean(ConnectionBudget.class).getConnections()).isEmpty();
				assertThat(measured(context.getBean(MeterRegistry.class))).isEmpty();
				assertThat(ManagementFactory.getPlatformMBeanServer()
					.queryNames(new ObjectName("*:name=*tenant-*,*"), null)).isEmpty();
				TestDatabases.await(() -> TestDatabases.threads("appdbs-connect").isEmpty()
						&& TestDatabases.threads("tenant-").isEmpty());
			});
		}
		TestDatabases.awaitNoThreads("appdbs-");
	}

	/**
	 * Works on all databases while they are removed one after the other.
	 */
	private static void work(Databases databases, List<Database> all, ConnectionBudget budget, Server server)
			throws Exception {
		AtomicBoolean ended = new AtomicBoolean();
		AtomicInteger units = new AtomicInteger();
		AtomicInteger failures = new AtomicInteger();
		AtomicInteger aborted = new AtomicInteger();
		AtomicInteger peak = new AtomicInteger();
		AtomicInteger peakOfServer = new AtomicInteger();
		ConcurrentTasks.run(THREADS + 2, (thread) -> {
			if (thread == 0) {
				TestDatabases.await(() -> units.get() > 10 * THREADS);
				for (Database database : all) {
					DatabaseRemoval removal = databases.remove(database.getName());
					aborted.addAndGet(removal.aborted());
				}
				ended.set(true);
			}
			else if (thread == 1) {
				while (!ended.get()) {
					peak.accumulateAndGet(budget.getUsage().open(), Math::max);
					// includes those that have just been closed
					peakOfServer.accumulateAndGet(server.connections(), Math::max);
				}
			}
			else {
				while (!ended.get()) {
					Database database = all.get(ThreadLocalRandom.current().nextInt(all.size()));
					if (!use(database)) {
						failures.incrementAndGet();
					}
					units.incrementAndGet();
				}
			}
			return null;
		});
		System.out.printf("%d units of work, %d connections at most, %d counted by the server%n", units.get(),
				peak.get(), peakOfServer.get());
		assertThat(aborted).hasValue(0);
		assertThat(failures).hasValue(0);
		assertThat(peak.get()).isLessThanOrEqualTo(CONNECTIONS);
	}

	/**
	 * Uses a database.
	 * @return whether it worked, or failed because the database was removed
	 */
	private static boolean use(Database database) {
		try {
			Integer one = database.getTransactionTemplate()
				.execute((status) -> database.getBean(JdbcClient.class).sql("SELECT 1").query(Integer.class).single());
			return one != null && one == 1;
		}
		catch (RuntimeException ex) {
			boolean removed = database.getState() == DatabaseState.CLOSED;
			if (!removed) {
				ex.printStackTrace();
			}
			return removed;
		}
	}

	/**
	 * Returns which databases that were added at run time have meters.
	 */
	private static Set<String> measured(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.flatMap((meter) -> Stream.ofNullable(meter.getId().getTag("db")))
			.filter((name) -> name.startsWith("tenant-"))
			.collect(Collectors.toSet());
	}

	private static List<String> names() {
		return IntStream.range(0, DATABASES).mapToObj((i) -> "tenant-" + i).toList();
	}

	private static long heap() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	/**
	 * Counts the connections of the server, except for its own.
	 */
	private static final class Server implements AutoCloseable {

		private final Connection connection;

		Server(String url) throws SQLException {
			String address = url.substring(url.indexOf('@') + 1);
			this.connection = DriverManager.getConnection(
					"jdbc:postgresql://" + address.substring(0, address.indexOf('/')) + "/postgres?user=postgres");
		}

		synchronized int connections() throws SQLException {
			try (ResultSet result = this.connection.createStatement()
				.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = 'tenants'")) {
				result.next();
				return result.getInt(1);
			}
		}

		@Override
		public void close() throws SQLException {
			this.connection.close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
