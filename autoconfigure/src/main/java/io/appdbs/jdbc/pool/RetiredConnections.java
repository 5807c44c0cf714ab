package io.appdbs.jdbc.pool;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import io.appdbs.jdbc.proxy.JdbcProxy;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the connections that are closed because their credentials were replaced, and
 * makes their exceptions say so. The driver only reports that they are closed.
 */
final class RetiredConnections {

	private final DatabaseDefinition definition;

	private final Set<Connection> connections = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	RetiredConnections(DatabaseDefinition definition) {
		this.definition = definition;
	}

	/**
	 * Remembers a connection of the driver that is about to be closed.
	 */
	void add(Connection connection) {
		this.connections.add(connection);
	}

	/**
	 * Returns a connection of the driver whose exceptions, and those of its statements,
	 * explain that it was closed.
	 */
	Connection wrap(Connection connection) {
		return new ExplainingProxy(connection, connection).createProxy(Connection.class);
	}

	private SQLException explain(Connection connection, SQLException failure) {
		return this.connections.contains(connection) ? new CredentialsReplacedException(
				"Database '%s': the connection was closed because its credentials were replaced and it was used for longer than '%s' after that. Set the key to more than the longest use of a connection."
					.formatted(this.definition.name(), this.definition.key("credentials.retire-after")),
				failure) : failure;
	}

	/**
	 * A connection, or a statement of it.
	 */
	private final class ExplainingProxy extends JdbcProxy {

		private final Connection connection;

		private final Object delegate;

		ExplainingProxy(Connection connection, Object delegate) {
			this.connection = connection;
			this.delegate = delegate;
		}

		@Override
		protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
			try {
				Object result = invoke(method, this.delegate, args);
				return (result instanceof Statement && Statement.class.isAssignableFrom(method.getReturnType()))
						? new ExplainingProxy(this.connection, result).createProxy(method.getReturnType()) : result;
			}
			catch (SQLException ex) {
				throw explain(this.connection, ex);
			}
		}

	}

}
