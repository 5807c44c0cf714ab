package io.appdbs.mongo;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.MongoClientSettings;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import com.mongodb.event.CommandListener;
import com.mongodb.selector.ServerSelector;
import io.appdbs.DatabaseOutage;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.MongoDbEngine;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.mongo.command.AuditCommandListener;
import io.appdbs.mongo.command.CommandLogs;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A client of the application, blocking or reactive. Selects no server while the database
 * is down, so that every operation fails at once.
 *
 * @param <C> the type of the client
 */
abstract class ApplicationClient<C extends Closeable> {

	private static final Duration DEFAULT_ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

	private final DatabaseDefinition definition;

	private final DatabaseAvailability availability;

	private final List<MongoDatabaseConnector.Customizer> customizers;

	private final MongoPoolCounter pool;

	private final CommandLogs logs;

	/** Shared by successive clients, whose requests and sessions differ. */
	private final @Nullable AuditCommandListener audit;

	/** The selectors of clients that are not being closed. */
	private final Map<C, FailFastServerSelector> selectors = new ConcurrentHashMap<>();

	private @Nullable C client;

	private @Nullable DatabaseConnectionDetails details;

	private volatile int maximumPoolSize;

	ApplicationClient(DatabaseDefinition definition, DatabaseAvailability availability,
			List<MongoDatabaseConnector.Customizer> customizers, MongoPoolCounter pool, CommandLogs logs) {
		this.definition = definition;
		this.availability = availability;
		this.customizers = customizers;
		this.pool = pool;
		this.logs = logs;
		this.audit = logs.createAuditListener();
	}

	/**
	 * Returns the client that the application uses.
	 */
	final synchronized C get() {
		C client = this.client;
		if (client == null) {
			this.details = this.definition.connectionDetails().get();
			client = begin(this.details);
			this.client = client;
		}
		return client;
	}

	/**
	 * Opens the first client of the driver.
	 * @return the client that the application uses
	 */
	C begin(DatabaseConnectionDetails details) {
		return expose(create(details));
	}

	/**
	 * Opens a client of the driver.
	 */
	abstract C open(MongoClientSettings settings);

	/**
	 * Returns the client that the application uses in place of the first client of the
	 * driver, and which the others replace.
	 */
	abstract C expose(C first);

	/**
	 * Uses another client of the driver from now on.
	 * @return the former one
	 */
	abstract C replace(C next);

	/**
	 * Closes a client of the driver that has been replaced.
	 */
	abstract void closeFormer(C former) throws IOException;

	/**
	 * Returns why no server can be selected, or {@code null} if one can.
	 */
	abstract @Nullable DatabaseOutage findOutage();

	final MongoClientSettings createSettings(DatabaseConnectionDetails details) {
		MongoClientSettings settings = MongoClientSettingsFactory.forApplication(
				MongoClientSettingsFactory.create(this.definition, details, this.customizers),
				this.definition.settings().mongo(), details);
		this.maximumPoolSize = settings.getConnectionPoolSettings().getMaxSize();
		return settings;
	}

	final C create(DatabaseConnectionDetails details) {
		MongoClientSettings settings = createSettings(details);
		FailFastServerSelector selector = new FailFastServerSelector();
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings)
			.applyToClusterSettings((cluster) -> cluster.serverSelector(selector))
			.applyToConnectionPoolSettings((pool) -> pool.addConnectionPoolListener(this.pool));
		logQueries(builder);
		if (this.audit != null) {
			builder.addCommandListener(this.audit);
		}
		C client = open(builder.build());
		this.selectors.put(client, selector);
		return client;
	}

	/**
	 * Returns settings with the query log of the application, without a time limit.
	 */
	final MongoClientSettings getSettingsForPreparations(DatabaseConnectionDetails details) {
		MongoClientSettings.Builder builder = MongoClientSettings.builder(MongoClientSettingsFactory
			.forMaintenance(MongoClientSettingsFactory.create(this.definition, details, this.customizers), null));
		logQueries(builder);
		return builder.build();
	}

	private void logQueries(MongoClientSettings.Builder builder) {
		CommandListener queryLog = this.logs.createQueryLogListener();
		if (queryLog != null) {
			builder.addCommandListener(queryLog);
		}
	}

	/**
	 * Returns where the client connects to, {@code null} if it has not been created.
	 */
	final synchronized @Nullable DatabaseConnectionDetails getDetails() {
		return this.details;
	}

	/**
	 * Connects with the given credentials and the current certificates from now on, if
	 * the client has been created, they can change and these details are others.
	 * @return closes the client with the former ones
	 */
	synchronized Runnable use(DatabaseConnectionDetails details) {
		if (this.client == null || !isReplaceable() || this.details == details) {
			return () -> {
			};
		}
		this.details = details;
		C former = replace(create(details));
		return () -> retire(former);
	}

	/**
	 * Closes a client of the driver that is no longer used.
	 */
	final void retire(C former) {
		Objects.requireNonNull(this.selectors.remove(former)).closing = true;
		try {
			closeFormer(former);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lets operations under way end although the database is about to be closed.
	 */
	final void endSelection() {
		this.selectors.values().forEach((selector) -> selector.closing = true);
	}

	final void setDetails(DatabaseConnectionDetails details) {
		this.details = details;
	}

	final MongoPoolCounter getPool() {
		return this.pool;
	}

	/**
	 * Returns whether the credentials or the certificates can change. The client of the
	 * driver keeps both.
	 */
	final synchronized boolean isReplaceable() {
		return this.availability.isRotating()
				|| (this.details != null && MongoDbEngine.getSslKey(this.details) != null);
	}

	/**
	 * Returns the maximum number of connections to each server of the deployment, 0 if
	 * the client has not been created.
	 */
	final int getMaximumPoolSize() {
		return this.maximumPoolSize;
	}

	/**
	 * Returns what records the units of work, or {@code null} without an audit.
	 */
	final @Nullable AuditTrail getAuditTrail() {
		return this.logs.trail();
	}

	final DatabaseAvailability getAvailability() {
		return this.availability;
	}

	final Duration getAcquireTimeout() {
		Duration timeout = this.definition.settings().pool().acquireTimeout();
		return (timeout != null) ? timeout : DEFAULT_ACQUIRE_TIMEOUT;
	}

	final synchronized void close() throws IOException {
		try {
			C client = this.client;
			if (client != null) {
				endSelection();
				closeLast(client);
			}
		}
		finally {
			if (this.audit != null) {
				this.audit.close();
			}
		}
	}

	/**
	 * Closes the client that the application uses.
	 */
	void closeLast(C client) throws IOException {
		client.close();
	}

	/**
	 * Selects no server while the database is down, unless the client is being closed:
	 * then it ends its sessions on the server, and stays open if it cannot select one.
	 */
	private final class FailFastServerSelector implements ServerSelector {

		private volatile boolean closing;

		@Override
		public List<ServerDescription> select(ClusterDescription cluster) {
			DatabaseOutage outage = this.closing ? null : findOutage();
			if (outage != null) {
				throw new MongoDatabaseDownException(outage);
			}
			return cluster.getServerDescriptions();
		}

	}

}
