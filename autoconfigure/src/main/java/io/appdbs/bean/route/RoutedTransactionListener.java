package io.appdbs.bean.route;

import io.appdbs.replica.ReadOnlyTransactionListener;
import io.appdbs.routing.Route;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Informs the data source of the selected database that a read-only transaction begins,
 * which its replicas may serve.
 *
 * @param route the route
 */
record RoutedTransactionListener(Route route) implements TransactionExecutionListener {

	@Override
	public void beforeBegin(TransactionExecution transaction) {
		String database = this.route.findSelected();
		if (database != null) {
			new ReadOnlyTransactionListener(database).beforeBegin(transaction);
		}
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		new ReadOnlyTransactionListener(this.route.name()).afterBegin(transaction, beginFailure);
	}

}
