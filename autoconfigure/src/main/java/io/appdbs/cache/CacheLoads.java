package io.appdbs.cache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The values of a cache that are being loaded. Callers of the same key share one load. A
 * value is stored only if its key has not been changed since the load began.
 * <p>
 * Caffeine could do this itself, but a key could then not be changed by its own load, and
 * an asynchronous cache would load on another thread, without its context.
 */
final class CacheLoads {

	/** After this time, callers load themselves. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

	private final ConcurrentMap<Object, Load> loads = new ConcurrentHashMap<>();

	private final Function<Object, @Nullable Object> finder;

	private final BiConsumer<Object, Object> store;

	private final Duration longestWait;

	/**
	 * Creates new {@link CacheLoads}.
	 * @param finder finds a value in the cache
	 * @param store stores a value in the cache
	 */
	CacheLoads(Function<Object, @Nullable Object> finder, BiConsumer<Object, Object> store) {
		this(finder, store, LONGEST_WAIT);
	}

	CacheLoads(Function<Object, @Nullable Object> finder, BiConsumer<Object, Object> store, Duration longestWait) {
		this.finder = finder;
		this.store = store;
		this.longestWait = longestWait;
	}

	/**
	 * Makes a change of one key.
	 */
	void change(Object key, Runnable change) {
		this.loads.compute(key, (same, load) -> {
			change.run();
			return null;
		});
	}

	/**
	 * Makes a change of all keys.
	 */
	void changeAll(Runnable change) {
		this.loads.clear();
		change.run();
	}

	/**
	 * Loads a value on this thread, or waits for the thread that does.
	 */
	Object load(Object key, Callable<Object> loader) throws Exception {
		Load load = new Load(Thread.currentThread());
		Load other = this.loads.putIfAbsent(key, load);
		if (other != null) {
			Object value = await(key, other);
			return (value != null) ? value : loader.call();
		}
		try {
			Object found = findStored(key, load);
			if (found != null) {
				return found;
			}
			Object value = loader.call();
			end(key, load, value);
			return value;
		}
		catch (Exception | Error ex) {
			fail(key, load, ex);
			throw ex;
		}
	}

	/**
	 * Returns the value of another load, or {@code null} if it fails, which may be for a
	 * reason of its thread, or takes too long. The own thread may not wait for itself,
	 * nor may a thread wait for what it may have to complete.
	 */
	private @Nullable Object await(Object key, Load other) {
		if (other.thread == null || other.thread == Thread.currentThread()) {
			return null;
		}
		try {
			return other.value.get(this.longestWait.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (TimeoutException ex) {
			this.loads.remove(key, other);
		}
		catch (ExecutionException ex) {
			// reported to the caller whose load it is
		}
		return null;
	}

	/**
	 * Begins to load a value, or shares the load that has begun.
	 */
	CompletableFuture<Object> loadAsync(Object key, Supplier<CompletableFuture<Object>> loader) {
		Load load = new Load(null);
		Load other = this.loads.putIfAbsent(key, load);
		if (other != null) {
			return (other.thread == Thread.currentThread()) ? loader.get() : share(key, other, loader);
		}
		Object found = findStored(key, load);
		if (found != null) {
			return CompletableFuture.completedFuture(found);
		}
		try {
			return loader.get().whenComplete((value, failure) -> {
				if (failure != null) {
					fail(key, load, failure);
				}
				else {
					end(key, load, value);
				}
			});
		}
		catch (RuntimeException | Error ex) {
			fail(key, load, ex);
			throw ex;
		}
	}

	private CompletableFuture<Object> share(Object key, Load other, Supplier<CompletableFuture<Object>> loader) {
		return other.value.thenApply(Function.identity())
			.orTimeout(this.longestWait.toNanos(), TimeUnit.NANOSECONDS)
			.exceptionallyCompose((failure) -> {
				this.loads.remove(key, other);
				return loader.get();
			});
	}

	/**
	 * Finds a value that was stored before the load began, which is then not needed.
	 */
	private @Nullable Object findStored(Object key, Load load) {
		Object found = this.finder.apply(key);
		if (found != null) {
			this.loads.remove(key, load);
			load.value.complete(found);
		}
		return found;
	}

	private void end(Object key, Load load, Object value) {
		this.loads.computeIfPresent(key, (same, current) -> {
			if (current != load) {
				return current;
			}
			this.store.accept(key, value);
			return null;
		});
		load.value.complete(value);
	}

	private void fail(Object key, Load load, Throwable failure) {
		this.loads.remove(key, load);
		load.value.completeExceptionally(failure);
	}

	/**
	 * A value that is being loaded.
	 */
	private static final class Load {

		private final CompletableFuture<Object> value = new CompletableFuture<>();

		private final @Nullable Thread thread;

		/**
		 * Creates a new {@link Load}.
		 * @param thread the thread that loads, or {@code null} if it is not known
		 */
		Load(@Nullable Thread thread) {
			this.thread = thread;
		}

	}

}
