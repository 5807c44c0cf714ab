package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import com.mongodb.selector.ServerSelector;
import io.appdbs.DatabaseOutage;
import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.query.QueryLog;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The client of the application. Selects no server while the database is down, so that
 * every operation fails at once.
 */
final class ApplicationClient {

	private static final Duration DEFAULT_ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

	private final DatabaseDefinition definition;

	private final DatabaseAvailability availability;

	private final List<MongoDatabaseConnector.Customizer> customizers;

	private final MongoPoolCounter pool;

	private final @Nullable QueryLog queryLog;

	/** The selectors of clients that are not being closed. */
	private final Map<MongoClient, FailFastServerSelector> selectors = new ConcurrentHashMap<>();

	private @Nullable MongoClient client;

	private @Nullable DatabaseConnectionDetails details;

	private @Nullable RotatingMongoClient rotating;

	private volatile int maximumPoolSize;

	ApplicationClient(DatabaseDefinition definition, DatabaseAvailability availability,
			List<MongoDatabaseConnector.Customizer> customizers, @Nullable QueryLog queryLog) {
		this.definition = definition;
		this.availability = availability;
		this.customizers = customizers;
		this.pool = new MongoPoolCounter(availability);
		this.queryLog = queryLog;
	}

	synchronized MongoClient get() {
		MongoClient client = this.client;
		if (client == null) {
			this.details = this.definition.connectionDetails().get();
			client = create(this.details);
			if (this.availability.isRotating()) {
				this.rotating = new RotatingMongoClient(client);
				client = this.rotating.getClient();
			}
			this.client = client;
		}
		return client;
	}

	private MongoClient create(DatabaseConnectionDetails details) {
		MongoClientSettings settings = MongoClientSettingsFactory.forApplication(
				MongoClientSettingsFactory.create(this.definition, details, this.customizers),
				this.definition.settings().mongo(), details);
		this.maximumPoolSize = settings.getConnectionPoolSettings().getMaxSize();
		FailFastServerSelector selector = new FailFastServerSelector();
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings)
			.applyToClusterSettings((cluster) -> cluster.serverSelector(selector))
			.applyToConnectionPoolSettings((pool) -> pool.addConnectionPoolListener(this.pool));
		if (this.queryLog != null) {
			builder.addCommandListener(new QueryLogCommandListener(this.queryLog));
		}
		MongoClient client = MongoClients.create(builder.build());
		this.selectors.put(client, selector);
		return client;
	}

	/**
	 * Creates a client with the query log of the application, without a time limit.
	 */
	MongoClient createForPreparations(DatabaseConnectionDetails details) {
		MongoClientSettings.Builder builder = MongoClientSettings.builder(MongoClientSettingsFactory
			.forMaintenance(MongoClientSettingsFactory.create(this.definition, details, this.customizers), null));
		if (this.queryLog != null) {
			builder.addCommandListener(new QueryLogCommandListener(this.queryLog));
		}
		return MongoClients.create(builder.build());
	}

	/**
	 * Returns where the client connects to, {@code null} if it has not been created.
	 */
	synchronized @Nullable DatabaseConnectionDetails getDetails() {
		return this.details;
	}

	/**
	 * Connects with the given credentials from now on, if credentials can change and
	 * these differ.
	 * @return closes the client with the former credentials
	 */
	synchronized Runnable use(DatabaseConnectionDetails details) {
		get();
		RotatingMongoClient rotating = this.rotating;
		if (rotating == null || this.details == details) {
			return () -> {
			};
		}
		this.details = details;
		MongoClient former = rotating.replace(create(details));
		return () -> {
			Objects.requireNonNull(this.selectors.remove(former)).closing = true;
			rotating.close(former);
		};
	}

	/**
	 * Returns the usage of the pool. The maximum is that of each server of the
	 * deployment.
	 */
	PoolUsage getPoolUsage() {
		return this.pool.getUsage(this.maximumPoolSize);
	}

	synchronized void close() {
		if (this.client != null) {
			this.selectors.values().forEach((selector) -> selector.closing = true);
			this.client.close();
		}
	}

	/**
	 * Selects no server while the database is down, unless the client is being closed:
	 * then it ends its sessions on the server, and stays open if it cannot select one.
	 */
	private final class FailFastServerSelector implements ServerSelector {

		private volatile boolean closing;

		@Override
		public List<ServerDescription> select(ClusterDescription cluster) {
			DatabaseOutage outage = this.closing ? null : ApplicationClient.this.availability.check(acquireTimeout());
			if (outage != null) {
				throw new MongoDatabaseDownException(outage);
			}
			return cluster.getServerDescriptions();
		}

		private Duration acquireTimeout() {
			Duration timeout = ApplicationClient.this.definition.settings().pool().acquireTimeout();
			return (timeout != null) ? timeout : DEFAULT_ACQUIRE_TIMEOUT;
		}

	}

}
