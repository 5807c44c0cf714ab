package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import io.appdbs.DatabaseOutage;
import io.appdbs.PoolUsage;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.lifecycle.DatabaseGate;
import io.appdbs.query.QueryLog;
import org.jspecify.annotations.Nullable;

/**
 * The client of the application. It selects no server while the database is down, so that
 * every operation fails at once.
 */
final class ApplicationClient {

	private static final Duration DEFAULT_ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

	private final DatabaseDefinition definition;

	private final DatabaseGate gate;

	private final List<MongoDatabaseConnector.Customizer> customizers;

	private final MongoPoolCounter pool;

	private final @Nullable QueryLog queryLog;

	private @Nullable MongoClient client;

	private @Nullable ConnectionTarget target;

	private @Nullable RotatingMongoClient rotating;

	private volatile int maximumPoolSize;

	ApplicationClient(DatabaseDefinition definition, DatabaseGate gate,
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
			this.target = this.definition.target().get();
			client = create(this.target);
			if (this.gate.isRotating()) {
				this.rotating = new RotatingMongoClient(client);
				client = this.rotating.getClient();
			}
			this.client = client;
		}
		return client;
	}

	private MongoClient create(ConnectionTarget target) {
		MongoClientSettings settings = MongoClientSettingsFactory.create(this.definition, target, this.customizers);
		this.maximumPoolSize = settings.getConnectionPoolSettings().getMaxSize();
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings)
			.applyToClusterSettings((cluster) -> cluster.serverSelector(this::select))
			.applyToConnectionPoolSettings((pool) -> pool.addConnectionPoolListener(this.pool));
		if (this.queryLog != null) {
			builder.addCommandListener(new QueryLogCommandListener(this.queryLog));
		}
		return MongoClients.create(builder.build());
	}

	private List<ServerDescription> select(ClusterDescription cluster) {
		Duration acquireTimeout = this.definition.settings().pool().acquireTimeout();
		DatabaseOutage outage = this.gate.check((acquireTimeout != null) ? acquireTimeout : DEFAULT_ACQUIRE_TIMEOUT);
		if (outage != null) {
			throw new MongoDatabaseDownException(outage);
		}
		return cluster.getServerDescriptions();
	}

	/**
	 * Connect with the credentials of a target from now on, if they can change and are
	 * others.
	 * @return closes what is connected with the former ones
	 */
	synchronized Runnable use(ConnectionTarget target) {
		get();
		RotatingMongoClient rotating = this.rotating;
		if (rotating == null || this.target == target) {
			return () -> {
			};
		}
		this.target = target;
		MongoClient former = rotating.replace(create(target));
		return () -> rotating.close(former);
	}

	/**
	 * The maximum is that of each server of the deployment.
	 */
	PoolUsage getPoolUsage() {
		return this.pool.getUsage(this.maximumPoolSize);
	}

	synchronized void close() {
		if (this.client != null) {
			this.client.close();
		}
	}

}
