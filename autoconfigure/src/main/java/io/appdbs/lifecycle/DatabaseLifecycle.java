package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseRemoval;
import io.appdbs.DatabaseStartException;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.backup.BackupObservation;
import io.appdbs.cache.DatabaseCaches;
import io.appdbs.credentials.CredentialsStrategy;
import io.appdbs.credentials.FixedCredentials;
import io.appdbs.credentials.RotatingCredentials;
import io.appdbs.engine.Engine;
import io.appdbs.lifecycle.history.DatabaseStateChange;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.lifecycle.thread.Closing;
import io.appdbs.lifecycle.thread.DaemonThreadFactory;
import io.appdbs.lifecycle.thread.EventBuffer;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RuntimeSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.util.Assert;

/**
 * Opens all databases of an application in parallel when it is created, watches them, and
 * closes them.
 */
public final class DatabaseLifecycle implements Databases, SmartInitializingSingleton, DisposableBean {

	private static final Log logger = LogFactory.getLog(DatabaseLifecycle.class);

	private static final int MAX_THREADS = 32;

	/** How long the start waits for optional databases when the required ones are up. */
	private static final Duration OPTIONAL_GRACE = Duration.ofMillis(500);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

	/** How long closing waits for listeners after the databases have been closed. */
	private static final Duration LISTENER_TIMEOUT = Duration.ofSeconds(5);

	private final Map<String, ManagedDatabase> databases;

	private final Map<String, String> disabled;

	private final EventBuffer events;

	private final ThreadPoolExecutor starters;

	private final DatabaseMonitor monitor;

	private final ScheduledThreadPoolExecutor rotations;

	private volatile @Nullable RuntimeDatabases runtime;

	/**
	 * Creates a new {@link DatabaseLifecycle} and begins to open the databases, unless
	 * the application is only processed ahead of time.
	 * @param definitions the databases
	 * @param disabled why configured databases are disabled, in sentences, by name
	 * @param credentials the providers of databases whose credentials can change, by name
	 * @param connectors creates the connector of a database
	 * @param services creates the services of a database
	 * @param events receives events of databases, once the application's beans have been
	 * created
	 */
	public DatabaseLifecycle(Collection<DatabaseDefinition> definitions, Map<String, String> disabled,
			Map<String, DatabaseCredentialsProvider> credentials,
			BiFunction<DatabaseDefinition, DatabaseAvailability, DatabaseConnector> connectors,
			Function<DatabaseAccess, DatabaseServices> services, Consumer<ApplicationEvent> events) {
		this.disabled = Map.copyOf(disabled);
		this.events = new EventBuffer(events);
		// each may have to wait for a provider, while connections retire
		this.rotations = new ScheduledThreadPoolExecutor(credentials.size() + 1,
				new DaemonThreadFactory("appdbs-rotation-"));
		Map<String, ManagedDatabase> databases = new LinkedHashMap<>();
		definitions.forEach((definition) -> databases.put(definition.name(),
				new ManagedDatabase(createStrategy(definition, credentials.get(definition.name()), this.rotations),
						connectors, services, this.events)));
		this.databases = Collections.unmodifiableMap(databases);
		int threads = Math.max(1, Math.min(this.databases.size(), MAX_THREADS));
		this.starters = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				new DaemonThreadFactory("appdbs-"));
		this.monitor = new DatabaseMonitor(threads);
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			this.databases.values().forEach(ManagedDatabase::leaveUnopened);
		}
		else {
			this.databases.values().forEach((database) -> this.starters.execute(() -> start(database)));
		}
		// the threads end when the last database has been opened
		this.starters.shutdown();
	}

	/**
	 * Permits databases to be added at run time.
	 * @param settings the limits
	 * @param factory creates the parts of a database
	 */
	public void permitRuntime(RuntimeSettings settings, RuntimeDatabaseFactory factory) {
		this.runtime = new RuntimeDatabases(settings, factory, this.events);
	}

	@Override
	public Database add(String name, RuntimeDatabaseSettings settings) {
		if (this.databases.containsKey(name)) {
			throw RuntimeDatabases.rejected(name, "the name is that of a configured database.");
		}
		String disabled = this.disabled.get(name);
		if (disabled != null) {
			throw RuntimeDatabases.rejected(name,
					"the name is that of a configured database, which is disabled: " + disabled);
		}
		return getRuntime().add(name, settings);
	}

	@Override
	public DatabaseRemoval remove(String name, Duration drain) {
		if (this.databases.containsKey(name)) {
			throw new IllegalDatabaseOperationException(name,
					"Database '%s' cannot be removed: it is configured, and has beans. Only databases that have been added at run time can be removed."
						.formatted(name));
		}
		return getRuntime().remove(name, drain);
	}

	private RuntimeDatabases getRuntime() {
		RuntimeDatabases runtime = this.runtime;
		Assert.state(runtime != null, "Databases cannot be added here at run time");
		return runtime;
	}

	/**
	 * Returns the databases that have been added at run time.
	 * @return the databases, in the order of their names
	 */
	public Collection<? extends Database> getAdded() {
		RuntimeDatabases runtime = this.runtime;
		return (runtime != null) ? runtime.all() : List.of();
	}

	/**
	 * Returns the databases that are configured, and their replicas.
	 * @return the databases, in the order of the configuration
	 */
	public Collection<? extends Database> getConfigured() {
		return this.databases.values();
	}

	/**
	 * Returns the limits of databases that are added at run time.
	 * @return the limits
	 */
	public RuntimeSettings getRuntimeSettings() {
		return getRuntime().getSettings();
	}

	/**
	 * Adds a listener for databases that are added at run time. It receives the present
	 * ones, too.
	 * @param listener the listener
	 */
	public void addListener(DatabaseListener listener) {
		getRuntime().addListener(listener);
	}

	private static CredentialsStrategy createStrategy(DatabaseDefinition definition,
			@Nullable DatabaseCredentialsProvider provider, ScheduledExecutorService rotations) {
		return (provider != null) ? new RotatingCredentials(definition, provider, rotations)
				: new FixedCredentials(definition);
	}

	private void start(ManagedDatabase database) {
		Thread.currentThread().setName("appdbs-" + database.getName());
		new DatabaseStart(database).run();
		if (database.isUp() || !database.isRequired()) {
			this.monitor.watch(database);
		}
	}

	/**
	 * Waits for all required databases, and a short time for optional ones.
	 * @throws DatabaseStartException if a required database could not be opened; the
	 * failures of other ones are suppressed in it
	 */
	@Override
	public void afterSingletonsInstantiated() {
		DatabaseStartException failure = null;
		for (ManagedDatabase database : required(true)) {
			try {
				awaitStarted(database);
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
			if (!database.getStartupLatch().await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
				logger.info("Database '%s' is not required and still STARTING: the application does not wait for it"
					.formatted(database.getName()));
			}
		}
		this.events.open();
		this.databases.values()
			.stream()
			.map(ManagedDatabase::getBackups)
			.filter(Objects::nonNull)
			.forEach(BackupObservation::begin);
	}

	private List<ManagedDatabase> required(boolean required) {
		return this.databases.values().stream().filter((database) -> database.isRequired() == required).toList();
	}

	private static void awaitStarted(ManagedDatabase database) {
		if (database.isClosed()) {
			throw StartFailure.closed(database.getName());
		}
		database.getStartupLatch().await();
	}

	/**
	 * Returns the connector of a database. Waits until that database, and no other, has
	 * been opened, unless it is not required.
	 * @param <T> the type of the connector
	 * @param name the name of the database
	 * @param type the type of the connector
	 * @return the connector, which the life cycle closes
	 * @throws DatabaseStartException if the database is required and could not be opened
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public <T extends DatabaseConnector> T getConnector(String name, Class<T> type) {
		ManagedDatabase database = managed(name);
		if (database.isRequired()) {
			awaitStarted(database);
		}
		return type.cast(database.getConnector());
	}

	/**
	 * Returns the connector of a database, without waiting for the database.
	 * @param <T> the type of the connector
	 * @param name the name of the database
	 * @param type the type of the connector
	 * @return the connector, which may not have been connected yet
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public <T extends DatabaseConnector> T findConnector(String name, Class<T> type) {
		return type.cast(managed(name).getConnector());
	}

	/**
	 * Waits until a database has been opened, or is known to be down.
	 * @param name the name of the database
	 * @param timeout how long to wait
	 * @return whether it is up
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public boolean awaitUp(String name, Duration timeout) {
		ManagedDatabase database = managed(name);
		database.getStartupLatch().await(timeout);
		return database.isUp();
	}

	/**
	 * Returns the definition of a database.
	 * @param name the name of the database
	 * @return the definition
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public DatabaseDefinition getDefinition(String name) {
		return managed(name).getDefinition();
	}

	/**
	 * Returns the engine of a database.
	 * @param name the name of the database
	 * @return the engine of the server, or of the definition until the server has
	 * answered
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public Engine getEngine(String name) {
		return managed(name).findEngine();
	}

	/**
	 * Returns the statistics of a database.
	 * @param name the name of the database
	 * @return the statistics
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public DatabaseStatistics getStatistics(String name) {
		return managed(name).getStatistics();
	}

	/**
	 * Returns the caches of a database.
	 * @param name the name of the database
	 * @return the caches or {@code null} if it has none
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public @Nullable DatabaseCaches findCaches(String name) {
		return managed(name).getCaches();
	}

	/**
	 * Returns the last changes of the state of a database.
	 * @param name the name of the database
	 * @return the changes, the latest first, at most 20
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public List<DatabaseStateChange> getChanges(String name) {
		return managed(name).getHistory().getChanges();
	}

	/**
	 * Returns what to do about the outage of a database.
	 * @param name the name of the database
	 * @return the action, in full sentences, or {@code null} if the database is not down
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public @Nullable String getAction(String name) {
		return managed(name).getAction();
	}

	/**
	 * Returns the operations on a database.
	 * @param name the name of the database
	 * @return the operations
	 * @throws UnknownDatabaseException if there is no such database
	 */
	public DatabaseOperations getOperations(String name) {
		ManagedDatabase database = managed(name);
		RuntimeDatabases runtime = this.runtime;
		return new DatabaseOperations(database,
				(runtime == null || this.databases.containsKey(name)) ? this.monitor : runtime.getMonitor());
	}

	@Override
	public Database get(String name) {
		return managed(name);
	}

	private ManagedDatabase managed(String name) {
		ManagedDatabase database = this.databases.get(name);
		RuntimeDatabases runtime = this.runtime;
		if (database == null && runtime != null) {
			database = runtime.find(name);
		}
		if (database == null) {
			throw new UnknownDatabaseException(name, getNames(), this.disabled.get(name));
		}
		return database;
	}

	@Override
	public Set<String> getNames() {
		Collection<? extends Database> added = getAdded();
		if (added.isEmpty()) {
			return this.databases.keySet();
		}
		Set<String> names = new LinkedHashSet<>(this.databases.keySet());
		added.forEach((database) -> names.add(database.getName()));
		return Collections.unmodifiableSet(names);
	}

	@Override
	public Iterator<Database> iterator() {
		return Stream.<Database>concat(this.databases.values().stream(), getAdded().stream()).iterator();
	}

	/**
	 * Closes every database, even if another one hangs or fails to close.
	 */
	@Override
	public void destroy() {
		List<ManagedDatabase> all = new ArrayList<>(this.databases.values());
		all.forEach(ManagedDatabase::beginClose);
		RuntimeDatabases runtime = this.runtime;
		if (runtime != null) {
			all.addAll(runtime.close());
		}
		this.starters.shutdownNow();
		this.monitor.close();
		this.rotations.shutdownNow();
		new Closing(all.stream().<Runnable>map((database) -> database::close).toList()).await(CLOSE_TIMEOUT);
		all.stream()
			.filter(ManagedDatabase::isStillClosing)
			.forEach((database) -> logger.warn("Database '%s' did not close within %d s and is abandoned"
				.formatted(database.getName(), CLOSE_TIMEOUT.toSeconds())));
		try {
			this.events.close(LISTENER_TIMEOUT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
