package io.appdbs.bean.jpa;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.appdbs.InvalidDatabaseConfigurationException;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import org.hibernate.SessionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A persistence unit that is built on a separate thread. That thread never requests a
 * bean, since it could wait for a lock that is held by the thread that waits for the
 * unit: a thread that waits for the unit creates the beans that the unit needs.
 *
 * @param <T> the type of the unit
 */
final class PersistenceUnitFuture<T> extends CompletableFuture<T> {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final String database;

	private final Thread builder;

	private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();

	private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

	private volatile boolean building;

	private volatile @Nullable Thread closing;

	/**
	 * Creates a new {@link PersistenceUnitFuture}.
	 * @param database the name of the database
	 * @param preparation runs on the thread before the unit is built
	 * @param task builds the unit
	 */
	PersistenceUnitFuture(String database, Runnable preparation, Callable<T> task) {
		this.database = database;
		this.builder = new Thread(() -> build(preparation, task), "appdbs-jpa-" + database);
		this.builder.setDaemon(true);
		this.builder.setContextClassLoader(Thread.currentThread().getContextClassLoader());
		whenComplete((unit, failure) -> this.calls.add(() -> {
		}));
	}

	void start() {
		this.builder.start();
	}

	private void build(Runnable preparation, Callable<T> task) {
		try {
			preparation.run();
			this.building = true;
			if (!isDone()) {
				T unit = task.call();
				if (!complete(unit) && unit instanceof EntityManagerFactory factory) {
					// the application has been closed meanwhile
					factory.close();
				}
			}
		}
		catch (Throwable ex) {
			completeExceptionally(this.building ? PersistenceUnitFailure.describe(this.database, ex) : ex);
		}
	}

	/**
	 * Waits for the unit, and creates the beans that it needs. Failures are thrown as
	 * they are, since Spring would hide them in exceptions about the asynchronous
	 * initialization.
	 */
	@Override
	public T get() throws InterruptedException, ExecutionException {
		if (Thread.currentThread() == this.closing && (!isDone() || isCompletedExceptionally())) {
			return closed();
		}
		if (!isDone()) {
			await();
		}
		try {
			return super.get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw ex;
		}
	}

	private void await() throws InterruptedException {
		Thread thread = Thread.currentThread();
		if (thread == this.builder || !this.waiting.add(thread)) {
			throw new InvalidDatabaseConfigurationException(this.database, null,
					"Database '%s': a bean that its persistence unit needs uses the unit, which has not been built yet."
						.formatted(this.database),
					"Add @Lazy to the injection point of the repository, EntityManager or EntityManagerFactory in that bean. The stack trace names the bean.",
					null);
		}
		try {
			while (!isDone()) {
				this.calls.take().run();
			}
		}
		finally {
			this.waiting.remove(thread);
			// for other threads that wait
			this.calls.add(() -> {
			});
		}
	}

	/**
	 * Calls on a thread that waits for the unit, unless the current thread does not build
	 * the unit. There will be such a thread: the start of the application waits for all
	 * units.
	 * @param <V> the type of the result
	 * @param call the call
	 * @return the result
	 */
	<V> V callWhereAwaited(Supplier<V> call) {
		if (Thread.currentThread() != this.builder) {
			return call.get();
		}
		CompletableFuture<V> result = new CompletableFuture<>();
		this.calls.add(() -> {
			try {
				result.complete(call.get());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		});
		try {
			// fails if the application is closed, since nobody waits for the unit then
			CompletableFuture.anyOf(result, this).get();
			return result.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CancellationException(closedMessage());
		}
		catch (ExecutionException ex) {
			if (!result.isDone()) {
				// Spring would log an exception of JPA as an error
				throw new CancellationException(closedMessage());
			}
			throw (ex.getCause() instanceof RuntimeException failure) ? failure : new PersistenceException(ex);
		}
	}

	/**
	 * Ends the waiting for a unit that has not been built yet, since the current thread
	 * closes the application.
	 */
	void shutdown() {
		if (this.building && !isDone() && this.calls.isEmpty()) {
			awaitBuilt();
		}
		this.closing = Thread.currentThread();
		if (completeExceptionally(new PersistenceException(closedMessage())) && !this.building) {
			this.builder.interrupt();
		}
	}

	/**
	 * Waits for a unit that is being built, which would otherwise fail with an error when
	 * its database is closed.
	 */
	private void awaitBuilt() {
		try {
			get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// thrown where the unit is used, or abandoned
		}
	}

	private String closedMessage() {
		return "The application was closed before the persistence unit '%s' was built".formatted(this.database);
	}

	/**
	 * Returns a factory that can only be closed: Spring closes every factory.
	 */
	@SuppressWarnings("unchecked")
	private T closed() {
		return (T) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { SessionFactory.class },
				(proxy, method, args) -> {
					if (method.getName().equals("close")) {
						return null;
					}
					throw new IllegalStateException(closedMessage());
				});
	}

}
