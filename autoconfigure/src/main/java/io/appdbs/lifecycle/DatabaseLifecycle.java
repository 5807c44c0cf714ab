package io.appdbs.lifecycle;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.appdbs.Database;
import io.appdbs.DatabaseStartException;
import io.appdbs.Databases;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.engine.DatabaseDefinition;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Opens all databases of an application in parallel as soon as it is created, hands out
 * what was opened, and closes it.
 */
public final class DatabaseLifecycle implements Databases, SmartInitializingSingleton, DisposableBean {

	private static final int MAX_THREADS = 32;

	private final Map<String, ManagedDatabase> databases;

	/**
	 * Create a new {@link DatabaseLifecycle} and begin to open the databases.
	 * @param definitions the databases
	 * @param openers finds what opens a database
	 */
	public DatabaseLifecycle(Collection<DatabaseDefinition> definitions,
			Function<DatabaseDefinition, DatabaseOpener> openers) {
		Map<String, ManagedDatabase> databases = new LinkedHashMap<>();
		definitions.forEach((definition) -> databases.put(definition.name(),
				new ManagedDatabase(definition, openers.apply(definition))));
		this.databases = Collections.unmodifiableMap(databases);
		open();
	}

	private void open() {
		if (this.databases.isEmpty()) {
			return;
		}
		ThreadPoolExecutor executor = new ThreadPoolExecutor(Math.min(this.databases.size(), MAX_THREADS), MAX_THREADS,
				0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threadFactory());
		this.databases.values().forEach((database) -> executor.execute(() -> runNamed(database)));
		// the threads end with the last opening
		executor.shutdown();
	}

	private ThreadFactory threadFactory() {
		return (task) -> {
			Thread thread = new Thread(task, "appdbs");
			thread.setDaemon(true);
			return thread;
		};
	}

	private void runNamed(ManagedDatabase database) {
		Thread.currentThread().setName("appdbs-" + database.getName());
		database.run();
	}

	/**
	 * Return the resource of a database, waiting until that database, and no other, has
	 * been opened.
	 * @param <T> the type of the resource
	 * @param name the name of the database
	 * @param type the type of the resource
	 * @return the resource, which stays owned by the life cycle
	 * @throws DatabaseStartException if the database could not be opened
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public <T> T getResource(String name, Class<T> type) {
		return type.cast(managed(name).await().resource());
	}

	/**
	 * Wait for all databases, those that no bean has asked for included, so that the
	 * application is ready with all of them or does not start.
	 * @throws DatabaseStartException if a database could not be opened; what happened to
	 * further ones is suppressed in it
	 */
	@Override
	public void afterSingletonsInstantiated() {
		DatabaseStartException failure = null;
		for (ManagedDatabase database : this.databases.values()) {
			try {
				database.await();
			}
			catch (DatabaseStartException ex) {
				failure = (failure != null) ? failure : ex;
				if (failure != ex) {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	@Override
	public Database get(String name) {
		return managed(name);
	}

	private ManagedDatabase managed(String name) {
		ManagedDatabase database = this.databases.get(name);
		if (database == null) {
			throw new UnknownDatabaseException(name, this.databases.keySet());
		}
		return database;
	}

	@Override
	public Set<String> getNames() {
		return this.databases.keySet();
	}

	@Override
	public Iterator<Database> iterator() {
		return this.databases.values().stream().map(Database.class::cast).iterator();
	}

	/**
	 * Close every database, each even if another fails to close.
	 */
	@Override
	public void destroy() {
		this.databases.values().forEach(ManagedDatabase::close);
	}

}
