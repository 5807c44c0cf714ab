package io.appdbs.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;

/**
 * A connection, or a statement of it, that says why it was ended. The driver only knows
 * that it has been closed.
 *
 * @param delegate the driver's
 * @param explanation turns what the driver throws into what the borrower sees
 */
record RetirableConnection(Object delegate, UnaryOperator<SQLException> explanation) implements InvocationHandler {

	/**
	 * Return a connection that explains its failures.
	 * @param connection the driver's
	 * @param explanation turns what the driver throws into what the borrower sees
	 */
	static Connection of(Connection connection, UnaryOperator<SQLException> explanation) {
		return (Connection) proxy(Connection.class, connection, explanation);
	}

	private static Object proxy(Class<?> type, Object delegate, UnaryOperator<SQLException> explanation) {
		return Proxy.newProxyInstance(RetirableConnection.class.getClassLoader(), new Class<?>[] { type },
				new RetirableConnection(delegate, explanation));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		@Nullable Object[] arguments = (args != null) ? args : new Object[0];
		if (method.getName().equals("equals")) {
			return proxy == arguments[0];
		}
		try {
			Object result = AopUtils.invokeJoinpointUsingReflection(this.delegate, method, arguments);
			return (result instanceof Statement && Statement.class.isAssignableFrom(method.getReturnType()))
					? proxy(method.getReturnType(), result, this.explanation) : result;
		}
		catch (SQLException ex) {
			throw this.explanation.apply(ex);
		}
	}

}
