package io.appdbs.routing;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;

import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a {@link RoutedConnection}. It can be executed later than it was
 * created, so the selection is compared again.
 */
final class RoutedStatement extends JdbcProxy {

	private final RoutedConnection routed;

	private final Connection connection;

	private final Statement statement;

	/**
	 * Creates a new {@link RoutedStatement}.
	 * @param routed checks the selection
	 * @param connection the connection as the application knows it
	 * @param statement the statement
	 */
	RoutedStatement(RoutedConnection routed, Connection connection, Statement statement) {
		this.routed = routed;
		this.connection = connection;
		this.statement = statement;
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		String name = method.getName();
		if (name.equals("getConnection")) {
			return this.connection;
		}
		if (name.startsWith("execute") || name.equals("unwrap")) {
			this.routed.check();
		}
		return invoke(method, this.statement, args);
	}

}
