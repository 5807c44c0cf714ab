package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.LateAnswerException;
import io.appdbs.query.QueryLog;
import io.appdbs.settings.DatabaseDefinition;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabaseConnector} for MongoDB. Has a separate client that probes the database,
 * and the client of the application. In an outage, the monitoring of the driver limits
 * and interrupts operations, and the driver discards broken connections itself.
 */
public final class MongoDatabaseConnector implements DatabaseConnector {

	private final DatabaseDefinition definition;

	private final List<Customizer> customizers;

	private final MongoPing ping;

	private final ApplicationClient client;

	/** Tasks that close former clients and have not run. */
	private final Set<Runnable> retirements = ConcurrentHashMap.newKeySet();

	private volatile @Nullable MongoClient probe;

	private boolean closed;

	/**
	 * Creates a new {@link MongoDatabaseConnector}.
	 * @param definition the database
	 * @param availability whether the database can be used
	 * @param customizers applied to the settings before those of the database, in order
	 * @param queryLog logs the commands of the application or {@code null}
	 */
	public MongoDatabaseConnector(DatabaseDefinition definition, DatabaseAvailability availability,
			List<Customizer> customizers, @Nullable QueryLog queryLog) {
		this.definition = definition;
		this.customizers = List.copyOf(customizers);
		this.ping = new MongoPing(definition, availability.getFailedLogins());
		this.client = new ApplicationClient(definition, availability, this.customizers, queryLog);
	}

	/**
	 * Returns the client of the application, which connects on demand.
	 * @return the client
	 */
	public MongoClient getClient() {
		return this.client.get();
	}

	@Override
	public ConnectedServer connect(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		return open(details, timeout, (probe, database) -> {
			String version = database.runCommand(new Document("buildInfo", 1)).getString("version");
			List<PreparationReport> reports = DatabasePreparation.prepareAll(List.of(new RequiredCollections(database)),
					this.definition, details);
			// if the client was requested while the database was down, it may have other
			// credentials
			replace(probe, details).run();
			return new ConnectedServer(this.definition.engine(),
					"%s %s".formatted(this.definition.engine().getDisplayName(), version), reports);
		});
	}

	@Override
	public Runnable rotate(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		return open(details, timeout, (probe, database) -> replace(probe, details));
	}

	/**
	 * Opens a new client for probes and logs in.
	 * @param action takes the client; if it fails, the client is closed
	 */
	private <T> T open(DatabaseConnectionDetails details, Duration timeout, ProbeAction<T> action) throws Exception {
		ServerDiscovery discovery = new ServerDiscovery();
		MongoClientSettings settings = MongoClientSettingsFactory.create(this.definition, details, this.customizers);
		MongoClient probe = MongoClients.create(MongoClientSettingsFactory.forProbe(settings, timeout, discovery));
		try {
			return action.apply(probe, this.ping.logIn(probe, details, discovery.await(timeout)));
		}
		catch (Exception ex) {
			probe.close();
			throw ex;
		}
	}

	/**
	 * Uses clients with the given credentials from now on.
	 * @return closes the former clients
	 */
	private synchronized Runnable replace(MongoClient probe, DatabaseConnectionDetails details) {
		if (this.closed) {
			throw new IllegalStateException("The application was closed meanwhile");
		}
		Runnable formerClient = this.client.use(details);
		MongoClient formerProbe = this.probe;
		this.probe = probe;
		Runnable retirement = () -> {
			formerClient.run();
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
			this.ping.send(probe, timeout, (connectTimeout != null) ? connectTimeout
					: this.definition.settings().pool().connectTimeoutOrDefault());
		}
	}

	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
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
		return this.client.getDetails();
	}

	@Override
	public @Nullable PoolUsage getPoolUsage() {
		return (this.probe != null) ? this.client.getPoolUsage() : null;
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		throw new IllegalDatabaseOperationException(this.definition.name(),
				"The pool of database '%s' cannot be resized: MongoDB's driver reads its size once. Set '%s' and restart the application."
					.formatted(this.definition.name(), this.definition.key("pool.max-size")));
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

	}

}
