package io.appdbs.bean.jpa;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.AsyncTaskExecutor;

/**
 * Builds a persistence unit on a separate thread, after a preparation that may wait for
 * the database.
 */
final class PersistenceUnitExecutor implements AsyncTaskExecutor {

	private final String database;

	private final Runnable preparation;

	private volatile @Nullable PersistenceUnitFuture<?> unit;

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
		PersistenceUnitFuture<T> unit = new PersistenceUnitFuture<>(this.database, this.preparation, task);
		this.unit = unit;
		unit.start();
		return unit;
	}

	/**
	 * Calls on a thread that waits for the unit if the current thread builds it.
	 * @param <T> the type of the result
	 * @param call the call, which may request beans
	 * @return the result
	 */
	<T> T callWhereAwaited(Supplier<T> call) {
		PersistenceUnitFuture<?> unit = this.unit;
		return (unit != null) ? unit.callWhereAwaited(call) : call.get();
	}

	/**
	 * Ends the waiting for a unit that has not been built yet, since the application is
	 * closed.
	 */
	void shutdown() {
		PersistenceUnitFuture<?> unit = this.unit;
		if (unit != null) {
			unit.shutdown();
		}
	}

}
