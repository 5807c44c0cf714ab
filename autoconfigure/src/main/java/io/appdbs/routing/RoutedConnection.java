package io.appdbs.routing;

import java.lang.reflect.Method;
import java.sql.Connection;

import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the database that was selected when it was borrowed. A transaction
 * keeps its connection, so the selection is compared whenever a statement is created and
 * before a commit. A rollback is always possible.
 */
final class RoutedConnection extends JdbcProxy {

	private final Route route;

	private final String database;

	private final Connection connection;

	RoutedConnection(Route route, String database, Connection connection) {
		this.route = route;
		this.database = database;
		this.connection = connection;
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		switch (method.getName()) {
			case "createStatement", "prepareStatement", "prepareCall", "commit", "setSavepoint", "getMetaData" ->
				this.route.check(this.database);
			default -> {
				// ends or describes what is under way, or changes no data
			}
		}
		return invoke(method, this.connection, args);
	}

}
