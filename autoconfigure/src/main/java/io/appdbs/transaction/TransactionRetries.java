package io.appdbs.transaction;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The {@link TransactionRetry} of each database.
 */
public final class TransactionRetries {

	private final Map<String, TransactionRetry> byName;

	private final Map<String, String> managers;

	private final Function<String, @Nullable TransactionRetry> added;

	private final SingletonBeanRegistry beans;

	private final Map<TransactionManager, Optional<TransactionRetry>> byManager = new ConcurrentHashMap<>();

	/**
	 * Creates new {@link TransactionRetries}.
	 * @param byName the retry of each database, by the name of the database
	 * @param managers the bean name of the transaction manager of each database, by the
	 * name of the database
	 * @param added finds the retry of a database that was added at run time
	 * @param beans the beans
	 */
	public TransactionRetries(Map<String, TransactionRetry> byName, Map<String, String> managers,
			Function<String, @Nullable TransactionRetry> added, SingletonBeanRegistry beans) {
		this.byName = Map.copyOf(byName);
		this.managers = Map.copyOf(managers);
		this.added = added;
		this.beans = beans;
	}

	/**
	 * Returns the retry of a database.
	 * @param name the name of the database
	 * @return the retry
	 */
	public TransactionRetry get(String name) {
		TransactionRetry retry = this.byName.get(name);
		if (retry == null) {
			throw new IllegalArgumentException("No database '" + name + "'");
		}
		return retry;
	}

	/**
	 * Creates a template that retries its transactions as the database of each of them is
	 * configured to.
	 * @param manager the transaction manager of several databases
	 * @return a new template
	 */
	public TransactionTemplate createTemplate(SelectingTransactionManager manager) {
		return new RetryingTransactionTemplate(manager, () -> find(manager));
	}

	/**
	 * Finds the retry of the database that a transaction manager belongs to. Creates no
	 * bean: a manager that has not been created cannot be the given one.
	 * @return the retry or {@code null} if the manager belongs to no database
	 */
	@Nullable TransactionRetry find(TransactionManager manager) {
		if (manager instanceof SelectingTransactionManager selecting) {
			String database = selecting.findDatabase();
			TransactionRetry retry = (database != null) ? this.byName.get(database) : null;
			return (retry == null && database != null) ? this.added.apply(database) : retry;
		}
		Optional<TransactionRetry> known = this.byManager.get(manager);
		if (known == null) {
			known = this.managers.entrySet()
				.stream()
				.filter((entry) -> this.beans.getSingleton(entry.getValue()) == manager)
				.map((entry) -> get(entry.getKey()))
				.findFirst();
			this.byManager.put(manager, known);
		}
		return known.orElse(null);
	}

}
