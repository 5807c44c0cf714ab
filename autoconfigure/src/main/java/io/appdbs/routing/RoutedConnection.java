package io.appdbs.routing;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Objects;

import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the database that was selected when it was borrowed. A transaction
 * keeps its connection, so the selection is compared whenever a statement is created or
 * executed, and before a commit. A rollback is always possible.
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
			case "createStatement", "prepareStatement", "prepareCall" -> {
				check();
				Statement statement = (Statement) Objects.requireNonNull(invoke(method, this.connection, args));
				return new RoutedStatement(this, (Connection) proxy, statement).createProxy(method.getReturnType());
			}
			case "commit", "setSavepoint", "getMetaData", "unwrap" -> check();
			default -> {
				// ends or describes what is under way, or changes no data
			}
		}
		return invoke(method, this.connection, args);
	}

	/**
	 * Checks that the database is still the selected one.
	 * @throws DatabaseSelectionException if it is not
	 */
	void check() {
		this.route.check(this.database);
	}

}
