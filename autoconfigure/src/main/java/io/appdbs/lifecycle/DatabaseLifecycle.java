package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.appdbs.Database;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.engine.Engine;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.aot.AbstractAotProcessor;

/**
 * Opens all databases of an application in parallel as soon as it is created, watches
 * them, and closes them.
 */
public final class DatabaseLifecycle implements Databases, SmartInitializingSingleton, DisposableBean {

	private static final Log logger = LogFactory.getLog(DatabaseLifecycle.class);

	private static final int MAX_THREADS = 32;

	/** How long the start waits for optional databases when the required ones are up. */
	private static final Duration OPTIONAL_GRACE = Duration.ofMillis(500);

	private static final Duration DRAIN_INTERVAL = Duration.ofMillis(10);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

	/** How long closing waits for listeners when the databases are closed. */
	private static final Duration LISTENER_TIMEOUT = Duration.ofSeconds(5);

	private final Map<String, ManagedDatabase> databases;

	private final Map<String, String> disabled;

	private final EventBuffer events;

	private final ThreadPoolExecutor starters;

	private final DatabaseMonitor monitor;

	private final ScheduledThreadPoolExecutor rotations;

	/**
	 * Create a new {@link DatabaseLifecycle} and begin to open the databases, unless the
	 * application is only being processed ahead of time.
	 * @param definitions the databases
	 * @param disabled why databases that are configured are left out, in sentences, by
	 * name
	 * @param credentials what supplies the credentials of databases whose credentials
	 * change, by name
	 * @param connectors creates what connects to a database
	 * @param events told of changes of states, from the time on when the application's
	 * beans have been created
	 */
	public DatabaseLifecycle(Collection<DatabaseDefinition> definitions, Map<String, String> disabled,
			Map<String, DatabaseCredentialsProvider> credentials,
			BiFunction<DatabaseDefinition, DatabaseAvailability, DatabaseConnector> connectors,
			Consumer<DatabaseStateChangedEvent> events) {
		this.disabled = Map.copyOf(disabled);
		this.events = new EventBuffer(events);
		// each may have to wait for a provider, and connections retire nevertheless
		this.rotations = new ScheduledThreadPoolExecutor(credentials.size() + 1,
				(task) -> daemon(task, "appdbs-rotation"));
		Map<String, ManagedDatabase> databases = new LinkedHashMap<>();
		definitions.forEach((definition) -> {
			DatabaseCredentialsProvider provider = credentials.get(definition.name());
			databases.put(definition.name(),
					new ManagedDatabase(definition,
							(provider != null) ? new CredentialsRotation(definition, provider, this.rotations) : null,
							connectors, this.events));
		});
		this.databases = Collections.unmodifiableMap(databases);
		int threads = Math.max(1, Math.min(this.databases.size(), MAX_THREADS));
		this.starters = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> daemon(task, "appdbs"));
		this.monitor = new DatabaseMonitor(threads);
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			this.databases.values().forEach(ManagedDatabase::leaveUnopened);
		}
		else {
			this.databases.values().forEach((database) -> this.starters.execute(() -> start(database)));
		}
		// the threads end with the last opening
		this.starters.shutdown();
	}

	private void start(ManagedDatabase database) {
		Thread.currentThread().setName("appdbs-" + database.getName());
		new DatabaseStart(database).run();
		if (database.getState() == DatabaseState.UP || !database.isRequired()) {
			this.monitor.watch(database);
		}
	}

	/**
	 * Wait for the databases: all required ones, and optional ones that need not much
	 * longer.
	 * @throws DatabaseStartException if a required database could not be opened; what
	 * happened to further ones is suppressed in it
	 */
	@Override
	public void afterSingletonsInstantiated() {
		DatabaseStartException failure = null;
		for (ManagedDatabase database : required(true)) {
			try {
				database.awaitStarted();
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
		long deadline = System.nanoTime() + OPTIONAL_GRACE.toNanos();
		for (ManagedDatabase database : required(false)) {
			if (!database.awaitStartedUntil(deadline)) {
				logger.info("Database '%s' is not required and still STARTING: the application does not wait for it"
					.formatted(database.getName()));
			}
		}
		this.events.open();
	}

	private List<ManagedDatabase> required(boolean required) {
		return this.databases.values().stream().filter((database) -> database.isRequired() == required).toList();
	}

	/**
	 * Return what connects to a database. Waits until that database, and no other, has
	 * been opened, unless it is not required.
	 * @param <T> the type of the connector
	 * @param name the name of the database
	 * @param type the type of the connector
	 * @return the connector, which stays owned by the life cycle
	 * @throws DatabaseStartException if the database is required and could not be opened
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public <T extends DatabaseConnector> T getConnector(String name, Class<T> type) {
		ManagedDatabase database = managed(name);
		if (database.isRequired()) {
			database.awaitStarted();
		}
		return type.cast(database.getConnector());
	}

	/**
	 * Wait until a database has been opened, or is known to be down.
	 * @param name the name of the database
	 * @param timeout how long to wait
	 * @return whether it is up
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public boolean awaitUp(String name, Duration timeout) {
		ManagedDatabase database = managed(name);
		database.awaitStartedUntil(System.nanoTime() + timeout.toNanos());
		return database.isUp();
	}

	/**
	 * Return what is known of a database before it is opened.
	 * @param name the name of the database
	 * @return the definition
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public DatabaseDefinition getDefinition(String name) {
		return managed(name).getDefinition();
	}

	/**
	 * Return what the server of a database is.
	 * @param name the name of the database
	 * @return the engine, that of the definition until the server has told
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public Engine getEngine(String name) {
		return managed(name).findEngine();
	}

	/**
	 * Return what has happened with a database.
	 * @param name the name of the database
	 * @return the statistics
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public DatabaseStatistics getStatistics(String name) {
		return managed(name).getStatistics();
	}

	/**
	 * Probe a database now, also one that has refused the login a moment ago, and wait
	 * for the outcome, within the time that a probe may take.
	 * @param name the name of the database
	 * @return what is known then
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public DatabaseSnapshot probe(String name) {
		ManagedDatabase database = managed(name);
		// one that is running, and the one that was asked for, each with its second
		// opinion
		long millis = 4 * database.getDefinition().settings().health().timeout().toMillis();
		database.getRefusedLogins().clear();
		try {
			this.monitor.probeNow(database).get(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// the snapshot tells
		}
		return database.getSnapshot();
	}

	/**
	 * Keep callers away from a database until it is {@linkplain #resume(String) resumed},
	 * and wait for those that hold a connection to give it back. A caller waits for
	 * {@code pool.acquire-timeout} at most. The database is still watched meanwhile.
	 * @param name the name of the database
	 * @param failing whether callers fail at once instead of waiting
	 * @param drainTimeout how long to wait for connections to be given back
	 * @return whether all were given back in time; the database is suspended in any case
	 * @throws IllegalDatabaseOperationException if it is suspended already, or a bean of
	 * the application connects to it
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public boolean suspend(String name, boolean failing, Duration drainTimeout) {
		ManagedDatabase database = managed(name);
		if (!database.getConnector().isSuspendable()) {
			throw new IllegalDatabaseOperationException(name,
					"Database '%s' cannot be suspended: a bean of the application connects to it, and callers get their connections there."
						.formatted(name));
		}
		database.getSuspension().suspend(failing);
		long deadline = System.nanoTime() + drainTimeout.toNanos();
		while (!isDrained(database)) {
			if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(DRAIN_INTERVAL.toNanos());
		}
		return true;
	}

	private static boolean isDrained(ManagedDatabase database) {
		PoolUsage usage = database.getConnector().getPoolUsage();
		return usage == null || usage.active() == 0;
	}

	/**
	 * Let callers get connections of a suspended database again.
	 * @param name the name of the database
	 * @throws IllegalDatabaseOperationException if it is not suspended
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public void resume(String name) {
		managed(name).getSuspension().resume();
	}

	/**
	 * Change how many connections the pool of a database opens at most, until the
	 * application ends.
	 * @param name the name of the database
	 * @param maximum the number of connections
	 * @throws IllegalDatabaseOperationException if the pool cannot have that size
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public void setMaximumPoolSize(String name, int maximum) {
		ManagedDatabase database = managed(name);
		if (maximum < 1) {
			throw new IllegalDatabaseOperationException(name,
					"The pool of database '%s' cannot have a maximum of %d: it must be at least 1.".formatted(name,
							maximum));
		}
		database.getConnector().setMaximumPoolSize(maximum);
	}

	/**
	 * Look for newer credentials of a database now, and use them instead of those in use
	 * if the server accepts them.
	 * @param name the name of the database
	 * @throws IllegalDatabaseOperationException if its credentials do not change, or
	 * newer ones could not be got or used; those in use stay
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public void rotate(String name) {
		ManagedDatabase database = managed(name);
		database.getRefusedLogins().clear();
		database.rotateCredentials();
	}

	/**
	 * Verify now that the policies of a database with row-level security bind the
	 * application, and wait for the outcome, which the snapshot has. With
	 * {@code rls.verify} set to {@code fail}, a database that does not pass is down until
	 * it does.
	 * @param name the name of the database
	 * @throws IllegalDatabaseOperationException if there is nothing to verify, or it
	 * could not be verified; the state has not changed then
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public void verify(String name) {
		this.monitor.getVerification(managed(name)).verifyOnRequest();
	}

	@Override
	public Database get(String name) {
		return managed(name);
	}

	private ManagedDatabase managed(String name) {
		ManagedDatabase database = this.databases.get(name);
		if (database == null) {
			throw new UnknownDatabaseException(name, this.databases.keySet(), this.disabled.get(name));
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
	 * Close every database, each even if another fails to close or hangs.
	 */
	@Override
	public void destroy() {
		this.databases.values().forEach(ManagedDatabase::beginClose);
		this.starters.shutdownNow();
		this.monitor.close();
		this.rotations.shutdownNow();
		List<Thread> threads = new ArrayList<>();
		this.databases.values().forEach((database) -> {
			Thread thread = daemon(database::close, "appdbs-close-" + database.getName());
			thread.start();
			threads.add(thread);
		});
		long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
		boolean interrupted = false;
		for (Thread thread : threads) {
			interrupted |= join(thread, deadline);
		}
		interrupted |= closeEvents();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait for listeners, unless the current thread is interrupted.
	 * @return whether it was
	 */
	private boolean closeEvents() {
		try {
			this.events.close(LISTENER_TIMEOUT);
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

	/**
	 * Wait for the thread, also if the current one is interrupted: the end of the
	 * application is what it was interrupted for.
	 * @return whether the current thread was interrupted
	 */
	private static boolean join(Thread thread, long deadline) {
		boolean interrupted = false;
		while (thread.isAlive() && System.nanoTime() < deadline) {
			try {
				thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (thread.isAlive()) {
			logger.warn("%s has not ended within %d s and is left behind".formatted(thread.getName(),
					CLOSE_TIMEOUT.toSeconds()));
		}
		return interrupted;
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

}
