package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ServerDescription;
import com.mongodb.observability.ObservabilitySettings;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.FailedLogins;
import io.appdbs.lifecycle.LateAnswerException;
import io.appdbs.query.QueryLog;
import io.appdbs.settings.DatabaseDefinition;
import io.micrometer.observation.ObservationRegistry;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a MongoDB database: a client of its own that probes it with {@code ping},
 * which needs no rights, and the client of the application.
 */
public final class MongoDatabaseConnector implements DatabaseConnector {

	private final DatabaseDefinition definition;

	private final DatabaseAvailability gate;

	private final List<Customizer> customizers;

	private final ApplicationClient client;

	/** Close former clients, and are to come. */
	private final Set<Runnable> retirements = ConcurrentHashMap.newKeySet();

	private volatile @Nullable MongoClient probe;

	private boolean closed;

	/**
	 * Create a new {@link MongoDatabaseConnector}.
	 * @param definition the database
	 * @param gate tells whether the database can be used
	 * @param customizers applied to the settings before those of the database, in order
	 * @param queryLog told of the commands of the application or {@code null}
	 */
	public MongoDatabaseConnector(DatabaseDefinition definition, DatabaseAvailability gate,
			List<Customizer> customizers, @Nullable QueryLog queryLog) {
		this.definition = definition;
		this.gate = gate;
		this.customizers = List.copyOf(customizers);
		this.client = new ApplicationClient(definition, gate, this.customizers, queryLog);
	}

	/**
	 * Return the client of the application, which connects by itself.
	 * @return the client
	 */
	public MongoClient getClient() {
		return this.client.get();
	}

	@Override
	public ConnectedServer connect(DatabaseConnectionDetails target, Duration timeout) {
		ServerDiscovery discovery = new ServerDiscovery();
		MongoClient probe = MongoClients.create(probeSettings(target, timeout, discovery));
		try {
			MongoDatabase database = logIn(probe, target, discovery.await(timeout));
			String version = database.runCommand(new Document("buildInfo", 1)).getString("version");
			keep(probe, target);
			return new ConnectedServer(this.definition.engine(),
					"%s %s".formatted(this.definition.engine().getDisplayName(), version), List.of());
		}
		catch (RuntimeException ex) {
			probe.close();
			throw ex;
		}
	}

	/**
	 * Log in through a new client. Where it has found no server, it says why without
	 * looking for one any longer.
	 */
	private MongoDatabase logIn(MongoClient client, DatabaseConnectionDetails target, boolean found) {
		MongoDatabase database = client.getDatabase(databaseName(target));
		MongoDatabase limited = found ? database : database.withTimeout(1, TimeUnit.MILLISECONDS);
		logIn(target, () -> limited.runCommand(new Document("ping", 1)));
		return database;
	}

	/**
	 * A client that was asked for while the database was down may have other credentials.
	 */
	private synchronized void keep(MongoClient probe, DatabaseConnectionDetails target) {
		requireOpen();
		this.client.use(target).run();
		this.probe = probe;
	}

	private void requireOpen() {
		if (this.closed) {
			throw new IllegalStateException("The application was closed meanwhile");
		}
	}

	@Override
	public Runnable rotate(DatabaseConnectionDetails target, Duration timeout) {
		ServerDiscovery discovery = new ServerDiscovery();
		MongoClient probe = MongoClients.create(probeSettings(target, timeout, discovery));
		try {
			logIn(probe, target, discovery.await(timeout));
			return replace(probe, target);
		}
		catch (RuntimeException ex) {
			probe.close();
			throw ex;
		}
	}

	/**
	 * Use clients with other credentials from now on.
	 * @return closes the former ones
	 */
	private synchronized Runnable replace(MongoClient probe, DatabaseConnectionDetails target) {
		requireOpen();
		Runnable client = this.client.use(target);
		MongoClient formerProbe = this.probe;
		this.probe = probe;
		Runnable retirement = () -> {
			client.run();
			if (formerProbe != null) {
				formerProbe.close();
			}
		};
		this.retirements.add(retirement);
		return () -> {
			if (this.retirements.remove(retirement)) {
				retirement.run();
			}
		};
	}

	@Override
	public void probe(@Nullable Duration connectTimeout, Duration timeout) throws LateAnswerException {
		MongoClient probe = this.probe;
		if (probe != null) {
			pingOnceMore(probe, timeout, (connectTimeout != null) ? connectTimeout
					: this.definition.settings().pool().connectTimeoutOrDefault());
		}
	}

	/**
	 * A kept connection may be the only thing that is broken, so a new one decides.
	 */
	private void pingOnceMore(MongoClient client, Duration timeout, Duration connectTimeout)
			throws LateAnswerException {
		try {
			ping(client, timeout, connectTimeout);
		}
		catch (MongoSocketReadTimeoutException ex) {
			throw ex;
		}
		catch (MongoSocketException ex) {
			ping(client, timeout, connectTimeout);
		}
	}

	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
		try {
			pingOnceMore(getClient(), timeout, timeout);
			return true;
		}
		catch (MongoException | MongoDatabaseDownException | LateAnswerException ex) {
			return false;
		}
	}

	/**
	 * The driver may have to open a connection in order to send the command. While it
	 * knows no server that answers, it goes on looking for one by itself, and says why it
	 * has not found one when it is asked.
	 */
	private void ping(MongoClient client, Duration timeout, Duration connectTimeout) throws LateAnswerException {
		boolean found = client.getClusterDescription()
			.getServerDescriptions()
			.stream()
			.anyMatch(ServerDescription::isOk);
		long begin = System.nanoTime();
		ping(client, found ? connectTimeout : timeout);
		if (System.nanoTime() - begin > timeout.toNanos()) {
			// opening a connection may have taken that long, an answer may not
			pingAgain(client, timeout);
		}
	}

	private void pingAgain(MongoClient client, Duration timeout) throws LateAnswerException {
		try {
			ping(client, timeout);
		}
		catch (MongoOperationTimeoutException ex) {
			throw new LateAnswerException(timeout, ex);
		}
	}

	private void ping(MongoClient client, Duration limit) {
		DatabaseConnectionDetails target = this.definition.connectionDetails().get();
		MongoDatabase database = client.getDatabase(databaseName(target))
			.withTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
		logIn(target, () -> database.runCommand(new Document("ping", 1)));
	}

	/**
	 * Send a command that may have to log in, unless the server has refused that a moment
	 * ago.
	 */
	private void logIn(DatabaseConnectionDetails target, Runnable command) {
		FailedLogins logins = this.gate.getRefusedLogins();
		if (logins.check(target) instanceof RuntimeException refusal) {
			throw refusal;
		}
		try {
			command.run();
			logins.clear();
		}
		catch (RuntimeException ex) {
			if (this.definition.engine().classify(ex).isLoginRefused()) {
				logins.refused(target, ex);
			}
			throw ex;
		}
	}

	@Override
	public void suspend() {
		// the driver's own monitoring is bounded
	}

	@Override
	public void abort() {
		// the driver's own monitoring interrupts them
	}

	@Override
	public void recover() {
		// the driver drops its connections itself
	}

	@Override
	public @Nullable PoolUsage getPoolUsage() {
		return (this.probe != null) ? this.client.getPoolUsage() : null;
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		throw new IllegalDatabaseOperationException(this.definition.name(),
				"The pool of database '%s' cannot be resized: MongoDB's driver reads its size once. Set '%s' and start the application again."
					.formatted(this.definition.name(), this.definition.key("pool.max-size")));
	}

	private MongoClientSettings settings(DatabaseConnectionDetails target) {
		return MongoClientSettingsFactory.create(this.definition, target, this.customizers);
	}

	/**
	 * Who listens to the commands of the application is not to hear those of the probe.
	 */
	private MongoClientSettings probeSettings(DatabaseConnectionDetails target, Duration timeout,
			ServerDiscovery discovery) {
		long millis = timeout.toMillis();
		MongoClientSettings settings = settings(target);
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings)
			.applyToClusterSettings((cluster) -> cluster.serverSelectionTimeout(millis, TimeUnit.MILLISECONDS)
				.addClusterListener(discovery))
			.applyToSocketSettings((socket) -> socket.connectTimeout(millis, TimeUnit.MILLISECONDS)
				.readTimeout((int) millis, TimeUnit.MILLISECONDS))
			.applyToConnectionPoolSettings((pool) -> pool.minSize(0).maxSize(2).connectionPoolListenerList(List.of()))
			.commandListenerList(List.of());
		if (settings.getObservabilitySettings() != null) {
			Observation.switchOff(builder);
		}
		return builder.build();
	}

	private static String databaseName(DatabaseConnectionDetails target) {
		return String.valueOf(target.database());
	}

	@Override
	public void close() {
		MongoClient probe = this.probe;
		try {
			if (probe != null) {
				probe.close();
			}
		}
		finally {
			closeClient();
		}
	}

	private synchronized void closeClient() {
		this.closed = true;
		this.retirements.forEach(Runnable::run);
		this.client.close();
	}

	/**
	 * Loaded only where the application observes its clients, and so Micrometer.
	 */
	private static final class Observation {

		static void switchOff(MongoClientSettings.Builder builder) {
			builder.observabilitySettings(
					ObservabilitySettings.micrometerBuilder().observationRegistry(ObservationRegistry.NOOP).build());
		}

	}

	/**
	 * Customizes the settings of every client.
	 */
	@FunctionalInterface
	public interface Customizer {

		/**
		 * Customize the settings.
		 * @param database the name of the database
		 * @param builder the settings before those of the database are applied
		 */
		void customize(String database, MongoClientSettings.Builder builder);

	}

}
