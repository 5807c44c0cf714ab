package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import io.appdbs.DatabaseOutage;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PoolUsage;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseGate;
import io.appdbs.query.QueryLog;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a MongoDB database: a client of its own that probes it with {@code ping},
 * which needs no rights, and the client of the application. That one selects no server
 * while the database is down, so that every operation fails at once.
 */
public final class MongoDatabaseConnector implements DatabaseConnector {

	private static final Duration DEFAULT_ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

	private final DatabaseDefinition definition;

	private final DatabaseGate gate;

	private final List<Customizer> customizers;

	private final MongoPoolCounter pool;

	private final @Nullable QueryLog queryLog;

	private @Nullable MongoClient client;

	private volatile int maximumPoolSize;

	private volatile @Nullable MongoClient probe;

	private boolean closed;

	/**
	 * Create a new {@link MongoDatabaseConnector}.
	 * @param definition the database
	 * @param gate tells whether the database can be used
	 * @param customizers applied to the settings before those of the database, in order
	 * @param queryLog told of the commands of the application or {@code null}
	 */
	public MongoDatabaseConnector(DatabaseDefinition definition, DatabaseGate gate, List<Customizer> customizers,
			@Nullable QueryLog queryLog) {
		this.definition = definition;
		this.gate = gate;
		this.customizers = List.copyOf(customizers);
		this.pool = new MongoPoolCounter(gate);
		this.queryLog = queryLog;
	}

	/**
	 * Return the client of the application, which connects by itself.
	 * @return the client
	 */
	public synchronized MongoClient getClient() {
		if (this.client == null) {
			MongoClientSettings settings = settings(this.definition.target().get());
			this.maximumPoolSize = settings.getConnectionPoolSettings().getMaxSize();
			MongoClientSettings.Builder builder = MongoClientSettings.builder(settings)
				.applyToClusterSettings((cluster) -> cluster.serverSelector(this::select))
				.applyToConnectionPoolSettings((pool) -> pool.addConnectionPoolListener(this.pool));
			if (this.queryLog != null) {
				builder.addCommandListener(new QueryLogCommandListener(this.queryLog));
			}
			this.client = MongoClients.create(builder.build());
		}
		return this.client;
	}

	private List<ServerDescription> select(ClusterDescription cluster) {
		Duration acquireTimeout = this.definition.settings().pool().acquireTimeout();
		DatabaseOutage outage = this.gate.check((acquireTimeout != null) ? acquireTimeout : DEFAULT_ACQUIRE_TIMEOUT);
		if (outage != null) {
			throw new MongoDatabaseDownException(outage);
		}
		return cluster.getServerDescriptions();
	}

	@Override
	public ConnectedServer connect(ConnectionTarget target, Duration timeout) {
		MongoClient probe = MongoClients.create(probeSettings(target, timeout));
		try {
			MongoDatabase database = probe.getDatabase(databaseName(target));
			database.runCommand(new Document("ping", 1));
			String version = database.runCommand(new Document("buildInfo", 1)).getString("version");
			keep(probe);
			return new ConnectedServer(this.definition.engine(),
					"%s %s".formatted(this.definition.engine().getDisplayName(), version), List.of());
		}
		catch (RuntimeException ex) {
			probe.close();
			throw ex;
		}
	}

	private synchronized void keep(MongoClient probe) {
		if (this.closed) {
			throw new IllegalStateException("The application was closed meanwhile");
		}
		getClient();
		this.probe = probe;
	}

	@Override
	public void probe(Duration timeout) {
		MongoClient probe = this.probe;
		if (probe != null) {
			pingOnceMore(probe, timeout);
		}
	}

	/**
	 * A kept connection may be the only thing that is broken, so a new one decides.
	 */
	private void pingOnceMore(MongoClient client, Duration timeout) {
		try {
			ping(client, timeout);
		}
		catch (MongoSocketReadTimeoutException ex) {
			throw ex;
		}
		catch (MongoSocketException ex) {
			ping(client, timeout);
		}
	}

	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
		try {
			pingOnceMore(getClient(), timeout);
			return true;
		}
		catch (MongoException | MongoDatabaseDownException ex) {
			return false;
		}
	}

	private void ping(MongoClient client, Duration timeout) {
		client.getDatabase(databaseName(this.definition.target().get()))
			.withTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
			.runCommand(new Document("ping", 1));
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

	/**
	 * The maximum is that of each server of the deployment.
	 */
	@Override
	public @Nullable PoolUsage getPoolUsage() {
		return (this.probe != null) ? this.pool.getUsage(this.maximumPoolSize) : null;
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		throw new IllegalDatabaseOperationException(this.definition.name(),
				"The pool of database '%s' cannot be resized: MongoDB's driver reads its size once. Set 'app.dbs.%s.pool.max-size' and start the application again."
					.formatted(this.definition.name(), this.definition.name()));
	}

	private MongoClientSettings settings(ConnectionTarget target) {
		return MongoClientSettingsFactory.create(this.definition, target, this.customizers);
	}

	private MongoClientSettings probeSettings(ConnectionTarget target, Duration timeout) {
		long millis = timeout.toMillis();
		return MongoClientSettings.builder(settings(target))
			.applyToClusterSettings((cluster) -> cluster.serverSelectionTimeout(millis, TimeUnit.MILLISECONDS))
			.applyToSocketSettings((socket) -> socket.connectTimeout(millis, TimeUnit.MILLISECONDS)
				.readTimeout((int) millis, TimeUnit.MILLISECONDS))
			.applyToConnectionPoolSettings((pool) -> pool.minSize(0).maxSize(1))
			.build();
	}

	private static String databaseName(ConnectionTarget target) {
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
		if (this.client != null) {
			this.client.close();
		}
	}

	/**
	 * Customizes the settings of every client.
	 */
	@FunctionalInterface
	public interface Customizer {

		/**
		 * Customize the settings.
		 * @param builder the settings before those of the database are applied
		 */
		void customize(MongoClientSettings.Builder builder);

	}

}
