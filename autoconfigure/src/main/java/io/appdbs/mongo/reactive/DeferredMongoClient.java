package io.appdbs.mongo.reactive;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoCluster;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import io.appdbs.mongo.proxy.ProxyType;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.Assert;

/**
 * Client whose operations are decided when they are subscribed to: they wait until the
 * database can be used, without a thread, and use the client with the current
 * credentials. The driver's client cannot change its credentials, so a new one replaces
 * it behind a proxy. Databases, collections and publishers that the application holds use
 * the current client; operations in a session use the client that began the session.
 */
public final class DeferredMongoClient {

	/** Types that the driver derives from a client and the application may hold. */
	private static final Map<Class<?>, ProxyType> DERIVED = Map.of(MongoCluster.class,
			new ProxyType(ClusterProxy.class), MongoDatabase.class, new ProxyType(DatabaseProxy.class),
			MongoCollection.class, new ProxyType(CollectionProxy.class));

	private final MongoClient proxy;

	private final Supplier<@Nullable Mono<Void>> gate;

	private volatile MongoClient current;

	/**
	 * Creates a new {@link DeferredMongoClient}.
	 * @param current the client to use
	 * @param gate supplies what an operation waits for, {@code null} if it may begin
	 */
	public DeferredMongoClient(MongoClient current, Supplier<@Nullable Mono<Void>> gate) {
		this.current = current;
		this.gate = gate;
		this.proxy = (MongoClient) proxy(MongoClient.class, new Derived((client) -> client));
	}

	public MongoClient getClient() {
		return this.proxy;
	}

	/**
	 * Uses another client from now on.
	 * @param client the client
	 * @return the former one
	 */
	public MongoClient replace(MongoClient client) {
		MongoClient former = this.current;
		this.current = client;
		return former;
	}

	private static Object proxy(Class<?> type, InvocationHandler handler) {
		return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler);
	}

	private static @Nullable ClientSession findSession(Object @Nullable [] arguments) {
		return (arguments != null && arguments.length > 0 && arguments[0] instanceof ClientSession session) ? session
				: null;
	}

	private MongoClient getClient(@Nullable ClientSession session) {
		return (session != null && session.getOriginator() instanceof MongoClient originator) ? originator
				: this.current;
	}

	/**
	 * A call of a method of the driver.
	 *
	 * @param method the method
	 * @param arguments the arguments, {@code null} if there are none
	 */
	private record Call(Method method, Object @Nullable [] arguments) {

		/**
		 * Makes the call, which declares no checked exceptions.
		 */
		@Nullable Object on(Object target) {
			try {
				return AopUtils.invokeJoinpointUsingReflection(target, this.method,
						(this.arguments != null) ? this.arguments : new Object[0]);
			}
			catch (RuntimeException | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}

		Object derive(Object target) {
			Object result = on(target);
			Assert.state(result != null, () -> this.method.getName() + " returned nothing");
			return result;
		}

		boolean isOfObject() {
			return this.method.getDeclaringClass() == Object.class;
		}

		/**
		 * Proxies are equal only to themselves.
		 */
		Object onProxy(Object proxy) {
			return switch (this.method.getName()) {
				case "equals" -> this.arguments != null && proxy == this.arguments[0];
				case "hashCode" -> System.identityHashCode(proxy);
				default -> "DeferredMongoClient@" + Integer.toHexString(System.identityHashCode(proxy));
			};
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
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
			Call call = new Call(method, arguments);
			if (call.isOfObject()) {
				return call.onProxy(proxy);
			}
			Class<?> type = method.getReturnType();
			ProxyType derived = DERIVED.get(type);
			if (derived != null) {
				return derived.create(new Derived((client) -> call.derive(get(client))));
			}
			ClientSession session = findSession(arguments);
			if (Publisher.class.isAssignableFrom(type)) {
				return proxy(type, new Operation(type, session, (client) -> call.derive(get(client))));
			}
			return call.on(get(getClient(session)));
		}

		private Object get(MongoClient client) {
			Derivative latest = this.latest;
			if (latest == null || latest.client() != client) {
				latest = new Derivative(client, this.derivation.apply(client));
				this.latest = latest;
			}
			return latest.object();
		}

	}

	/**
	 * A publisher of the driver, which is created once per client with all its options.
	 */
	private final class Operation implements InvocationHandler {

		private final Class<?> type;

		private final @Nullable ClientSession session;

		private final Function<MongoClient, Object> creation;

		/** The options, which methods of the publisher set that return it. */
		private final List<Call> options = new CopyOnWriteArrayList<>();

		private volatile Derivative latest;

		Operation(Class<?> type, @Nullable ClientSession session, Function<MongoClient, Object> creation) {
			this.type = type;
			this.session = session;
			this.creation = creation;
			// at once, since the driver checks arguments
			this.latest = create(DeferredMongoClient.this.getClient(session), this.options);
		}

		private Derivative create(MongoClient client, List<Call> options) {
			Object publisher = this.creation.apply(client);
			options.forEach((option) -> option.on(publisher));
			return new Derivative(client, publisher);
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
			Call call = new Call(method, arguments);
			if (call.isOfObject()) {
				return call.onProxy(proxy);
			}
			if (arguments != null && method.getName().equals("subscribe")) {
				subscribe((Subscriber<?>) arguments[0]);
				return null;
			}
			if (method.getReturnType() == this.type) {
				call.on(this.latest.object());
				this.options.add(call);
				return proxy;
			}
			List<Call> options = List.copyOf(this.options);
			return proxy(method.getReturnType(), new Operation(method.getReturnType(), this.session,
					(client) -> call.derive(create(client, options).object())));
		}

		private <T> void subscribe(Subscriber<T> subscriber) {
			// what is in a transaction has begun
			boolean begun = this.session != null && this.session.hasActiveTransaction();
			Mono<Void> gate = begun ? null : DeferredMongoClient.this.gate.get();
			Flux<T> operation = Flux.defer(this::get);
			((gate != null) ? gate.thenMany(operation) : operation).subscribe(subscriber);
		}

		@SuppressWarnings("unchecked")
		private <T> Publisher<T> get() {
			MongoClient client = DeferredMongoClient.this.getClient(this.session);
			Derivative latest = this.latest;
			if (latest.client() != client) {
				latest = create(client, this.options);
				this.latest = latest;
			}
			return (Publisher<T>) latest.object();
		}

	}

}
