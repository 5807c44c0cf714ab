package io.appdbs.cache;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;

import org.springframework.cache.CacheManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * {@link CacheManager} that creates a Caffeine cache for each name that is requested.
 * Requires the library Caffeine.
 */
public final class DatabaseCacheManager implements DatabaseCaches {

	private final CaffeineSpec spec;

	/** Whether the specification records statistics, which Caffeine accepts only once. */
	private final boolean recording;

	private final CacheTransactions transactions = new CacheTransactions();

	private final ConcurrentMap<String, DatabaseCache> caches = new ConcurrentHashMap<>();

	private final List<BiConsumer<String, Cache<Object, Object>>> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates a new {@link DatabaseCacheManager}.
	 * @param spec the specification of each cache
	 * @throws IllegalArgumentException if Caffeine does not accept the specification
	 */
	public DatabaseCacheManager(String spec) {
		this.spec = CaffeineSpec.parse(spec);
		this.recording = List.of(spec.split("[,\\s]+")).contains("recordStats");
	}

	@Override
	public org.springframework.cache.Cache getCache(String name) {
		// creating one calls the listeners, which may take longer
		DatabaseCache cache = this.caches.get(name);
		return (cache != null) ? cache : create(name);
	}

	private synchronized DatabaseCache create(String name) {
		DatabaseCache cache = this.caches.get(name);
		if (cache == null) {
			Caffeine<Object, Object> builder = Caffeine.from(this.spec);
			cache = new DatabaseCache(name, (this.recording ? builder : builder.recordStats()).build(),
					this.transactions);
			this.caches.put(name, cache);
			Cache<Object, Object> nativeCache = cache.getNativeCache();
			this.listeners.forEach((listener) -> listener.accept(name, nativeCache));
		}
		return cache;
	}

	@Override
	public Collection<String> getCacheNames() {
		return Set.copyOf(this.caches.keySet());
	}

	/**
	 * Calls a listener for each cache, present and future.
	 * @param listener receives the name of a cache and Caffeine's cache
	 */
	public synchronized void addListener(BiConsumer<String, Cache<Object, Object>> listener) {
		this.listeners.add(listener);
		this.caches.forEach((name, cache) -> listener.accept(name, cache.getNativeCache()));
	}

	@Override
	public List<CacheUsage> getUsage() {
		return new TreeSet<>(getCacheNames()).stream().map(this.caches::get).map(DatabaseCache::getUsage).toList();
	}

	@Override
	public void clear() {
		this.caches.values().forEach(DatabaseCache::clearNow);
	}

	@Override
	public TransactionExecutionListener createListener(PlatformTransactionManager manager) {
		return this.transactions.createListener(manager);
	}

}
