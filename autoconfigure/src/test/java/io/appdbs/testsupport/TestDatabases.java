package io.appdbs.testsupport;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import org.awaitility.Awaitility;

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
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix) && !name.startsWith("appdbs-embedded"))
			.sorted()
			.toList();
	}

	/**
	 * Waits at most 60 seconds until all threads with a prefix have ended.
	 */
	public static void awaitNoThreads(String prefix) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(threads(prefix)).isEmpty());
	}

	/**
	 * Waits at most 60 seconds for a condition, which is tested every 10 milliseconds.
	 */
	public static void await(Callable<Boolean> condition) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60))
			.until(condition);
	}

}
