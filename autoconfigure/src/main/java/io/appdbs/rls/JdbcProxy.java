package io.appdbs.rls;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;

/**
 * Base class of the proxies around JDBC's objects, which have more methods with each
 * version of Java than a class should list.
 */
abstract class JdbcProxy implements InvocationHandler {

	private final RlsSession session;

	JdbcProxy(RlsSession session) {
		this.session = session;
	}

	final RlsSession getSession() {
		return this.session;
	}

	/**
	 * Create the proxy that this object handles.
	 */
	final <T> T createProxy(Class<T> type) {
		return type.cast(Proxy.newProxyInstance(JdbcProxy.class.getClassLoader(), new Class<?>[] { type }, this));
	}

	@Override
	public final @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
			throws Throwable {
		@Nullable Object[] arguments = (args != null) ? args : new Object[0];
		Arrays.setAll(arguments, (i) -> RelatedObject.toDriver(arguments[i]));
		return switch (method.getName()) {
			case "equals" -> proxy == arguments[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" -> describe();
			case "isWrapperFor" -> isWrapperFor(proxy, (Class<?>) arguments[0]);
			case "unwrap" -> unwrap(proxy, (Class<?>) arguments[0]);
			default -> handle(proxy, method, arguments);
		};
	}

	private boolean isWrapperFor(Object proxy, Class<?> type) throws SQLException {
		return type.isInstance(proxy) || getDelegate().isWrapperFor(type);
	}

	private Object unwrap(Object proxy, Class<?> type) throws SQLException {
		return type.isInstance(proxy) ? proxy : this.session.unwrap(getDelegate(), type);
	}

	String describe() throws SQLException {
		return "RLS " + getDelegate();
	}

	abstract Wrapper getDelegate() throws SQLException;

	abstract @Nullable Object handle(Object proxy, Method method, @Nullable Object[] args) throws Throwable;

	/**
	 * Invoke a method that throws no checked exception of another kind.
	 */
	static @Nullable Object call(Method method, Object target, @Nullable Object[] args) throws SQLException {
		try {
			return invoke(method, target, args);
		}
		catch (SQLException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new SQLException(ex);
		}
	}

	static @Nullable Object invoke(Method method, Object target, @Nullable Object[] args) throws Throwable {
		return AopUtils.invokeJoinpointUsingReflection(target, method, args);
	}

}
