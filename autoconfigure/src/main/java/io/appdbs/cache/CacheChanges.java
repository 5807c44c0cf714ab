package io.appdbs.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Changes of caches that wait for the commit of a transaction. They belong to the thread
 * of the transaction.
 */
final class CacheChanges implements TransactionSynchronization {

	private final TransactionExecution transaction;

	private final @Nullable Object resourceFactory;

	private final @Nullable Object resource;

	private final @Nullable CacheChanges outer;

	private final Consumer<CacheChanges> end;

	private final List<Change> changes = new ArrayList<>();

	/** The keys that have been changed, including those until a savepoint. */
	private final Map<DatabaseCache, Set<Object>> keys = new HashMap<>();

	private final Set<DatabaseCache> cleared = new HashSet<>();

	private final Map<Object, Integer> savepoints = new IdentityHashMap<>();

	private boolean completed;

	/**
	 * Creates new {@link CacheChanges}.
	 * @param transaction the transaction that has begun
	 * @param resourceFactory what Spring binds the resource of the transaction to, or
	 * {@code null} if the manager does not tell
	 * @param outer the changes of the transaction that this one suspends or {@code null}
	 * @param end called when the transaction has ended
	 */
	CacheChanges(TransactionExecution transaction, @Nullable Object resourceFactory, @Nullable CacheChanges outer,
			Consumer<CacheChanges> end) {
		this.transaction = transaction;
		this.resourceFactory = resourceFactory;
		this.resource = findResource();
		this.outer = outer;
		this.end = end;
	}

	/**
	 * Returns what the thread has now. A transaction that is suspended has no resource. A
	 * transaction of another database suspends synchronizations, but not the resource.
	 */
	private @Nullable Object findResource() {
		return (this.resourceFactory != null) ? TransactionSynchronizationManager.getResource(this.resourceFactory)
				: null;
	}

	@Nullable CacheChanges getOuter() {
		return this.outer;
	}

	boolean isOf(TransactionExecution transaction) {
		return this.transaction == transaction;
	}

	boolean isCurrent() {
		return !this.completed && findResource() == this.resource;
	}

	/**
	 * Adds a change.
	 * @param cache the cache
	 * @param key the key, or {@code null} for all keys
	 * @param change makes the change
	 */
	void add(DatabaseCache cache, @Nullable Object key, Runnable change) {
		this.changes.add(new Change(cache, key, change));
		if (key != null) {
			this.keys.computeIfAbsent(cache, (added) -> new HashSet<>()).add(key);
		}
		else {
			this.cleared.add(cache);
		}
	}

	/**
	 * Returns whether the transaction has changed a key.
	 */
	boolean isChanged(DatabaseCache cache, Object key) {
		return this.cleared.contains(cache) || this.keys.getOrDefault(cache, Set.of()).contains(key);
	}

	/**
	 * Comes before other synchronizations, which may read from the caches.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.changes.size());
	}

	@Override
	public void savepointRollback(Object savepoint) {
		Integer size = this.savepoints.get(savepoint);
		if (size != null && size < this.changes.size()) {
			this.changes.subList(size, this.changes.size()).clear();
		}
	}

	@Override
	public void afterCommit() {
		complete(STATUS_COMMITTED);
	}

	@Override
	public void afterCompletion(int status) {
		complete(status);
		this.end.accept(this);
	}

	/**
	 * If it is not known whether the transaction has been committed, the entries are
	 * removed: the database has either the former or the new values.
	 */
	private void complete(int status) {
		if (this.completed) {
			return;
		}
		this.completed = true;
		if (status == STATUS_COMMITTED) {
			this.changes.forEach((change) -> change.action().run());
		}
		else if (status == STATUS_UNKNOWN) {
			this.changes.forEach(Change::evict);
		}
	}

	/**
	 * A change.
	 *
	 * @param cache the cache
	 * @param key the key, or {@code null} for all keys
	 * @param action makes the change
	 */
	private record Change(DatabaseCache cache, @Nullable Object key, Runnable action) {

		void evict() {
			if (this.key != null) {
				this.cache.evictNow(this.key);
			}
			else {
				this.cache.clearNow();
			}
		}

	}

}
