package io.appdbs.lifecycle;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.MigrationFolder;
import org.awaitility.Awaitility;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that many databases start at the same time, and for what is left of the start
 * afterwards: sixteen databases with five migrations each, on a real server.
 */
class ParallelStartTests {

	private static final List<String> NAMES = IntStream.rangeClosed(1, 16).mapToObj((i) -> "parallel" + i).toList();

	private static final int MIGRATIONS = 5;

	private static final int MIN_SIZE = 2;

	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	@AfterAll
	static void stopServers() {
		servers.close();
	}

	@Test
	void theMigrationsOfAllDatabasesOverlapAndLeaveNothingOpen() {
		Meeting meeting = new Meeting(NAMES.size());
		runner(meeting).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(meeting.count).hasValue(MIGRATIONS);
			assertThat(meeting.threads).containsExactlyInAnyOrderElementsOf(threadsNamedAfterDatabases());
			Awaitility.await()
				.untilAsserted(() -> assertThat(threads(context)).allMatch(ParallelStartTests::staysAfterTheStart));
			Awaitility.await().untilAsserted(() -> assertThat(pools(context)).allMatch(ParallelStartTests::isFull));
			Awaitility.await()
				.untilAsserted(() -> assertThat(connections(context)).hasSameSizeAs(NAMES)
					.allSatisfy((database, count) -> assertThat(count).as(database).isEqualTo(MIN_SIZE + 1)));
			assertThat(threads(context)).filteredOn((name) -> name.startsWith("appdbs-monitor-"))
				.hasSizeLessThanOrEqualTo(NAMES.size());
		});
	}

	private ApplicationContextRunner runner(Meeting meeting) {
		MigrationFolder migrations = new MigrationFolder(this.folder);
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withClassLoader(migrations.classLoader())
			.withPropertyValues("app.dbs-defaults.pool.min-size=" + MIN_SIZE);
		for (String name : NAMES) {
			migrations.write(name + "/V1__create.sql", "create table item (name varchar(20));");
			for (int version = 2; version <= MIGRATIONS; version++) {
				migrations.write(name + "/V" + version + "__fill.sql",
						"insert into item values ('%d');".formatted(version));
			}
			runner = runner
				.withPropertyValues("app.dbs.%s.url=%s".formatted(name, servers.getUrl("embedded:postgresql", name)))
				// the name of a bean is a qualifier
				.withBean(name, Callback.class, () -> meeting);
		}
		return runner;
	}

	private static List<String> threadsNamedAfterDatabases() {
		return NAMES.stream().map((name) -> "appdbs-" + name).toList();
	}

	/**
	 * Returns the threads that the application has started. They have its class loader,
	 * like the thread of the test while the application runs.
	 */
	private static List<String> threads(ApplicationContext context) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getContextClassLoader() == context.getClassLoader())
			.filter((thread) -> !isOfTheTest(thread))
			.map(Thread::getName)
			.toList();
	}

	private static boolean isOfTheTest(Thread thread) {
		return thread.getName().equals("main") || thread.getName().equals("awaitility-thread");
	}

	private static boolean staysAfterTheStart(String thread) {
		return thread.matches("appdbs-(monitor|backup)-\\d+")
				|| NAMES.stream().anyMatch((name) -> thread.startsWith(name + ":"));
	}

	private static List<HikariDataSource> pools(ApplicationContext context) throws SQLException {
		List<HikariDataSource> pools = new ArrayList<>();
		for (DataSource dataSource : context.getBeansOfType(DataSource.class).values()) {
			pools.add(dataSource.unwrap(HikariDataSource.class));
		}
		return pools;
	}

	private static boolean isFull(HikariDataSource pool) {
		return pool.getHikariPoolMXBean().getIdleConnections() == MIN_SIZE;
	}

	/**
	 * Returns the number of connections on the server by database.
	 */
	private static Map<String, Integer> connections(ApplicationContext context) {
		return JdbcClient.create(context.getBean("parallel1DataSource", DataSource.class))
			.sql("select datname, count(*) from pg_stat_activity where datname like 'parallel%' group by datname")
			.query((row, number) -> Map.entry(row.getString(1), row.getInt(2)))
			.list()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	/**
	 * Blocks each migration until all databases have reached it, which fails if they are
	 * migrated one after the other.
	 */
	private static final class Meeting implements Callback {

		private final AtomicInteger count = new AtomicInteger();

		private final Set<String> threads = ConcurrentHashMap.newKeySet();

		private final CyclicBarrier barrier;

		Meeting(int parties) {
			this.barrier = new CyclicBarrier(parties, this.count::incrementAndGet);
		}

		@Override
		public boolean supports(Event event, Context context) {
			return event == Event.BEFORE_EACH_MIGRATE;
		}

		@Override
		public boolean canHandleInTransaction(Event event, Context context) {
			return true;
		}

		@Override
		public void handle(Event event, Context context) {
			this.threads.add(Thread.currentThread().getName());
			try {
				this.barrier.await(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException | BrokenBarrierException | TimeoutException ex) {
				throw new IllegalStateException("The others have not come", ex);
			}
		}

		@Override
		public String getCallbackName() {
			return "meeting";
		}

	}

}
