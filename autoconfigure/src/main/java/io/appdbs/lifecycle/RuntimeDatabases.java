package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.appdbs.Database;
import io.appdbs.DatabaseAddedEvent;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseRemoval;
import io.appdbs.DatabaseRemovedEvent;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.credentials.CredentialsStrategy;
import io.appdbs.credentials.FixedCredentials;
import io.appdbs.credentials.RotatingCredentials;
import io.appdbs.lifecycle.thread.DaemonThreadFactory;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RuntimeSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * The databases that have been added at run time. They share a limited number of threads:
 * some open them, some probe those that are in use, and some look for newer credentials.
 */
final class RuntimeDatabases {

	private static final Log logger = LogFactory.getLog(RuntimeDatabases.class);

	private static final int ROTATION_THREADS = 2;

	private static final long THREAD_IDLE_SECONDS = 5;

	private final RuntimeSettings settings;

	private final RuntimeDatabaseFactory factory;

	private final Consumer<ApplicationEvent> events;

	private final Map<String, RuntimeDatabase> databases = new ConcurrentSkipListMap<>();

	private final List<DatabaseListener> listeners = new CopyOnWriteArrayList<>();

	private final Semaphore free;

	private final ThreadPoolExecutor openers;

	private final DatabaseMonitor monitor;

	private final ScheduledThreadPoolExecutor rotations;

	private boolean closed;

	/**
	 * Creates new {@link RuntimeDatabases}.
	 * @param settings the limits
	 * @param factory creates the parts of a database
	 * @param events receives events of databases
	 */
	RuntimeDatabases(RuntimeSettings settings, RuntimeDatabaseFactory factory, Consumer<ApplicationEvent> events) {
		this.settings = settings;
		this.factory = factory;
		this.events = events;
		this.free = new Semaphore(settings.maxDatabases());
		this.openers = new ThreadPoolExecutor(settings.migrationThreads(), settings.migrationThreads(),
				THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				new DaemonThreadFactory("appdbs-runtime-open-"));
		this.openers.allowCoreThreadTimeOut(true);
		this.monitor = new DatabaseMonitor(settings.maxConnecting(),
				new WatchLimits(this.openers, settings.idleAfter(), new UnreachableServers()));
		this.rotations = new ScheduledThreadPoolExecutor(ROTATION_THREADS,
				new DaemonThreadFactory("appdbs-runtime-rotation-"));
		this.rotations.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Adds a database, which is opened on another thread.
	 * @throws IllegalDatabaseOperationException if the name is in use, there are too many
	 * databases, or the application is being closed
	 */
	Database add(String name, RuntimeDatabaseSettings settings) {
		RuntimeDatabase entry = new RuntimeDatabase(name, Instant.now());
		reserve(name, entry);
		ManagedDatabase database = null;
		try {
			database = create(this.factory.define(name, settings));
			publish(entry, database);
			return database;
		}
		catch (RuntimeException | Error ex) {
			if (database != null) {
				database.remove();
				this.monitor.unwatch(database);
				database.close();
				notifyRemoved(database);
			}
			release(entry);
			throw ex;
		}
	}

	private void reserve(String name, RuntimeDatabase entry) {
		if (isClosed()) {
			throw rejected(name, "the application is being closed.");
		}
		RuntimeDatabase other = this.databases.get(name);
		if (other == null && !this.free.tryAcquire()) {
			throw rejected(name,
					"%d databases have been added, which is the maximum ('app.dbs-runtime.max-databases'). Remove one first, or raise it."
						.formatted(this.settings.maxDatabases()));
		}
		if (other == null) {
			other = this.databases.putIfAbsent(name, entry);
			if (other != null) {
				this.free.release();
			}
		}
		if (other != null) {
			throw rejected(name, other.describe());
		}
	}

	static IllegalDatabaseOperationException rejected(String name, String reason) {
		return new IllegalDatabaseOperationException(name, "Database '%s' cannot be added: %s".formatted(name, reason));
	}

	private ManagedDatabase create(DatabaseDefinition definition) {
		DatabaseCredentialsProvider provider = this.factory.findCredentials(definition);
		CredentialsStrategy credentials = (provider != null)
				? new RotatingCredentials(definition, provider, this.rotations) : new FixedCredentials(definition);
		return new ManagedDatabase(credentials, this.factory::createConnector, this.factory::createServices,
				this.events);
	}

	private void publish(RuntimeDatabase entry, ManagedDatabase database) {
		// otherwise it could be removed before the listeners know it
		synchronized (entry) {
			synchronized (this) {
				if (this.closed) {
					throw rejected(entry.getName(), "the application is being closed.");
				}
				entry.opened(database);
				this.monitor.watch(database);
			}
			this.listeners.forEach((listener) -> listener.added(database));
		}
		this.events.accept(new DatabaseAddedEvent(database));
	}

	/**
	 * Gives the name free. What failed while it was added can be removed by another
	 * thread at the same time, and the name belongs to another database afterwards.
	 */
	private void release(RuntimeDatabase entry) {
		if (!entry.beginRelease()) {
			return;
		}
		try {
			this.factory.forget(entry.getName());
		}
		finally {
			this.databases.remove(entry.getName(), entry);
			this.free.release();
		}
	}

	/**
	 * Informs all listeners, even if one of them fails: the name must get free.
	 */
	private void notifyRemoved(ManagedDatabase database) {
		for (DatabaseListener listener : this.listeners) {
			try {
				listener.removed(database);
			}
			catch (RuntimeException ex) {
				logger.warn("A listener failed after database '%s' had been removed".formatted(database.getName()), ex);
			}
		}
	}

	/**
	 * Removes a database, or waits until another caller has removed it.
	 * @param drain how long connections in use may take until they are returned
	 * @return how many had to be aborted
	 */
	DatabaseRemoval remove(String name, Duration drain) {
		RuntimeDatabase entry = this.databases.get(name);
		ManagedDatabase database = (entry != null) ? entry.getDatabase() : null;
		if (entry == null || database == null) {
			return new DatabaseRemoval(name, false, 0);
		}
		if (!entry.beginRemoval()) {
			return entry.awaitRemoval();
		}
		int aborted = 0;
		try {
			database.remove();
			this.monitor.unwatch(database);
			aborted = entry.drainAndClose(drain, this::isClosed);
		}
		finally {
			notifyRemoved(database);
			try {
				release(entry);
			}
			finally {
				entry.endRemoval(aborted);
			}
		}
		logger.info("Database '%s' was removed; %d connections were aborted".formatted(name, aborted));
		this.events.accept(new DatabaseRemovedEvent(database, aborted));
		return new DatabaseRemoval(name, true, aborted);
	}

	/**
	 * Adds a listener, which receives the present databases, too.
	 */
	synchronized void addListener(DatabaseListener listener) {
		this.listeners.add(listener);
		all().forEach(listener::added);
	}

	@Nullable ManagedDatabase find(String name) {
		RuntimeDatabase entry = this.databases.get(name);
		return (entry != null) ? entry.getDatabase() : null;
	}

	/**
	 * Returns the databases, in the order of their names.
	 */
	Collection<ManagedDatabase> all() {
		return this.databases.values().stream().map(RuntimeDatabase::getDatabase).filter(Objects::nonNull).toList();
	}

	DatabaseMonitor getMonitor() {
		return this.monitor;
	}

	RuntimeSettings getSettings() {
		return this.settings;
	}

	private synchronized boolean isClosed() {
		return this.closed;
	}

	/**
	 * Ends all threads. No database can be added from now on.
	 * @return the databases, which the caller closes
	 */
	Collection<ManagedDatabase> close() {
		synchronized (this) {
			this.closed = true;
		}
		Collection<ManagedDatabase> databases = all();
		databases.forEach(ManagedDatabase::beginClose);
		this.openers.shutdownNow();
		this.monitor.close();
		this.rotations.shutdownNow();
		return databases;
	}

}
