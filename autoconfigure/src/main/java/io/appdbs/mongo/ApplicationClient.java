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
 * The client of the application. It selects no server while the database is down, so that
 * every operation fails at once.
 */
final class ApplicationClient {

	private static final Duration DEFAULT_ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

	private final DatabaseDefinition definition;

	private final DatabaseAvailability gate;

	private final List<MongoDatabaseConnector.Customizer> customizers;

	private final MongoPoolCounter pool;

	private final @Nullable QueryLog queryLog;

	/** Of the clients that have not begun to close. */
	private final Map<MongoClient, GatedSelector> selectors = new ConcurrentHashMap<>();

	private @Nullable MongoClient client;

	private @Nullable DatabaseConnectionDetails target;

	private @Nullable RotatingMongoClient rotating;

	private volatile int maximumPoolSize;

	ApplicationClient(DatabaseDefinition definition, DatabaseAvailability gate,
			List<MongoDatabaseConnector.Customizer> customizers, @Nullable QueryLog queryLog) {
		this.definition = definition;
		this.gate = gate;
		this.customizers = customizers;
		this.pool = new MongoPoolCounter(gate);
		this.queryLog = queryLog;
	}

	synchronized MongoClient get() {
		MongoClient client = this.client;
		if (client == null) {
			this.target = this.definition.connectionDetails().get();
			client = create(this.target);
			if (this.gate.isRotating()) {
				this.rotating = new RotatingMongoClient(client);
				client = this.rotating.getClient();
			}
			this.client = client;
		}
		return client;
	}

	private MongoClient create(DatabaseConnectionDetails target) {
		MongoClientSettings settings = MongoClientSettingsFactory.create(this.definition, target, this.customizers);
		this.maximumPoolSize = settings.getConnectionPoolSettings().getMaxSize();
		GatedSelector selector = new GatedSelector();
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
	 * Connect with the credentials of a target from now on, if they can change and are
	 * others.
	 * @return closes what is connected with the former ones
	 */
	synchronized Runnable use(DatabaseConnectionDetails target) {
		get();
		RotatingMongoClient rotating = this.rotating;
		if (rotating == null || this.target == target) {
			return () -> {
			};
		}
		this.target = target;
		MongoClient former = rotating.replace(create(target));
		return () -> {
			Objects.requireNonNull(this.selectors.remove(former)).closing = true;
			rotating.close(former);
		};
	}

	/**
	 * The maximum is that of each server of the deployment.
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
	 * Selects no server while the database is down, but for the client itself: it ends
	 * its sessions on the server when it is closed, and stays open if it cannot select
	 * one.
	 */
	private final class GatedSelector implements ServerSelector {

		private volatile boolean closing;

		@Override
		public List<ServerDescription> select(ClusterDescription cluster) {
			DatabaseOutage outage = this.closing ? null : ApplicationClient.this.gate.check(acquireTimeout());
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
