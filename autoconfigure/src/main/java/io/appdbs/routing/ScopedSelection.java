package io.appdbs.routing;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Selects the database of a route for the time that code runs. It overrides the
 * {@link DatabaseSelector} of the route. Select a database before a transaction begins: a
 * transaction has one database.
 * <p>
 * A selection belongs to a thread and ends with the code. No other thread inherits it;
 * Micrometer's context propagation takes it along where the application asks for that.
 */
public final class ScopedSelection {

	private static final ThreadLocal<String> current = new ThreadLocal<>();

	private ScopedSelection() {
	}

	/**
	 * Returns the database that was selected for this thread.
	 * @return the name or {@code null} if none was selected; a {@link DatabaseSelector}
	 * may still select one
	 */
	public static @Nullable String getDatabase() {
		return current.get();
	}

	/**
	 * Runs code with a selected database. Calls can be nested; the former selection is
	 * restored.
	 * @param database the name of the database
	 * @param task the code
	 */
	public static void run(String database, Runnable task) {
		supply(database, () -> {
			task.run();
			return Boolean.TRUE;
		});
	}

	/**
	 * Runs code with a selected database. Calls can be nested; the former selection is
	 * restored.
	 * @param <T> the type of the result
	 * @param database the name of the database
	 * @param task the code
	 * @return what the code returned
	 */
	public static <T extends @Nullable Object> T supply(String database, Supplier<T> task) {
		String former = begin(database);
		try {
			return task.get();
		}
		finally {
			set(former);
		}
	}

	/**
	 * Calls code with a selected database. Calls can be nested; the former selection is
	 * restored.
	 * @param <T> the type of the result
	 * @param database the name of the database
	 * @param task the code
	 * @return what the code returned
	 * @throws Exception if the code threw it
	 */
	public static <T extends @Nullable Object> T call(String database, Callable<T> task) throws Exception {
		String former = begin(database);
		try {
			return task.call();
		}
		finally {
			set(former);
		}
	}

	private static @Nullable String begin(String database) {
		Assert.hasText(database, "'database' must not be empty");
		String former = current.get();
		current.set(database);
		return former;
	}

	static void set(@Nullable String database) {
		if (database != null) {
			current.set(database);
		}
		else {
			current.remove();
		}
	}

}
