package io.appdbs.testsupport;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads the state of the database {@code orders} of an application, and its threads.
 */
public final class TestDatabases {

	private TestDatabases() {
	}

	public static Database orders(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders");
	}

	public static DatabaseState state(ApplicationContext context) {
		return orders(context).getState();
	}

	/**
	 * Returns whether a query succeeds.
	 */
	public static boolean answers(ApplicationContext context) {
		try {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			return Integer.valueOf(1).equals(template.queryForObject("select 1", Integer.class));
		}
		catch (DataAccessException ex) {
			return false;
		}
	}

	/**
	 * Returns the names of the threads with a prefix, except for those of embedded
	 * servers.
	 */
	public static List<String> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> hasPrefix(thread, prefix))
			.map(Thread::getName)
			.sorted()
			.toList();
	}

	private static boolean hasPrefix(Thread thread, String prefix) {
		return thread.getName().startsWith(prefix) && !thread.getName().startsWith("appdbs-embedded");
	}

	/**
	 * Waits at most 60 seconds until all threads with a prefix have ended.
	 */
	public static void awaitNoThreads(String prefix) {
		awaitNoThreadsSince(Set.of(), prefix);
	}

	/**
	 * Waits at most 60 seconds until all threads with one of the prefixes have ended,
	 * except for those that another test has left. The failure has their stack traces.
	 */
	public static void awaitNoThreadsSince(Set<Thread> earlier, String... prefixes) {
		await().untilAsserted(() -> {
			Map<Thread, StackTraceElement[]> threads = new HashMap<>(Thread.getAllStackTraces());
			threads.keySet()
				.removeIf((thread) -> earlier.contains(thread)
						|| Stream.of(prefixes).noneMatch((prefix) -> hasPrefix(thread, prefix)));
			assertThat(threads).isEmpty();
		});
	}

	private static ConditionFactory await() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60));
	}

	/**
	 * Waits at most 60 seconds for a condition, which is tested every 10 milliseconds.
	 */
	public static void await(Callable<Boolean> condition) {
		await().until(condition);
	}

}
