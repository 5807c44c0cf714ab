package io.appdbs.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.support.AbstractValueAdaptingCache;
import org.springframework.util.Assert;

/**
 * Cache whose changes wait for the commit, if the calling thread has a transaction of the
 * database. Until then, they are visible to nobody: within the transaction, an entry that
 * it changes is missing, so that it is read from the database.
 */
final class DatabaseCache extends AbstractValueAdaptingCache {

	private final String name;

	private final Cache<Object, Object> cache;

	private final CacheTransactions transactions;

	private final CacheLoads loads;

	DatabaseCache(String name, Cache<Object, Object> cache, CacheTransactions transactions) {
		super(true);
		this.name = name;
		this.cache = cache;
		this.transactions = transactions;
		// the view counts neither hits nor misses, which have been counted before
		this.loads = new CacheLoads(cache.asMap()::get, cache::put);
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Cache<Object, Object> getNativeCache() {
		return this.cache;
	}

	CacheUsage getUsage() {
		this.cache.cleanUp();
		CacheStats stats = this.cache.stats();
		return new CacheUsage(this.name, this.cache.estimatedSize(), stats.hitCount(), stats.missCount(),
				stats.evictionCount());
	}

	@Override
	protected @Nullable Object lookup(Object key) {
		CacheChanges changes = this.transactions.getChanges();
		return (changes != null && changes.isChanged(this, key)) ? null : this.cache.getIfPresent(key);
	}

	/**
	 * Inside a transaction, the value may be one that is rolled back, so it is not
	 * stored.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		Object found = lookup(key);
		if (found != null) {
			return (T) fromStoreValue(found);
		}
		try {
			return (this.transactions.getChanges() != null) ? valueLoader.call()
					: (T) fromStoreValue(this.loads.load(key, () -> toStoreValue(valueLoader.call())));
		}
		catch (Exception ex) {
			throw new ValueRetrievalException(key, valueLoader, ex);
		}
	}

	@Override
	public @Nullable CompletableFuture<?> retrieve(Object key) {
		Object found = lookup(key);
		return (found != null) ? CompletableFuture.completedFuture(toValueWrapper(found)) : null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		Object found = lookup(key);
		if (found != null) {
			return CompletableFuture.completedFuture((T) fromStoreValue(found));
		}
		return (this.transactions.getChanges() != null) ? valueLoader.get()
				: this.loads.loadAsync(key, () -> valueLoader.get().thenApply(this::toStoreValue))
					.thenApply((value) -> (T) fromStoreValue(value));
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		Object stored = toStoreValue(value);
		change(key, () -> this.cache.put(key, stored));
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		Object stored = toStoreValue(value);
		Object[] existing = { lookup(key) };
		if (existing[0] == null) {
			change(key, () -> existing[0] = this.cache.asMap().putIfAbsent(key, stored));
		}
		return toValueWrapper(existing[0]);
	}

	@Override
	public void evict(Object key) {
		change(key, () -> this.cache.invalidate(key));
	}

	@Override
	public boolean evictIfPresent(Object key) {
		boolean present = lookup(key) != null;
		evict(key);
		return present;
	}

	@Override
	public void clear() {
		CacheChanges changes = this.transactions.getChanges();
		if (changes == null) {
			clearNow();
		}
		else {
			changes.add(this, null, this::clearNow);
		}
	}

	@Override
	public boolean invalidate() {
		boolean present = !this.cache.asMap().isEmpty();
		clear();
		return present;
	}

	void clearNow() {
		this.loads.changeAll(this.cache::invalidateAll);
	}

	void evictNow(Object key) {
		this.loads.change(key, () -> this.cache.invalidate(key));
	}

	private void change(Object key, Runnable change) {
		Assert.notNull(key, "'key' must not be null");
		CacheChanges changes = this.transactions.getChanges();
		if (changes == null) {
			this.loads.change(key, change);
		}
		else {
			changes.add(this, key, () -> this.loads.change(key, change));
		}
	}

}
