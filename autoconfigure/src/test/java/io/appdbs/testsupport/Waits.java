package io.appdbs.testsupport;

import java.lang.management.ManagementFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts how often the current thread has waited for a monitor, a lock or a time.
 */
public final class Waits {

	private Waits() {
	}

	/**
	 * Asserts that a task never makes its thread wait, even if it is executed many times.
	 */
	public static void assertNone(Runnable task) {
		// loads classes
		task.run();
		long before = count();
		for (int i = 0; i < 100; i++) {
			task.run();
		}
		assertThat(count()).isEqualTo(before);
	}

	private static long count() {
		return ManagementFactory.getThreadMXBean().getThreadInfo(Thread.currentThread().getId()).getWaitedCount();
	}

}
