package io.appdbs.mongo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.thread.LateAnswerException;
import io.appdbs.mongo.command.CommandLogs;
import io.appdbs.settings.DatabaseDefinition;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabaseConnector} for MongoDB. Has a separate client that probes the database,
 * and the client of the application. In an outage, the monitoring of the driver limits
 * and interrupts operations, and the driver discards broken connections itself.
 */
public final class MongoDatabaseConnector implements DatabaseConnector {

	/** The driver's own default is 100, which is too much for each of many databases. */
	private static final int ON_DEMAND_POOL_SIZE = 10;

	private final DatabaseDefinition definition;

	private final List<Customizer> customizers;

	private final MongoPing ping;

	private final ApplicationClients clients;

	private final FormerClients formerClients;

	private final List<MongoPreparation> preparations;

	/** {@code null} unless the database was added at run time. */
	private final @Nullable OnDemandClient onDemand;

	/** {@code null} if a client is opened for each probe. */
	private volatile @Nullable MongoClient probe;

	private volatile boolean opened;

	private volatile @Nullable PreparationClient preparing;

	private boolean closed;

	/**
	 * Creates a new {@link MongoDatabaseConnector}.
	 * @param definition the database
	 * @param availability whether the database can be used
	 * @param customizers applied to the settings before those of the database, in order
	 * @param logs know the commands of the application
	 * @param preparations the steps between connecting and use, in order, before the
	 * required collections are checked
	 */
	public MongoDatabaseConnector(DatabaseDefinition definition, DatabaseAvailability availability,
			List<Customizer> customizers, CommandLogs logs, List<MongoPreparation> preparations) {
		this(definition, new MongoPing(definition, availability.getFailedLogins()), customizers, preparations,
				ApplicationClients.of(definition, availability, List.copyOf(customizers), logs));
	}

	private MongoDatabaseConnector(DatabaseDefinition definition, MongoPing ping, List<Customizer> customizers,
			List<MongoPreparation> preparations, ApplicationClients clients) {
		this.definition = definition;
		this.customizers = List.copyOf(customizers);
		this.ping = ping;
		this.preparations = Stream.concat(preparations.stream(), Stream.of(new RequiredCollections())).toList();
		this.clients = clients;
		this.formerClients = new FormerClients(definition.name());
		this.onDemand = (clients.blocking() instanceof OnDemandClient client) ? client : null;
	}

	/**
	 * Creates the connector of a database that was added at run time. It has a client
	 * only while the database is used, and opens another one for each probe.
	 * @param definition the database
	 * @param availability whether the database can be used
	 * @param customizers applied to the settings before those of the database, in order
	 * @param logs know the commands of the application
	 * @param preparations the steps between connecting and use, in order, before the
	 * required collections are checked
	 * @return the connector
	 */
	public static MongoDatabaseConnector onDemand(DatabaseDefinition definition, DatabaseAvailability availability,
			List<Customizer> customizers, CommandLogs logs, List<MongoPreparation> preparations) {
		Customizer small = (database, builder) -> builder
			.applyToConnectionPoolSettings((pool) -> pool.maxSize(ON_DEMAND_POOL_SIZE));
		List<Customizer> all = Stream.concat(Stream.of(small), customizers.stream()).toList();
		return new MongoDatabaseConnector(definition, new MongoPing(definition, availability.getFailedLogins()), all,
				preparations, ApplicationClients.onDemand(definition, availability, all, logs));
	}

	/**
	 * Returns the client of the application, which connects on demand.
	 * @return the client
	 */
	public MongoClient getClient() {
		return this.clients.blocking().get();
	}

	/**
	 * Returns the read concern of the application's client, without opening it.
	 * @return the read concern
	 */
	public ReadConcern getReadConcern() {
		return this.clients.blocking().createSettings(this.definition.connectionDetails().get()).getReadConcern();
	}

	/**
	 * Returns the reactive client of the application, which connects on demand.
	 * @param type the type of the reactive client, which may not be on the class path
	 * @param <T> the type of the reactive client
	 * @return the client
	 * @throws IllegalStateException if the database has none
	 */
	public <T> T getReactiveClient(Class<T> type) {
		ReactiveClient reactive = this.clients.reactive();
		if (reactive == null) {
			throw new IllegalStateException("'%s' is not true".formatted(this.definition.key("mongo.reactive")));
		}
		return type.cast(reactive.get());
	}

	/**
	 * Returns a step between connecting and use.
	 * @param <T> the type of the step
	 * @param type the type of the step
	 * @return the step, {@code null} if this database does not have it
	 */
	public <T extends MongoPreparation> @Nullable T findPreparation(Class<T> type) {
		return this.preparations.stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
	}

	/**
	 * Opens a client that the application does not use, and that has no time limit of the
	 * settings.
	 * @param username the username of another login or {@code null}
	 * @param password the password of that login
	 * @param timeout the time limit for each answer of the server, {@code null} for none
	 * @return the client, which the caller closes
	 * @throws IllegalStateException if the application is being closed
	 */
	public MongoClient openClient(@Nullable String username, @Nullable String password, @Nullable Duration timeout) {
		DatabaseConnectionDetails details = getDetailsInUse();
		if (details == null) {
			throw new IllegalStateException("The database has not been opened");
		}
		DatabaseDefinition login = (username != null) ? this.definition
			.with(this.definition.settings().withCredentials(username, password), this.definition.connectionDetails())
				: this.definition;
		return MongoClients.create(MongoClientSettingsFactory
			.forMaintenance(MongoClientSettingsFactory.create(login, details, this.customizers), timeout));
	}

	@Override
	public ConnectedServer connect(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		return open(details, timeout, (probe, database) -> {
			String version = database.runCommand(new Document("buildInfo", 1)).getString("version");
			List<PreparationReport> reports = prepare(probe, database, details);
			// if the client was requested while the database was down, it may have other
			// credentials
			replace(probe, details).run();
			return new ConnectedServer(this.definition.engine(),
					"%s %s".formatted(this.definition.engine().getDisplayName(), version), reports);
		});
	}

	private List<PreparationReport> prepare(MongoClient probe, MongoDatabase database,
			DatabaseConnectionDetails details) throws Exception {
		try (PreparationClient client = beginPreparations(details)) {
			List<DatabasePreparation> steps = this.preparations.stream()
				.map((step) -> step.on(database, probe.getDatabase("admin"), client::get))
				.toList();
			return DatabasePreparation.prepareAll(steps, this.definition, details);
		}
		finally {
			this.preparing = null;
		}
	}

	private synchronized PreparationClient beginPreparations(DatabaseConnectionDetails details) {
		PreparationClient client = new PreparationClient(
				() -> MongoClients.create(this.clients.blocking().getSettingsForPreparations(details)));
		this.preparing = client;
		if (this.closed) {
			client.close();
		}
		return client;
	}

	/**
	 * Verifies the new login as the former one was verified, before using it.
	 */
	@Override
	public Runnable rotate(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		return open(details, timeout, (probe, database) -> {
			verify(probe, database, details);
			return replace(probe, details);
		});
	}

	private List<PreparationReport> verify(MongoClient probe, MongoDatabase database, DatabaseConnectionDetails details)
			throws Exception {
		List<DatabasePreparation> verifications = this.preparations.stream()
			.filter(MongoPreparation::isVerificationOfLogin)
			.map((step) -> step.on(database, probe.getDatabase("admin"), () -> probe))
			.toList();
		return DatabasePreparation.prepareAll(verifications, this.definition, details);
	}

	@Override
	public List<PreparationReport> verify() throws Exception {
		MongoClient probe = this.probe;
		DatabaseConnectionDetails details = getDetailsInUse();
		if (this.onDemand != null && this.opened && details != null) {
			return openBriefly(details, getConnectTimeout(), (client, database) -> verify(client, database, details));
		}
		if (probe == null || details == null || details.database() == null) {
			throw new IllegalStateException("The database has not been opened");
		}
		return verify(probe, probe.getDatabase(details.database()), details);
	}

	/**
	 * The driver cannot replace connections that are in use, so that other clients
	 * replace those of the application, which are closed later. Nothing fails once the
	 * newer certificates are in use.
	 */
	@Override
	public void renewSsl(Map<String, String> properties, Runnable use, Duration timeout) throws Exception {
		DatabaseConnectionDetails details = getDetailsInUse();
		if (this.opened && details != null) {
			tryOut(details.withProperties(properties), timeout);
		}
		use.run();
		boolean renewed = !this.opened;
		while (!renewed) {
			// again if the credentials have been replaced meanwhile
			renewed = renewClients(timeout);
		}
	}

	private void tryOut(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		try (MongoClient trial = openSeparate(details, null, timeout, new FailedLogins())) {
			verify(trial, trial.getDatabase(String.valueOf(details.database())), details);
		}
	}

	/**
	 * Opens new clients with the credentials in use.
	 * @return whether these credentials are still in use
	 */
	private boolean renewClients(Duration timeout) {
		DatabaseConnectionDetails details = getDetailsInUse();
		if (details == null) {
			return true;
		}
		ServerDiscovery discovery = new ServerDiscovery();
		MongoClient probe = openProbe(details, timeout, discovery);
		Runnable retirement = null;
		try {
			discovery.await(timeout);
			retirement = replaceIfInUse(probe, details);
		}
		finally {
			if (retirement == null || this.onDemand != null) {
				closeUninterrupted(probe);
			}
		}
		if (retirement != null) {
			this.formerClients.closeLater(retirement, getRetireAfter());
		}
		return retirement != null;
	}

	/**
	 * Does nothing if the credentials have been replaced: the former ones would be used
	 * again.
	 */
	private synchronized @Nullable Runnable replaceIfInUse(MongoClient probe, DatabaseConnectionDetails details) {
		return (getDetailsInUse() == details) ? use(probe, details.withProperties(Map.of())) : null;
	}

	private Duration getRetireAfter() {
		return this.definition.settings().credentials().retireAfter();
	}

	/**
	 * Opens a client with one connection, apart from those of the application and of
	 * probes, and logs in.
	 * @param details where to connect to
	 * @param login the details with another login, or {@code null} for that of the
	 * application
	 * @param timeout the time limit for finding a server and for each answer
	 * @param logins the logins that the server has rejected
	 * @return the client, which the caller closes
	 * @throws MongoException if no server accepts the login
	 */
	public MongoClient openSeparate(DatabaseConnectionDetails details, @Nullable DatabaseConnectionDetails login,
			Duration timeout, FailedLogins logins) {
		ServerDiscovery discovery = new ServerDiscovery();
		MongoClientSettings settings = (login != null)
				? MongoClientSettingsFactory.createWithLogin(this.definition, login, this.customizers)
				: MongoClientSettingsFactory.create(this.definition, details, this.customizers);
		MongoClient client = MongoClients.create(MongoClientSettingsFactory
			.forOneConnection(MongoClientSettingsFactory.forProbe(settings, timeout, discovery)));
		try {
			new MongoPing(this.definition, logins).logIn(client, (login != null) ? login : details,
					discovery.await(timeout));
			return client;
		}
		catch (RuntimeException ex) {
			client.close();
			throw ex;
		}
	}

	/**
	 * Opens a new client for probes and logs in.
	 * @param action takes the client; if it fails, the client is closed
	 */
	private <T> T open(DatabaseConnectionDetails details, Duration timeout, ProbeAction<T> action) throws Exception {
		ServerDiscovery discovery = new ServerDiscovery();
		MongoClient probe = openProbe(details, timeout, discovery);
		try {
			return action.apply(probe, this.ping.logIn(probe, details, discovery.await(timeout)));
		}
		catch (Exception ex) {
			closeUninterrupted(probe);
			throw ex;
		}
	}

	/**
	 * Opens a new client and closes it after the action.
	 */
	private <T> T openBriefly(DatabaseConnectionDetails details, Duration timeout, ProbeAction<T> action)
			throws Exception {
		return open(details, timeout, (client, database) -> {
			T result = action.apply(client, database);
			closeUninterrupted(client);
			return result;
		});
	}

	private MongoClient openProbe(DatabaseConnectionDetails details, Duration timeout, ServerDiscovery discovery) {
		return MongoClients.create(MongoClientSettingsFactory.forProbe(
				MongoClientSettingsFactory.create(this.definition, details, this.customizers), timeout, discovery));
	}

	/**
	 * Closes a client on a thread that closing the application may have interrupted. The
	 * driver would not end its sessions on the server then.
	 */
	static void closeUninterrupted(MongoClient client) {
		boolean interrupted = Thread.interrupted();
		try {
			client.close();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Uses clients with the given credentials from now on.
	 * @return closes the former clients
	 */
	private Runnable replace(MongoClient probe, DatabaseConnectionDetails details) {
		Runnable retirement = use(probe, details);
		if (this.onDemand != null) {
			closeUninterrupted(probe);
		}
		return retirement;
	}

	private synchronized Runnable use(MongoClient probe, DatabaseConnectionDetails details) {
		if (this.closed) {
			throw new IllegalStateException("The application was closed meanwhile");
		}
		Runnable formerClients = this.clients.use(details);
		MongoClient formerProbe = this.probe;
		this.probe = (this.onDemand == null) ? probe : null;
		this.opened = true;
		return this.formerClients.add(() -> {
			formerClients.run();
			if (formerProbe != null) {
				formerProbe.close();
			}
		});
	}

	@Override
	public void probe(@Nullable Duration connectTimeout, Duration timeout) throws Exception {
		MongoClient probe = this.probe;
		DatabaseConnectionDetails details = getDetailsInUse();
		Duration connecting = (connectTimeout != null) ? connectTimeout : getConnectTimeout();
		if (probe != null) {
			this.ping.send(probe, timeout, connecting);
		}
		else if (this.opened && details != null) {
			openBriefly(details, connecting, (client, database) -> database);
		}
	}

	private Duration getConnectTimeout() {
		return this.definition.settings().pool().connectTimeoutOrDefault();
	}

	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
		if (this.onDemand != null && !this.onDemand.isOpen()) {
			return false;
		}
		try {
			this.ping.send(getClient(), timeout, timeout);
			return true;
		}
		catch (MongoException | MongoDatabaseDownException | LateAnswerException ex) {
			return false;
		}
	}

	@Override
	public @Nullable DatabaseConnectionDetails getDetailsInUse() {
		return this.clients.blocking().getDetails();
	}

	@Override
	public @Nullable PoolUsage getPoolUsage() {
		return this.opened ? this.clients.getPoolUsage() : null;
	}

	@Override
	public boolean isUnusedFor(Duration time) {
		return this.onDemand != null && this.onDemand.isUnusedFor(time);
	}

	@Override
	public void rest(Duration time) {
		if (this.onDemand != null) {
			this.onDemand.rest(time);
		}
	}

	@Override
	public void end() {
		if (this.onDemand != null) {
			this.onDemand.end();
		}
	}

	@Override
	public int getUnderWay() {
		return (this.onDemand != null) ? this.onDemand.getUnderWay() : DatabaseConnector.super.getUnderWay();
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		throw new IllegalDatabaseOperationException(this.definition.name(),
				"The pool of database '%s' cannot be resized: MongoDB's driver reads its size once. Set '%s' and restart the application."
					.formatted(this.definition.name(), this.definition.key("pool.max-size")));
	}

	@Override
	public void close() throws IOException {
		end();
		MongoClient probe = this.probe;
		try {
			endPreparations();
			if (probe != null) {
				probe.close();
			}
		}
		finally {
			closeClients();
		}
	}

	private synchronized void endPreparations() {
		this.closed = true;
		if (this.preparing != null) {
			this.preparing.close();
		}
	}

	private synchronized void closeClients() throws IOException {
		try {
			this.formerClients.close();
		}
		finally {
			this.clients.close();
		}
	}

	/**
	 * Takes a new client for probes.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	private interface ProbeAction<T> {

		T apply(MongoClient probe, MongoDatabase database) throws Exception;

	}

	/**
	 * Customizes the settings of every client.
	 */
	@FunctionalInterface
	public interface Customizer {

		/**
		 * Customizes the settings.
		 * @param database the name of the database
		 * @param builder the settings before those of the database are applied
		 */
		void customize(String database, MongoClientSettings.Builder builder);

		/**
		 * Customizes the settings of a database that was added at run time, of which
		 * nothing must be left when it has been removed.
		 * @param database the name of the database
		 * @param builder the settings before those of the database are applied
		 */
		default void customizeRuntime(String database, MongoClientSettings.Builder builder) {
			customize(database, builder);
		}

	}

}
