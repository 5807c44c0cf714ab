package io.appdbs.cache;

import java.util.List;

import org.springframework.cache.CacheManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * The caches of a database. A change inside a transaction of the database is made after
 * its commit, and not after its rollback.
 */
public interface DatabaseCaches extends CacheManager {

	/**
	 * Returns the usage of each cache, ordered by name.
	 * @return the usage
	 */
	List<CacheUsage> getUsage();

	/**
	 * Removes all entries of all caches at once, even inside a transaction.
	 */
	void clear();

	/**
	 * Creates a listener that has to be added to the transaction manager of the database.
	 * Without it, no change waits for a transaction of the manager.
	 * @param manager the transaction manager
	 * @return the listener
	 */
	TransactionExecutionListener createListener(PlatformTransactionManager manager);

}
