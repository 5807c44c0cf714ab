package io.appdbs.testsupport;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs a task that may block on a thread of its own. Since JDK 25, the methods of
 * {@link CompletableFuture} that take no executor run all tasks on one thread if there
 * are two processors: a task that blocks delays those of other tests.
 */
public final class SeparateThread {

	private SeparateThread() {
	}

	public static CompletableFuture<Void> run(Runnable task) {
		return CompletableFuture.runAsync(task, SeparateThread::start);
	}

	public static <T> CompletableFuture<T> supply(Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, SeparateThread::start);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "separate");
		thread.setDaemon(true);
		thread.start();
	}

}
