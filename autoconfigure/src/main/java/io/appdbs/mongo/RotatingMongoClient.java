package io.appdbs.mongo;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCluster;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.appdbs.mongo.proxy.ProxyType;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;

/**
 * Client whose credentials or certificates can change. The driver's client cannot change
 * its credentials, and keeps its connections, so a new one replaces it behind a proxy.
 * Databases and collections that the application holds use the current client. Operations
 * in a session use the client that began the session; a cursor uses the client that
 * opened it.
 */
class RotatingMongoClient {

	/** Types that the driver derives from a client and the application may hold. */
	private static final Map<Class<?>, ProxyType> DERIVED = Map.of(MongoCluster.class,
			new ProxyType(ClusterProxy.class), MongoDatabase.class, new ProxyType(DatabaseProxy.class),
			MongoCollection.class, new ProxyType(CollectionProxy.class));

	private final MongoClient proxy;

	/** Clients by the originator of their sessions. */
	private final Map<Object, MongoClient> originators = new ConcurrentHashMap<>();

	private volatile @Nullable MongoClient current;

	/**
	 * Creates a new {@link RotatingMongoClient}.
	 * @param current the first client, {@code null} if {@link #acquire()} opens it
	 */
	RotatingMongoClient(@Nullable MongoClient current) {
		this.current = current;
		this.proxy = (MongoClient) Proxy.newProxyInstance(MongoClient.class.getClassLoader(),
				new Class<?>[] { MongoClient.class }, new Derived((client) -> client));
	}

	final MongoClient getClient() {
		return this.proxy;
	}

	/**
	 * Uses another client from now on.
	 * @param client the client, {@code null} if {@link #acquire()} opens it
	 * @return the former one
	 */
	final synchronized @Nullable MongoClient replace(@Nullable MongoClient client) {
		MongoClient former = this.current;
		this.current = client;
		return former;
	}

	final @Nullable MongoClient getCurrent() {
		return this.current;
	}

	/**
	 * Returns the client for an operation that does not belong to a session.
	 */
	MongoClient acquire() {
		return Objects.requireNonNull(this.current);
	}

	/**
	 * Notes that a session has begun. Does nothing unless overridden.
	 */
	void begun(ClientSession session) {
	}

	/**
	 * Handles a call of the application that closes the client.
	 */
	void closeCurrent() {
		acquire().close();
	}

	final void close(MongoClient former) {
		this.originators.values().removeIf(former::equals);
		former.close();
	}

	private static @Nullable Object invoke(Method method, Object target, Object @Nullable [] arguments)
			throws Throwable {
		return AopUtils.invokeJoinpointUsingReflection(target, method, (arguments != null) ? arguments : new Object[0]);
	}

	/**
	 * Delegates calls to the object that is derived from the current client.
	 */
	private final class Derived implements InvocationHandler {

		private final Function<MongoClient, Object> derivation;

		private volatile @Nullable Derivative latest;

		Derived(Function<MongoClient, Object> derivation) {
			this.derivation = derivation;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
			if (method.getDeclaringClass() == Object.class && !method.getName().equals("toString")) {
				return method.getName().equals("equals") ? arguments != null && proxy == arguments[0]
						: System.identityHashCode(proxy);
			}
			if (proxy == RotatingMongoClient.this.proxy && method.getName().equals("close")) {
				closeCurrent();
				return null;
			}
			if (method.getName().equals("toString") && getCurrent() == null) {
				return "a client of MongoDB that is not open";
			}
			ProxyType derived = DERIVED.get(method.getReturnType());
			if (derived != null) {
				return derived.create(new Derived((client) -> derive(client, method, arguments)));
			}
			MongoClient client = client(arguments);
			Object result = RotatingMongoClient.invoke(method, get(client), arguments);
			if (result instanceof ClientSession session) {
				RotatingMongoClient.this.originators.put(session.getOriginator(), client);
				begun(session);
			}
			return result;
		}

		private Object derive(MongoClient client, Method method, Object @Nullable [] arguments) {
			try {
				Object result = RotatingMongoClient.invoke(method, get(client), arguments);
				if (result == null) {
					throw new IllegalStateException(method.getName() + " returned nothing");
				}
				return result;
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}

		private Object get(MongoClient client) {
			Derivative latest = this.latest;
			if (latest == null || latest.client() != client) {
				latest = new Derivative(client, this.derivation.apply(client));
				this.latest = latest;
			}
			return latest.object();
		}

		private MongoClient client(Object @Nullable [] arguments) {
			MongoClient begun = (arguments != null && arguments.length > 0
					&& arguments[0] instanceof ClientSession session)
							? RotatingMongoClient.this.originators.get(session.getOriginator()) : null;
			return (begun != null) ? begun : acquire();
		}

	}

	/**
	 * Superclass of proxies.
	 */
	abstract static class ClusterProxy implements MongoCluster {

	}

	/**
	 * Superclass of proxies.
	 */
	abstract static class DatabaseProxy implements MongoDatabase {

	}

	/**
	 * Superclass of proxies.
	 *
	 * @param <T> the type of the documents
	 */
	abstract static class CollectionProxy<T> implements MongoCollection<T> {

	}

	/**
	 * A derived object, cached until the client changes.
	 *
	 * @param client the client
	 * @param object the object that was derived from it
	 */
	private record Derivative(MongoClient client, Object object) {

	}

}
