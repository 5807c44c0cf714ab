package io.appdbs.jdbc.proxy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * Base class of the proxies around JDBC's objects, which have more methods with each
 * version of Java than a class should list. A proxy is equal to itself only, so that a
 * pool or a map can hold it.
 */
public abstract class JdbcProxy implements InvocationHandler {

	private static final @Nullable Object[] NO_ARGUMENTS = {};

	/**
	 * Creates the proxy whose calls this object handles.
	 * @param <T> the type of the proxy
	 * @param type the interface that the proxy is used as
	 * @return the proxy
	 */
	public final <T> T createProxy(Class<T> type) {
		return type.cast(createProxy(new Class<?>[] { type }));
	}

	/**
	 * Creates the proxy whose calls this object handles.
	 * @param types the interfaces of the proxy
	 * @return the proxy
	 */
	public final Object createProxy(Class<?>[] types) {
		return Proxy.newProxyInstance(JdbcProxy.class.getClassLoader(), types, this);
	}

	/**
	 * Returns the public interfaces of an object that a proxy can have, for callers that
	 * cast to an interface of the driver.
	 * @param target the object
	 * @param others further interfaces
	 * @return the interfaces
	 */
	protected static Class<?>[] publicInterfaces(Object target, Class<?>... others) {
		return Stream
			.concat(Arrays
				.stream(ClassUtils.getAllInterfacesForClass(target.getClass(), JdbcProxy.class.getClassLoader()))
				.filter((type) -> Modifier.isPublic(type.getModifiers())), Arrays.stream(others))
			.distinct()
			.toArray(Class<?>[]::new);
	}

	@Override
	public final @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
			throws Throwable {
		@Nullable Object[] arguments = (args != null) ? args : NO_ARGUMENTS;
		return switch (method.getName()) {
			case "equals" -> proxy == arguments[0];
			case "hashCode" -> System.identityHashCode(proxy);
			default -> intercept(proxy, method, arguments);
		};
	}

	/**
	 * Handles a call of a method other than {@code equals} and {@code hashCode}.
	 * @param proxy the proxy
	 * @param method the method
	 * @param args the arguments, empty if there are none
	 * @return the result
	 * @throws Throwable what the method throws
	 */
	protected abstract @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args)
			throws Throwable;

	/**
	 * Calls a method of the object that the proxy stands for.
	 * @param method the method
	 * @param target the object
	 * @param args the arguments
	 * @return the result
	 * @throws Throwable what the method throws, not wrapped
	 */
	protected static @Nullable Object invoke(Method method, Object target, @Nullable Object[] args) throws Throwable {
		return AopUtils.invokeJoinpointUsingReflection(target, method, args);
	}

}
