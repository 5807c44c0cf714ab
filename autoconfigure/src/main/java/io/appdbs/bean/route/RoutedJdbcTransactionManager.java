package io.appdbs.bean.route;

import javax.sql.DataSource;

import io.appdbs.jdbc.NamedJdbcTransactionManager;
import io.appdbs.routing.DatabaseSelectionException;
import io.appdbs.routing.Route;
import io.appdbs.transaction.SelectingTransactionManager;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;

/**
 * Transaction manager of a route. Its exceptions name the selected database.
 */
@SuppressWarnings("serial")
final class RoutedJdbcTransactionManager extends NamedJdbcTransactionManager implements SelectingTransactionManager {

	private final transient Route route;

	RoutedJdbcTransactionManager(Route route, DataSource dataSource) {
		super(route::describe, route::engine, dataSource);
		this.route = route;
	}

	@Override
	public @Nullable String findDatabase() {
		return this.route.findSelected();
	}

	/**
	 * Without a selection no transaction could ever begin, so the reason is not hidden in
	 * an exception of the connection.
	 */
	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		try {
			super.doBegin(transaction, definition);
		}
		catch (CannotCreateTransactionException ex) {
			throw (ex.getCause() instanceof DatabaseSelectionException selection) ? selection : ex;
		}
	}

}
