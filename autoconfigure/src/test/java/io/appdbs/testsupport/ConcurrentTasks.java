package io.appdbs.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task on several threads that begin together.
 */
public final class ConcurrentTasks {

	private ConcurrentTasks() {
	}

	/**
	 * Runs a task on each of several threads.
	 * @param <T> the type of the results
	 * @param threads the number of threads
	 * @param task the task, which receives the index of its thread
	 * @return the results in the order of the threads
	 * @throws Exception if a task fails or takes longer than ten minutes
	 */
	public static <T> List<T> run(int threads, Task<T> task) throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(threads);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int index = i;
				futures.add(executor.submit(() -> {
					barrier.await();
					return task.run(index);
				}));
			}
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get(10, TimeUnit.MINUTES));
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * A task of one thread.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	public interface Task<T> {

		T run(int index) throws Exception;

	}

}
