package io.appdbs.mongo.proxy;

import java.lang.reflect.InvocationHandler;

import org.springframework.cglib.proxy.Callback;
import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.Factory;

/**
 * A type of proxies for objects of MongoDB's driver. The proxies are no instances of
 * {@link java.lang.reflect.Proxy}: Spring Data takes such an object for one that it has
 * bound to the session of a transaction itself, and would use it without the session.
 */
public final class ProxyType {

	private final Factory prototype;

	/**
	 * Creates a new {@link ProxyType}.
	 * @param superclass an abstract class without methods, which implements the interface
	 * of the driver
	 */
	public ProxyType(Class<?> superclass) {
		Enhancer enhancer = new Enhancer();
		enhancer.setSuperclass(superclass);
		enhancer.setCallback(adapt((proxy, method, arguments) -> {
			throw new IllegalStateException("The prototype is not used");
		}));
		this.prototype = (Factory) enhancer.create();
	}

	/**
	 * Creates a proxy.
	 * @param handler receives all calls
	 * @return a new proxy
	 */
	public Object create(InvocationHandler handler) {
		return this.prototype.newInstance(new Callback[] { adapt(handler) });
	}

	private static org.springframework.cglib.proxy.InvocationHandler adapt(InvocationHandler handler) {
		return handler::invoke;
	}

}
