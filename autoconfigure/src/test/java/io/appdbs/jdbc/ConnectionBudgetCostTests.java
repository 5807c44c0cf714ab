package io.appdbs.jdbc;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.appdbs.jdbc.BudgetedDatabases.Member;
import io.appdbs.jdbc.budget.ConnectionBudget;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts what the pools of a {@link ConnectionBudget} cost. Their number is the system
 * property {@code appdbs.test.budget.cost}, that of connections
 * {@code appdbs.test.budget.limit}.
 */
class ConnectionBudgetCostTests {

	private static final int POOLS = Integer.getInteger("appdbs.test.budget.cost", 40);

	private static final int LIMIT = Integer.getInteger("appdbs.test.budget.limit", 20);

	private static final String THREADS = "appdbs-runtime-";

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	@Test
	void poolsThatNobodyUsesHaveNoThreads() throws Exception {
		try (BudgetedDatabases databases = new BudgetedDatabases(servers, LIMIT, 10, Duration.ofMillis(500))) {
			List<Member> members = new ArrayList<>();
			members.add(databases.open("first"));
			ThreadMXBean threads = ManagementFactory.getThreadMXBean();
			long heap = usedHeap();
			for (int i = 1; i < POOLS; i++) {
				members.add(databases.open("cost" + i));
			}
			awaitFewThreads();
			long heapPerPool = (usedHeap() - heap) / (POOLS - 1);
			int idleThreads = threads.getThreadCount();
			threads.resetPeakThreadCount();
			borrowFromEach(members);
			int peak = threads.getPeakThreadCount();
			System.out.printf(
					"Java %s, %d pools, limit %d: %d threads while nobody uses them, at most %d for one borrow of each by 16 threads, %d KiB of heap per pool with its share of the connections, %s%n",
					Runtime.version().feature(), POOLS, LIMIT, idleThreads, peak, heapPerPool / 1024,
					databases.budget().getUsage());
			awaitFewThreads();
			assertThat(databases.budget().getUsage().rejected()).isZero();
			assertThat(databases.budget().getUsage().open()).isLessThanOrEqualTo(LIMIT);
		}
		Awaitility.await().until(() -> countThreads() == 0);
	}

	private static void borrowFromEach(List<Member> members) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(16);
		List<Future<?>> borrowed = new ArrayList<>();
		for (Member member : members) {
			borrowed.add(callers.submit(() -> {
				try (Connection connection = member.borrow()) {
					return connection.isValid(5);
				}
			}));
		}
		for (Future<?> each : borrowed) {
			assertThat(each.get()).isEqualTo(true);
		}
		callers.shutdown();
	}

	/**
	 * Two that are shared, and one that adds or closes connections at this moment.
	 */
	private static void awaitFewThreads() {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> countThreads() <= 3);
	}

	private static long countThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith(THREADS))
			.count();
	}

	private static long usedHeap() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
