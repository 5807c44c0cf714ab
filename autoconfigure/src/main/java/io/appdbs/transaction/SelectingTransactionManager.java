package io.appdbs.transaction;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;

/**
 * {@link PlatformTransactionManager} for several databases, of which each transaction
 * uses one. A transaction is retried as that database is configured to.
 */
public interface SelectingTransactionManager extends PlatformTransactionManager {

	/**
	 * Returns the database that a transaction would use now.
	 * @return the name of the database or {@code null} if none is selected
	 */
	@Nullable String findDatabase();

}
