package io.appdbs.routing;

import java.util.Objects;
import java.util.function.Predicate;

import io.appdbs.engine.Engine;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A route: the databases that it includes, and which of them is selected.
 *
 * @param name the name
 * @param engine the engine of its databases
 * @param included matches the names of the databases that may be selected
 * @param selector selects a database unless a {@link ScopedSelection} does
 */
public record Route(String name, Engine engine, Predicate<String> included, DatabaseSelector selector) {

	/**
	 * Returns the database that is selected for the current thread.
	 * @return the name of the database or {@code null} if there is none
	 */
	public @Nullable String findSelected() {
		String scoped = ScopedSelection.getDatabase();
		return (scoped != null) ? scoped : this.selector.select();
	}

	/**
	 * Returns the name for messages about what is executed now.
	 * @return the name of the selected database, or of the route if none is selected
	 */
	public String describe() {
		String selected = findSelected();
		return (selected != null) ? selected : this.name;
	}

	/**
	 * Returns the database that is selected for the current thread.
	 * @return the name of the database
	 * @throws DatabaseSelectionException if none is selected, or one that the route does
	 * not include
	 */
	public String getSelected() {
		String selected = findSelected();
		if (selected == null) {
			throw reject(null,
					"No database was selected. Select one before the transaction begins, with ScopedSelection.run(...) or a DatabaseSelector bean.");
		}
		if (!this.included.test(selected)) {
			throw reject(selected,
					"'%s' was selected, which 'app.dbs-routes.%s.databases' does not include. Select another database, or add it there."
						.formatted(selected, this.name));
		}
		return selected;
	}

	/**
	 * Checks that a database is still the selected one.
	 * @param database the database of the unit of work
	 * @throws DatabaseSelectionException if another one is selected, or none
	 */
	public void check(String database) {
		String selected = findSelected();
		if (!Objects.equals(database, selected)) {
			boolean transaction = TransactionSynchronizationManager.isActualTransactionActive();
			throw reject(selected, (selected != null) ? (transaction
					? "The transaction uses database '%s', and '%s' was selected within it. One transaction has one database."
					: "The connection is one of database '%s', and '%s' has been selected since it was borrowed. Borrow a connection after each selection.")
				.formatted(database, selected)
					: "The %s uses database '%s', and no database is selected any more. Keep the selection until it has ended."
						.formatted(transaction ? "transaction" : "connection", database));
		}
	}

	DatabaseSelectionException reject(@Nullable String database, String message) {
		return new DatabaseSelectionException(this.name, database, message, null);
	}

}
