package io.appdbs.bean.jpa;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import jakarta.persistence.PersistenceException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.AsyncTaskExecutor;

/**
 * Builds a persistence unit on a separate thread, after a preparation that may wait for
 * the database.
 */
final class PersistenceUnitExecutor implements AsyncTaskExecutor {

	private final String database;

	private final Runnable preparation;

	private volatile @Nullable CompletableFuture<?> result;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a new {@link PersistenceUnitExecutor}.
	 * @param database the name of the database
	 * @param preparation runs on the thread before the unit is built
	 */
	PersistenceUnitExecutor(String database, Runnable preparation) {
		this.database = database;
		this.preparation = preparation;
	}

	@Override
	public void execute(Runnable task) {
		submit(() -> {
			task.run();
			return null;
		});
	}

	@Override
	public <T> Future<T> submit(Callable<T> task) {
		CompletableFuture<T> future = new CompletableFuture<>();
		this.result = future;
		Thread thread = new Thread(() -> run(task, future), "appdbs-jpa-" + this.database);
		thread.setDaemon(true);
		thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
		this.thread = thread;
		thread.start();
		return future;
	}

	private <T> void run(Callable<T> task, CompletableFuture<T> future) {
		try {
			this.preparation.run();
			if (!future.isDone()) {
				future.complete(task.call());
			}
		}
		catch (Throwable ex) {
			future.completeExceptionally(ex);
		}
	}

	/**
	 * Ends the waiting for a unit that has not been built yet, since the application is
	 * closed.
	 */
	void shutdown() {
		CompletableFuture<?> future = this.result;
		Thread thread = this.thread;
		if (future != null && thread != null && future.completeExceptionally(new PersistenceException(
				"The application was closed before the persistence unit '%s' was built".formatted(this.database)))) {
			thread.interrupt();
		}
	}

}
