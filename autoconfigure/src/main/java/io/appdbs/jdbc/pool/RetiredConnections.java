package io.appdbs.jdbc.pool;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;

/**
 * Remembers the connections that are ended because of their credentials, and has them say
 * so. The driver only knows that they are closed.
 */
final class RetiredConnections {

	private final DatabaseDefinition definition;

	private final Set<Connection> connections = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	RetiredConnections(DatabaseDefinition definition) {
		this.definition = definition;
	}

	/**
	 * A connection is about to be ended.
	 * @param connection the driver's
	 */
	void add(Connection connection) {
		this.connections.add(connection);
	}

	/**
	 * Return a connection that will say so, as will its statements.
	 * @param connection the driver's
	 */
	Connection watch(Connection connection) {
		return (Connection) watch(connection, Connection.class, connection);
	}

	private Object watch(Connection connection, Class<?> type, Object delegate) {
		return Proxy.newProxyInstance(RetiredConnections.class.getClassLoader(), new Class<?>[] { type },
				new Explanation(connection, delegate));
	}

	private SQLException explain(Connection connection, SQLException failure) {
		return this.connections.contains(connection) ? new CredentialsReplacedException(
				"Database '%s': the connection was ended, because the credentials that it was opened with have been replaced and it was in use for too long after that. Set '%s' to more than its use takes."
					.formatted(this.definition.name(), this.definition.key("credentials.retire-after")),
				failure) : failure;
	}

	private final class Explanation implements InvocationHandler {

		private final Connection connection;

		private final Object delegate;

		Explanation(Connection connection, Object delegate) {
			this.connection = connection;
			this.delegate = delegate;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			@Nullable Object[] arguments = (args != null) ? args : new Object[0];
			if (method.getName().equals("equals")) {
				return proxy == arguments[0];
			}
			try {
				Object result = AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
				return (result instanceof Statement && Statement.class.isAssignableFrom(method.getReturnType()))
						? watch(this.connection, method.getReturnType(), result) : result;
			}
			catch (SQLException ex) {
				throw explain(this.connection, ex);
			}
		}

	}

}
